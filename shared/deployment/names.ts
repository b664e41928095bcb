import type { ClusterConfiguration, Configuration, NotificationTopic } from '../core/configuration.ts';
import { ConfigError } from '../core/errors.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { pascalCase } from './template.ts';

/** One stack is one cluster in one Region: everything that its resources are named after. */
export type StackContext = {
  readonly configuration: Configuration;
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
  /** `aws`, `aws-cn` or `aws-us-gov`, from the cluster's ARN. */
  readonly partition: string;
  /** Every function that the stack has: the registry's, or a test's. */
  readonly functions: readonly FunctionDefinition[];
};

/** IAM, Lambda and Scheduler all end a name at 64 characters. */
const withinLimit = (kind: string, name: string): string => {
  if (name.length > 64) {
    throw new ConfigError(
      `the ${kind} "${name}" has ${name.length} characters, 64 are allowed: shorten the cluster key`,
    );
  }
  return name;
};

export const prefixOf = ({ clusterKey }: StackContext): string => `mskeeper-${clusterKey}`;

export const functionNameOf = (context: StackContext, slug: string): string =>
  withinLimit('function', `${prefixOf(context)}-${slug}`);

/** A slug that leaves no room for the longest key and Region in a role's name. */
const shortInRoles: Readonly<Record<string, string>> = { 'storage-scaling-run': 'storage-run' };

/** IAM is global: two Regions' stacks of one account must not fight for a role, so its name carries the Region. */
export const roleNameOf = (context: StackContext, slug: string): string =>
  withinLimit('role', `${prefixOf(context)}-${shortInRoles[slug] ?? slug}-${context.cluster.region}`);

export const scheduleNameOf = (context: StackContext, schedule: string): string =>
  withinLimit('schedule', `${prefixOf(context)}-${schedule}`);

export const topicNameOf = (context: StackContext, topic: NotificationTopic): string => `${prefixOf(context)}-${topic}`;

/**
 * What every alarm of this stack begins with and no other stack's does: a key holds dashes and no slash, so that
 * `orders` and `orders-eu` cannot be taken for each other.
 */
export const alarmPrefixOf = ({ clusterKey }: StackContext): string => `mskeeper/${clusterKey}/`;

/** `owner` is the procedure that an alarm wakes, or `self` for the watch over mskeeper. */
export const alarmNameOf = (context: StackContext, owner: string, ...parts: readonly string[]): string =>
  `${alarmPrefixOf(context)}${[owner, ...parts].join('/')}`;

/** An ARN in this stack's account and Region. */
export const arnOf = ({ partition, cluster }: StackContext, service: string, resource: string): string =>
  `arn:${partition}:${service}:${cluster.region}:${cluster.accountId}:${resource}`;

/** Logical ids that osls gives a function's resources (`cluster-health` → `ClusterDashhealthLambdaFunction`). */
export const functionLogicalId = (slug: string): string => {
  const normalised = slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${normalised}LambdaFunction`;
};
export const roleLogicalId = (slug: string): string => `${pascalCase(slug)}Role`;
export const topicLogicalId = (topic: NotificationTopic): string => `${pascalCase(topic)}Topic`;
export const bucketLogicalId = 'Bucket';
export const busLogicalId = 'Bus';

/** CloudWatch's own limit of metrics in one alarm's expression. */
export const mostMetricsInAnAlarm = 10;

export const topicKeyLogicalId = 'TopicKey';

/** osls' alias of a durable function's newest version. */
export const durableAlias = 'durable';

/**
 * A durable function's executions on every version: Lambda authorises these calls by the execution's ARN, which has a
 * version and never an alias (Lambda guide, "Security and permissions for Lambda durable functions").
 */
export const executionsOf = (context: StackContext, slug: string): string =>
  arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}:*/durable-execution/*/*`);
