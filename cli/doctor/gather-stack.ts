import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KafkaClient } from '@aws-sdk/client-kafka';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { ownAlarmsOf } from '../../infra/stack/alarms.ts';
import type { Composite } from '../../infra/stack/composite.ts';
import { fetchOwnAlarms, type MetricAlarm } from '../../shared/aws/cloudwatch-alarms.ts';
import { fetchClusterView } from '../../shared/aws/kafka-arm.ts';
import { fetchBootstrapServers } from '../../shared/aws/msk.ts';
import { splitServers } from '../../shared/core/bootstrap-servers.ts';
import { bareLook, type ClusterView } from '../../shared/core/cluster-view.ts';
import type { NotificationTopic, SelfTopic } from '../../shared/core/configuration.ts';
import { type Answered, ask } from '../../shared/core/known.ts';
import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import {
  alarmPrefixOf,
  amazonQTopicNameOf,
  arnOf,
  durableAlias,
  functionNameOf,
  selfTopicNameOf,
  topicNameOf,
} from '../../shared/deployment/names.ts';
import { fetchComposites, type ListedComposite } from '../account/alarms.ts';
import { askToFind } from '../account/find.ts';
import { fetchFunction, probeDurableFunctions } from '../account/functions.ts';
import { fetchSubscriptions } from '../account/subscriptions.ts';
import type { Target } from '../target.ts';
import type { StackFacts } from './stack.ts';
import type { SubscriptionFacts } from './subscriptions.ts';

/** What a deploy makes: functions, topics, alarms, the way to the brokers. */

/** Every function, and of a durable one the alias by which it is started. */
export const fetchStackFacts = async ({ context, calls, clientOf }: Target): Promise<StackFacts> => {
  const lambda = clientOf(LambdaClient);
  const names = context.functions.flatMap(({ slug, durable }) => {
    const name = functionNameOf(context, slug);
    return durable === undefined ? [name] : [name, `${name}:${durableAlias}`];
  });
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await askToFind(() => fetchFunction(lambda, calls, name))] as const),
    ),
  );
};

/** A name that no release gives a function: where Lambda knows the operation, it does not know the function. */
const nobody = 'mskeeper-doctor-asks-whether-durable-functions-are-offered';

export const fetchDurableOffer = ({ calls, clientOf }: Target): Promise<Answered<void>> =>
  ask(() => probeDurableFunctions(clientOf(LambdaClient), calls, nobody));

export const fetchSubscriptionFacts = async ({ context, calls, clientOf }: Target): Promise<SubscriptionFacts> => {
  const sns = clientOf(SNSClient);
  const fetchOf = (name: string) => ask(() => fetchSubscriptions(sns, calls, arnOf(context, 'sns', name)));
  const fetch = (topic: NotificationTopic) => fetchOf(topicNameOf(context, topic));
  const fetchSelf = (topic: SelfTopic) => fetchOf(selfTopicNameOf(context, topic));
  const ofAmazonQ = Promise.all(
    amazonQEndpointsOf(context).map(
      async ([name]) => [name, await fetchOf(amazonQTopicNameOf(context, name))] as const,
    ),
  );
  const [emergency, critical, warning, maintenance, operations] = await Promise.all([
    fetch('emergency'),
    fetch('critical'),
    fetch('warning'),
    fetch('maintenance'),
    fetch('operations'),
  ]);
  const [selfEmergency, selfCritical, selfWarning] = await Promise.all([
    fetchSelf('emergency'),
    fetchSelf('critical'),
    fetchSelf('warning'),
  ]);
  return {
    byTopic: {
      emergency,
      critical,
      warning,
      maintenance,
      operations,
      'self-emergency': selfEmergency,
      'self-critical': selfCritical,
      'self-warning': selfWarning,
    },
    byEndpoint: Object.fromEntries(await ofAmazonQ),
  };
};

export const fetchAlarmList = ({ context, calls, clientOf }: Target): Promise<Answered<readonly MetricAlarm[]>> =>
  ask(() => fetchOwnAlarms(clientOf(CloudWatchClient), calls, ownAlarmsOf(context)));

/** Nobody is asked where the stack has none. */
export const fetchCompositeList = (
  { context, calls, clientOf }: Target,
  expected: readonly Composite[],
): Promise<Answered<readonly ListedComposite[]>> =>
  ask(async () =>
    expected.length === 0 ? [] : fetchComposites(clientOf(CloudWatchClient), calls, alarmPrefixOf(context)),
  );

/** A look is given less than kafka-read's own limit of a minute. */
const withinMs = 40_000;
const patienceMs = 70_000;

/** Has kafka-read look at the brokers: metadata only, nothing of topics' settings, groups or sizes. */
export const fetchBrokerView = (
  { context, calls, clientOf }: Target,
  expectedBrokerIds: readonly number[],
): Promise<Answered<ClusterView>> =>
  ask(async () => {
    const { cluster } = context;
    const bootstrapServers =
      cluster.bootstrap === undefined
        ? await fetchBootstrapServers(clientOf(KafkaClient), calls, cluster.arn, cluster.authentication.kind)
        : splitServers(cluster.bootstrap);
    return fetchClusterView(
      clientOf(LambdaClient, { requestMs: 120_000, maxAttempts: 1 }),
      calls,
      functionNameOf(context, 'kafka-read'),
      { bootstrapServers, withinMs, patienceMs },
      { ...bareLook, expectedBrokerIds },
    );
  });
