import { type Configuration, notificationTopics } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { usualLogRetentionDays } from '../../shared/core/stack-settings.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  bucketLogicalId,
  busLogicalId,
  functionLogicalId,
  functionNameOf,
  prefixOf,
  roleLogicalId,
  type StackContext,
  topicLogicalId,
} from '../../shared/deployment/names.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import { mergeResources } from '../../shared/deployment/resources.ts';
import { getAtt, type Json, type JsonObject, type Resources, ref } from '../../shared/deployment/template.ts';
import type { StackParts } from '../functions.ts';
import { accessLogResources } from './access-log.ts';
import { alarmResources, tellingPrefixesOf } from './alarms.ts';
import { approverResources } from './approver.ts';
import { bounded } from './boundary.ts';
import { bucketResources } from './bucket.ts';
import { busResources } from './bus.ts';
import { channelResources } from './channels.ts';
import { clusterClaimResources } from './cluster-claim.ts';
import { stackContextOf } from './context.ts';
import { intakeResources, intakeRuleIdsOf } from './durable.ts';
import { deploymentBucketOf, extensionsOf } from './extensions.ts';
import { inboxResources, inboxRuleIdsOf } from './inboxes.ts';
import { requireLimits } from './limits/require.ts';
import { whereOf } from './permissions.ts';
import { queueLogicalId, queueResources } from './queues.ts';
import { roleResources } from './roles.ts';
import { tagged } from './tags.ts';
import { alarmRuleIdsOf, schedulerRoleLogicalId, wakerResources } from './wakers.ts';

/**
 * CloudFormation's limit. osls adds a function and a log group each, a version and an alias to durable ones, the
 * deployment bucket and its policy.
 */
export const mostResources = 500;
const countResourcesOfOsls = ({ functions }: StackContext): number =>
  2 * functions.length + 2 * functions.filter(({ durable }) => durable !== undefined).length + 2;

/** What serverless.yml includes. */
export type Stack = {
  readonly stackName: string;
  readonly region: string;
  readonly stage: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, JsonObject>>;
  readonly logRetentionDays: number;
  /** How osls uploads bundles and templates: by the user's key, or by what the bucket does by itself. */
  readonly deploymentBucket: JsonObject;
  /** Read by npm run deploy: no property of a template says it. */
  readonly terminationProtection: boolean;
  readonly resources: Resources;
  readonly extensions: ReturnType<typeof extensionsOf>;
  readonly outputs: JsonObject;
};

/** What every function has, and what its declared calls need. */
const environmentOf = (context: StackContext, definition: FunctionDefinition): JsonObject => ({
  MSKEEPER_CLUSTER: context.clusterKey,
  POWERTOOLS_SERVICE_NAME: definition.slug,
  POWERTOOLS_METRICS_NAMESPACE: 'mskeeper',
  ...Object.assign(
    {},
    ...Object.keys(definition.calls).map((name) => operationOf(name).variables?.(whereOf(context, definition)) ?? {}),
  ),
});

const functionOf = (context: StackContext, definition: FunctionDefinition): JsonObject => {
  const { network, stack: { reservedConcurrency = {} } = {} } = context.cluster;
  const environmentKey = ownKeyOf(context, 'environment');
  const reserved = Object.hasOwn(reservedConcurrency, definition.slug)
    ? reservedConcurrency[definition.slug]
    : undefined;
  return {
    name: functionNameOf(context, definition.slug),
    handler: definition.handler,
    description: definition.description,
    memorySize: definition.memoryMiB,
    timeout: definition.timeoutSeconds,
    role: getAtt(roleLogicalId(definition.slug), 'Arn'),
    environment: environmentOf(context, definition),
    ...(environmentKey !== undefined && { kmsKeyArn: environmentKey }),
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    ...(definition.durable !== undefined && {
      durableConfig: {
        executionTimeout: definition.durable.executionTimeoutDays * 86_400,
        retentionPeriodInDays: definition.durable.retentionDays,
      },
      // The event of an execution that ended badly; destinations and retries do not exist for durable functions.
      onError: getAtt(queueLogicalId('failed-runs'), 'Arn'),
    }),
    ...(definition.isInVpc && {
      vpc: { subnetIds: network.subnetIds, securityGroupIds: network.securityGroupIds },
    }),
  };
};

/** What osls will put into the template as it stands here. */
const lambdaResourcesOf = (context: StackContext): Resources => {
  const { subnetIds, securityGroupIds } = context.cluster.network;
  const VpcConfig = { SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds };
  return Object.fromEntries(
    context.functions.map((one) => [
      functionLogicalId(one.slug),
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: functionNameOf(context, one.slug),
          Handler: one.handler,
          Description: one.description,
          Environment: { Variables: environmentOf(context, one) },
          ...(one.isInVpc && { VpcConfig }),
        },
      },
    ]),
  );
};

const outputs: JsonObject = {
  ReportBucket: { Description: 'Reports and state; stays when the stack is removed', Value: ref(bucketLogicalId) },
  BusName: { Description: 'Findings, one event each', Value: ref(busLogicalId) },
  ...Object.fromEntries(
    notificationTopics.map((topic): [string, Json] => [
      `${topicLogicalId(topic)}Arn`,
      { Value: ref(topicLogicalId(topic)) },
    ]),
  ),
};

/**
 * One cluster's stack.
 *
 * @param nowMs the moment of packaging; now, where it is not given
 * @throws ConfigError where the key is unknown, two resources would be one, the stack would not fit CloudFormation, or a part of
 *   it what its service takes
 */
export const buildStack = (
  configuration: Configuration,
  clusterKey: string,
  parts?: StackParts,
  nowMs?: number,
): Stack => {
  const context = stackContextOf(configuration, clusterKey, parts, nowMs);
  const tags = { ...context.cluster.stack?.tags, 'mskeeper:cluster': clusterKey, 'mskeeper:stack': prefixOf(context) };
  const alarms = alarmResources(context, parts);
  const resources = bounded(
    context,
    tagged(
      tags,
      mergeResources(
        bucketResources(context),
        accessLogResources(context),
        clusterClaimResources(context),
        busResources(context),
        channelResources(context),
        queueResources(context, schedulerRoleLogicalId, [
          ...alarmRuleIdsOf(context),
          ...intakeRuleIdsOf(context),
          ...inboxRuleIdsOf(context),
        ]),
        roleResources(context),
        wakerResources(context),
        intakeResources(context),
        inboxResources(context, tellingPrefixesOf(context, parts)),
        approverResources(context),
        alarms,
      ),
    ),
  );
  const count = Object.keys(resources).length + countResourcesOfOsls(context);
  if (count > mostResources) {
    throw new ConfigError(
      `the stack of "${clusterKey}" would have ${count} resources, CloudFormation allows ${mostResources}: ` +
        `${Object.keys(alarms).length} are alarms for ${context.cluster.brokerCount} brokers. ` +
        'Name fewer topics and groups letter by letter, since each pair of them has alarms of its own',
    );
  }
  requireLimits(clusterKey, { ...resources, ...lambdaResourcesOf(context) });
  return {
    stackName: prefixOf(context),
    region: context.cluster.region,
    stage: clusterKey,
    tags,
    functions: Object.fromEntries(context.functions.map((one) => [one.slug, functionOf(context, one)])),
    terminationProtection: context.cluster.stack?.terminationProtection === true,
    logRetentionDays: context.cluster.stack?.logRetentionDays ?? usualLogRetentionDays,
    deploymentBucket: deploymentBucketOf(context, tags),
    resources,
    extensions: extensionsOf(context, tags),
    outputs,
  };
};
