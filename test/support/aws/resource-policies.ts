import { addCoreServices } from '../../../local/aws/core-services.ts';
import { evaluateAccess } from '../../../local/aws/iam/evaluate.ts';
import { type Policy, parsePolicy } from '../../../local/aws/iam/policy.ts';
import { createStack } from '../../../local/aws/template/create-stack.ts';
import { type AwsWorld, createAwsWorld } from '../../../local/aws/world.ts';
import { manualClock } from '../../../local/clock.ts';
import type { Resource, Resources } from '../../../shared/deployment/template.ts';
import { ACCOUNT_ID, REGION, START_MS } from './aws.ts';

/** What others may speak to, and who speaks: all that has a policy, and what those policies name. */
const withPolicies = [
  'AWS::Events::EventBus',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
];

/** Roles may name a part of a policy that is not made here. */
const isMade = ({ Type }: Resource): boolean => withPolicies.includes(Type);

/** Makes what of a stack has policies in the stand-in's services, and says by what ARN each is called. */
export const makePolicies = async (world: AwsWorld, resources: Resources): Promise<(logicalId: string) => string> => {
  const chosen = Object.fromEntries(Object.entries(resources).filter(([, resource]) => isMade(resource)));
  const stack = await createStack(world, { Resources: chosen }, { stackName: 'mskeeper-orders' });
  return (logicalId) => {
    const made = stack.resources.get(logicalId);
    if (made === undefined) throw new Error(`the stack has no ${logicalId}`);
    return made.attributes.Arn ?? made.attributes.TopicArn ?? made.ref;
  };
};

/** The same in an account of its own, without a server. */
export const openPolicies = async (resources: Resources) => {
  const world = createAwsWorld({ clock: manualClock(START_MS), accountId: ACCOUNT_ID, region: REGION });
  addCoreServices(world);
  const arnOf = await makePolicies(world, resources);
  return { world, arnOf };
};

/** Everything anywhere: what too many roles of an account have. */
const wide = parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

export type Asked = {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  /** The role's own; without them it may do everything. */
  readonly identityPolicies?: readonly Policy[];
  /** A service that asks for itself, in a role's place: it has no ARN and no policies of its own. */
  readonly service?: string;
};

/** Whether a session of a role, or a service, may do something, where a resource has this policy. */
export const isAllowedBy = (policy: Policy, asked: Asked): boolean => {
  const { roleArn, action, resource, context = {}, identityPolicies = [wide], service } = asked;
  if (service !== undefined)
    return evaluateAccess({
      principal: { kind: 'service', service },
      action,
      resource,
      context: { 'aws:SecureTransport': 'true', 'aws:PrincipalIsAWSService': 'true', ...context },
      identityPolicies: [],
      resourcePolicies: [policy],
    }).allowed;
  const sessionArn = `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`;
  return evaluateAccess({
    principal: { kind: 'role', roleArn, sessionArn },
    action,
    resource,
    context: {
      'aws:SecureTransport': 'true',
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalArn': roleArn,
      ...context,
    },
    identityPolicies,
    resourcePolicies: [policy],
  }).allowed;
};
