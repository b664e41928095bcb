import type { ClusterConfiguration, Configuration, NotificationTopic, SelfTopic } from '../core/configuration.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { mostCharactersOf } from './limits.ts';
import { fitName, joinParts, logicalIdOf } from './names-of-parts.ts';

/** One stack is one cluster in one Region: everything that its resources are named after. */
export type StackContext = {
  readonly configuration: Configuration;
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
  /** `aws`, `aws-cn`, `aws-us-gov`, from the cluster's ARN. */
  readonly partition: string;
  /** Every function that the stack has: the registry's, or a test's. */
  readonly functions: readonly FunctionDefinition[];
  /** The moment of packaging. */
  readonly nowMs: number;
};

export const prefixOf = ({ clusterKey }: StackContext): string => `mskeeper-${clusterKey}`;

export const functionNameOf = (context: StackContext, slug: string): string =>
  fitName(`${prefixOf(context)}-${slug}`, mostCharactersOf('AWS::Lambda::Function', 'FunctionName'));

/** IAM is global: two Regions' stacks of one account must not fight for a role, so its name carries the Region. */
export const roleNameOf = (context: StackContext, slug: string): string =>
  fitName(`${prefixOf(context)}-${slug}-${context.cluster.region}`, mostCharactersOf('AWS::IAM::Role', 'RoleName'));

export const scheduleNameOf = (context: StackContext, schedule: string): string =>
  fitName(`${prefixOf(context)}-${schedule}`, mostCharactersOf('AWS::Scheduler::Schedule', 'Name'));

/** @param what what the rule hears: `alarms`, `run-ended`, `bus` */
export const ruleNameOf = (context: StackContext, slug: string, what: string): string =>
  fitName(`${prefixOf(context)}-${slug}-${what}`, mostCharactersOf('AWS::Events::Rule', 'Name'));

export const topicNameOf = (context: StackContext, topic: NotificationTopic): string =>
  fitName(`${prefixOf(context)}-${topic}`, mostCharactersOf('AWS::SNS::Topic', 'TopicName'));
export const queueNameOf = (context: StackContext, queue: string): string =>
  fitName(`${prefixOf(context)}-${queue}`, mostCharactersOf('AWS::SQS::Queue', 'QueueName'));

/**
 * What every alarm of this stack begins with and no other stack's does: a key holds dashes and no slash, so that
 * `orders` and `orders-eu` cannot be taken for each other.
 */
export const alarmPrefixOf = ({ clusterKey }: StackContext): string => `mskeeper/${clusterKey}/`;

/** What the names of the alarms begin with that wake a procedure; `self` for the watch over mskeeper. */
export const alarmOwnerPrefixOf = (context: StackContext, owner: string): string =>
  `${alarmPrefixOf(context)}${owner}/`;

/**
 * @param owner the procedure that an alarm wakes, or `self` for the watch over mskeeper
 * @param subject already one text, made of user's words by `joinParts`
 */
export const alarmNameOf = (
  context: StackContext,
  owner: string,
  parts: readonly string[],
  subject: string | undefined,
): string => {
  const name = `${alarmOwnerPrefixOf(context, owner)}${joinParts(...parts)}`;
  const most = mostCharactersOf('AWS::CloudWatch::Alarm', 'AlarmName');
  return fitName(subject === undefined ? name : `${name}/${subject}`, most);
};

/** The parameter that says which stack keeps the cluster: its name follows from the cluster's ARN, and from nothing that a file chose. */
export const clusterClaimNameOf = ({ cluster }: StackContext): string =>
  `/mskeeper/claims/${cluster.name}/${cluster.arn.split('/').at(-1)}`;

/** An ARN in this stack's account and Region. */
export const arnOf = ({ partition, cluster }: StackContext, service: string, resource: string): string =>
  `arn:${partition}:${service}:${cluster.region}:${cluster.accountId}:${resource}`;

/** A parameter's ARN, which has one slash before its name, whether or not the name begins with one. */
export const parameterArnOf = (context: StackContext, name: string): string =>
  arnOf(context, 'ssm', `parameter/${name.replace(/^\//, '')}`);

/** What osls makes of a function's key for its resources' logical ids (`cluster-health` → `ClusterDashhealth`). */
const normalised = (slug: string): string =>
  slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
export const functionLogicalId = (slug: string): string => `${normalised(slug)}LambdaFunction`;
export const logGroupLogicalId = (slug: string): string => `${normalised(slug)}LogGroup`;
export const roleLogicalId = (slug: string): string => logicalIdOf('Role', slug);
export const topicLogicalId = (topic: NotificationTopic): string => logicalIdOf('Topic', topic);
export const selfTopicLogicalId = (topic: SelfTopic): string => logicalIdOf('Topic', 'self', topic);
/** Behind an underscore, which no key has: `critical` of a cluster `orders-self` is another topic. */
export const selfTopicNameOf = (context: StackContext, topic: SelfTopic): string =>
  fitName(`${prefixOf(context)}_self_${topic}`, mostCharactersOf('AWS::SNS::Topic', 'TopicName'));

/** An underscore stands neither in a key nor in an endpoint's name: these stay apart from the topics of people, and those of mskeeper itself, which have two. */
export const amazonQTopicNameOf = (context: StackContext, endpoint: string): string =>
  fitName(`${prefixOf(context)}_${endpoint}`, mostCharactersOf('AWS::SNS::Topic', 'TopicName'));
export const amazonQTopicLogicalId = (endpoint: string): string => logicalIdOf('AmazonQTopic', endpoint);
/** Amazon Q's configurations are the account's, whatever the Region. */
export const amazonQConfigurationNameOf = (context: StackContext, endpoint: string): string =>
  fitName(
    `${prefixOf(context)}_${endpoint}_${context.cluster.region}`,
    mostCharactersOf('AWS::Chatbot::SlackChannelConfiguration', 'ConfigurationName'),
  );

export const bucketLogicalId = 'Bucket';
export const busLogicalId = 'Bus';

export const topicKeyLogicalId = 'TopicKey';

/** osls' alias of a durable function's newest version. */
export const durableAlias = 'durable';

/**
 * A durable function's executions on every version: Lambda authorises these calls by the execution's ARN, which has a
 * version and never an alias (Lambda guide, "Security and permissions for Lambda durable functions").
 */
export const executionsOf = (context: StackContext, slug: string): string =>
  arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}:*/durable-execution/*/*`);
