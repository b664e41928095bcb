import { describe, expect, test } from 'vitest';
import { evaluateClusterHealth } from '../../../../../../functions/health/cluster-health/core/evaluate.ts';
import { planMetrics } from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import { checksOfRule } from '../../../../../../functions/health/incident/core/judged-by.ts';
import { presetNames } from '../../../../../../infra/configuration/file-schema.ts';
import { alarmsOf } from '../../../../../../infra/stack/alarms.ts';
import type { ClusterConfiguration } from '../../../../../../shared/core/configuration.ts';
import type { Limit } from '../../../../../../shared/core/policy.ts';
import type { StackContext } from '../../../../../../shared/deployment/names.ts';
import {
  fullView,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  minuteMs,
  mskObservation,
  noonMs,
  partitionView,
  questionsOf,
  series,
  topicView,
} from '../../../../../support/health/builders.ts';
import { everything } from '../../../../infra/stack/alarm-oracle.ts';
import { contextWith } from '../../../../infra/stack/stack-under-test.ts';

/** A number for all that may have an alarm, at each level that pages. */
const all: Limit = { warning: 1, critical: 2, emergency: 3 };
const limits = {
  diskUsedPercent: all,
  cpuUsedPercent: all,
  memoryUsedPercent: all,
  heapAfterGcPercent: all,
  networkUsedPercent: all,
  brokersUnreachable: all,
  offlinePartitions: all,
  underReplicatedPartitions: all,
  underMinIsrPartitions: all,
  producerRequestMs: all,
  messagesInPerSecond: all,
};
const floors = {
  requestHandlerIdlePercent: all,
  messagesInPerSecond: all,
  topicMessagesInPerSecond: all,
  topicBytesInPerSecond: all,
};

const withEveryNumber = (change: Partial<ClusterConfiguration>): StackContext => {
  const context = contextWith({ ...everything, ...change });
  const { configuration } = context;
  return { ...context, configuration: { ...configuration, policy: { ...configuration.policy, limits, floors } } };
};

const clusters: readonly (readonly [string, Partial<ClusterConfiguration>])[] = [
  ['three Standard brokers', {}],
  ['three Standard brokers with ZooKeeper', { metadataMode: 'zookeeper' }],
  ['twelve Standard brokers', { brokerCount: 12 }],
  ['three Express brokers', { brokerKind: 'express' }],
  ['Serverless', { brokerKind: 'serverless', brokerCount: 0 }],
];
const contexts: readonly (readonly [string, StackContext])[] = [
  ...clusters.map(([name, change]) => [`${name}, every number named`, withEveryNumber(change)] as const),
  ...presetNames.map((preset) => [`preset ${preset}`, contextWith(everything, preset)] as const),
];

const still: Readonly<Record<string, number>> = {
  OfflinePartitionsCount: 0,
  UnderReplicatedPartitions: 0,
  UnderMinIsrPartitionCount: 0,
  GlobalTopicCount: 1,
  GlobalPartitionCount: 1,
};

/** The checks of which looks of a cluster find something, and leave nothing out, while everything answers: of the day, of the half hour. */
function judgedOf({ cluster, configuration }: StackContext): ReadonlySet<string> {
  const { brokerKind, brokerCount, brokerIds, metadataMode, monitoringLevel, topics } = cluster;
  const ids = brokerIds.length === 0 ? [1, 2, 3] : brokerIds;
  const expected = healthExpectation({
    ...{ brokerKind, brokerCount, brokerIds, metadataMode, monitoringLevel },
    criticalTopics: topics.critical,
    flowingTopics: topics.flowing,
  });
  const looks = (['full', 'light'] as const).flatMap((depth) => {
    const asked = { ...questionsOf('full'), depth, isThroughputAsked: true };
    const usual = fullView();
    const [broker] = usual.brokers;
    const seen = healthObservation({
      ...asked,
      msk: known(mskObservation({ kind: brokerKind, brokerCount })),
      nodes: known(ids),
      view: known({
        ...usual,
        brokers: ids.flatMap((id) => (broker === undefined ? [] : [{ ...broker, id, host: `b-${id}.example.test` }])),
        topics: [
          topicView('orders', [partitionView(0, { latestOffset: 90_000n })], {
            settings: { 'min.insync.replicas': '2' },
          }),
        ],
        witnesses: usual.witnesses?.map((one) => ({ ...one, brokerIds: ids })) ?? [],
      }),
      metrics: known(planMetrics(asked, expected, ids).map((request) => series(request, still[request.metric] ?? 1))),
      previous: known(
        healthState({ offsetsByTopic: { orders: { atMs: noonMs - 10 * minuteMs, latestByPartition: { 0: '5' } } } }),
      ),
    });
    const { findings, judgedChecks } = evaluateClusterHealth(seen, expected, configuration.policy);
    return judgedChecks.filter((check) => findings.some((one) => one.check === check));
  });
  return new Set(looks);
}

describe.each(contexts)('of %s', (_name, context) => {
  const rules = [...new Set(alarmsOf(context).map(({ owner, slug }) => `${owner} ${slug}`))];
  const judged = judgedOf(context);

  test.each(rules)('each alarm can end: %s', (name) => {
    const [owner = '', rule = ''] = name.split(' ');
    const checks = checksOfRule(owner, rule);
    // A look that judges it whole, or CloudWatch's own OK: and that only where no look does.
    for (const check of checks) expect(judged).toContain(check);
    if (checks.length === 0 && owner === 'cluster-health') expect(judged).not.toContain(rule);
  });
});

test('there are alarms of every owner, and of each rule that cluster-health may have one of', () => {
  const rules = contexts.flatMap(([, context]) => alarmsOf(context).map(({ owner, slug }) => `${owner} ${slug}`));
  for (const rule of [
    'not-flowing',
    'low-traffic',
    'low-bytes',
    'high-throughput',
    'low-throughput',
    'no-controller',
  ]) {
    expect(rules).toContain(`cluster-health ${rule}`);
  }
  expect(new Set(rules.map((one) => one.split(' ', 1)[0]))).toEqual(
    new Set(['cluster-health', 'consumer-lag', 'storage-scaling', 'self']),
  );
});
