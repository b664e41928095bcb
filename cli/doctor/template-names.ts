import { arnOf, functionLogicalId, functionNameOf, type StackContext } from '../../shared/deployment/names.ts';
import type { Json, Resource, Resources } from '../../shared/deployment/template.ts';

/** Names that CloudFormation chooses, so that only the deployed stack knows them. */
export type ChosenNames = { readonly bucketName?: string; readonly topicKeyArn?: string };

/** A property that is a text in the template; empty where it is none. */
export const textAt = (resource: Resource, property: string): string => {
  const value = resource.Properties[property];
  return typeof value === 'string' ? value : '';
};

/** What `Ref` and `Fn::GetAtt Arn` give of a resource whose name the template says. */
const namesOf = (
  context: StackContext,
  resource: Resource,
  chosen: ChosenNames,
): { readonly ref?: string; readonly arn?: string } => {
  const named = (service: string, property: string, prefix = '') => {
    const name = textAt(resource, property);
    return { ref: name, arn: arnOf(context, service, `${prefix}${name}`) };
  };
  switch (resource.Type) {
    case 'AWS::SNS::Topic': {
      const { arn } = named('sns', 'TopicName');
      return { ref: arn, arn };
    }
    case 'AWS::SQS::Queue':
      return named('sqs', 'QueueName');
    case 'AWS::Events::EventBus':
      return named('events', 'Name', 'event-bus/');
    case 'AWS::Events::Rule':
      return named('events', 'Name', 'rule/');
    case 'AWS::Scheduler::ScheduleGroup':
      return named('scheduler', 'Name', 'schedule-group/');
    case 'AWS::IAM::Role': {
      const ref = textAt(resource, 'RoleName');
      return { ref, arn: `arn:${context.partition}:iam::${context.cluster.accountId}:role/${ref}` };
    }
    case 'AWS::S3::Bucket':
      return chosen.bucketName === undefined
        ? {}
        : { ref: chosen.bucketName, arn: `arn:${context.partition}:s3:::${chosen.bucketName}` };
    case 'AWS::KMS::Key':
      return chosen.topicKeyArn === undefined ? {} : { arn: chosen.topicKeyArn };
    default:
      return {};
  }
};

/** Gives the text of a template's value, or undefined where it refers to a name that nobody here knows. */
export type Resolve = (value: Json) => string | undefined;

const pairAt = (value: Json): readonly [Json | undefined, Json | undefined] =>
  Array.isArray(value) ? [value[0], value[1]] : [undefined, undefined];

/** What CloudFormation will make of `Ref`, `Fn::GetAtt` of an ARN and `Fn::Join` in this stack. */
export const createResolve = (context: StackContext, resources: Resources, chosen: ChosenNames): Resolve => {
  const functionArnById = new Map(
    context.functions.map(({ slug }) => [
      functionLogicalId(slug),
      arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}`),
    ]),
  );
  const namesById = (id: string) => {
    const resource = resources[id];
    return resource === undefined ? {} : namesOf(context, resource, chosen);
  };
  const resolve: Resolve = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const [entry] = Object.entries(value);
    if (entry === undefined) return undefined;
    const [operation, argument] = entry;
    if (operation === 'Ref') return typeof argument === 'string' ? namesById(argument).ref : undefined;
    const [first, second] = pairAt(argument);
    if (operation === 'Fn::GetAtt' && typeof first === 'string' && second === 'Arn')
      return functionArnById.get(first) ?? namesById(first).arn;
    if (operation === 'Fn::Join' && typeof first === 'string' && Array.isArray(second)) {
      const parts = second.map(resolve);
      return parts.every((part) => part !== undefined) ? parts.join(first) : undefined;
    }
    return undefined;
  };
  return resolve;
};
