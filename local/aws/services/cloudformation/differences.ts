import { isDeepStrictEqual } from 'node:util';
import type { ResourceChange } from '@aws-sdk/client-cloudformation';
import { isRecord } from '../../template/intrinsics.ts';

/**
 * Properties that make a new resource of the types of ours: `createOnlyProperties` of the types' schemas in CloudFormation's
 * registry, as pulumi-aws-native kept them on 2026-08-07. A type that is not here is not judged: "Conditional".
 */
const createOnly: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName', 'BucketNamePrefix', 'BucketNamespace'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType', 'TenancyConfig'],
  'AWS::Lambda::Alias': ['Name', 'FunctionName'],
  'AWS::Lambda::Version': [
    'FunctionName',
    'Description',
    'CodeSha256',
    'ProvisionedConcurrencyConfig',
    'RuntimePolicy',
  ],
  'AWS::Lambda::Permission': ['FunctionName', 'SourceAccount', 'SourceArn', 'Principal', 'Action'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::Events::EventBusPolicy': ['EventBusName', 'StatementId'],
  'AWS::Events::Rule': ['Name'],
  'AWS::Scheduler::ScheduleGroup': ['Name'],
  'AWS::Scheduler::Schedule': ['Name'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SNS::Subscription': ['Endpoint', 'Protocol', 'TopicArn'],
  'AWS::KMS::Key': [],
  'AWS::SSM::Parameter': ['Name'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
};

type Declared = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const resourcesIn = (template: string): Declared => {
  const document: unknown = JSON.parse(template);
  const resources = isRecord(document) && isRecord(document.Resources) ? document.Resources : {};
  return Object.fromEntries(Object.entries(resources).map(([id, one]) => [id, isRecord(one) ? one : {}]));
};

const propertiesOf = (resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  isRecord(resource.Properties) ? resource.Properties : {};

const keptBy = (policy: unknown): boolean => policy === 'Retain' || policy === 'RetainExceptOnCreate';

/** What a change set says of a template that takes another's place, resource by resource (API Reference, ResourceChange). */
export const differencesOf = (before: string, after: string): readonly ResourceChange[] => {
  const [old, next] = [resourcesIn(before), resourcesIn(after)];
  const added = Object.entries(next).flatMap(([LogicalResourceId, { Type }]): readonly ResourceChange[] =>
    old[LogicalResourceId] === undefined ? [{ Action: 'Add', LogicalResourceId, ResourceType: String(Type) }] : [],
  );
  const removed = Object.entries(old).flatMap(([LogicalResourceId, one]): readonly ResourceChange[] =>
    next[LogicalResourceId] === undefined
      ? [
          {
            Action: 'Remove',
            LogicalResourceId,
            ResourceType: String(one.Type),
            PolicyAction: keptBy(one.DeletionPolicy) ? 'Retain' : 'Delete',
          },
        ]
      : [],
  );
  const modified = Object.entries(next).flatMap(([LogicalResourceId, one]): readonly ResourceChange[] => {
    const was = old[LogicalResourceId];
    if (was === undefined || isDeepStrictEqual(was, one)) return [];
    const type = String(one.Type);
    const [properties, former] = [propertiesOf(one), propertiesOf(was)];
    const decisive = createOnly[type];
    const isReplaced = decisive?.some((name) => !isDeepStrictEqual(properties[name], former[name]));
    return [
      {
        Action: 'Modify',
        LogicalResourceId,
        ResourceType: type,
        Replacement: decisive === undefined ? 'Conditional' : isReplaced === true ? 'True' : 'False',
        ...(isReplaced === true && {
          PolicyAction: keptBy(one.UpdateReplacePolicy) ? 'ReplaceAndRetain' : 'ReplaceAndDelete',
        }),
      },
    ];
  });
  return [...added, ...removed, ...modified];
};
