import type { Limit } from '../shared/policy.ts';
import type { Alarm, AlarmPlan, Signal } from './alarm.ts';
import { brokerIdsOf, type Level, levelsOf } from './alarm-levels.ts';
import { mskMetric, ofBroker, ofCluster, whyNotEmitted } from './metrics.ts';
import { mostMetricsInAnAlarm, type StackContext } from './names.ts';

const clusterAlarm = (level: Level, alarm: Pick<Alarm, 'slug' | 'signal' | 'missing' | 'sentence'>): Alarm => ({
  owner: 'cluster-health',
  section: 'cluster-health',
  severity: level.severity,
  comparison: 'GreaterThanThreshold',
  threshold: level.threshold,
  periodSeconds: level.periodSeconds,
  evaluationPeriods: level.evaluationPeriods,
  ...alarm,
});

const offlinePartitions = (context: StackContext): readonly Alarm[] =>
  levelsOf(context.configuration.policy.limits.offlinePartitions).map((level) =>
    clusterAlarm(level, {
      slug: 'offline-partitions',
      // The controller alone counts them, every other broker says 0: Maximum (RUNBOOK section 6.5).
      signal: { kind: 'metric', metric: mskMetric(context.cluster, 'OfflinePartitionsCount') },
      missing: {
        treatment: 'missing',
        because: 'unknown; brokers-unreachable and no-controller tell of a silent cluster',
      },
      sentence: `more than ${level.threshold} partitions have no leader${level.duration}: they can be neither written nor read.`,
    }),
  );

/** No policy names a number for it: a cluster has one controller. On KRaft the metric proves nothing, so it only wakes a look. */
const noController = ({ cluster }: StackContext): readonly Alarm[] => {
  const isProof = cluster.metadataMode === 'zookeeper';
  const alarm: Alarm = {
    owner: 'cluster-health',
    section: 'cluster-health',
    slug: 'no-controller',
    severity: isProof ? 'emergency' : 'warning',
    signal: { kind: 'metric', metric: mskMetric(cluster, 'ActiveControllerCount') },
    comparison: 'LessThanThreshold',
    threshold: 1,
    periodSeconds: 60,
    evaluationPeriods: 5,
    missing: isProof
      ? { treatment: 'breaching', because: 'breaching, since some broker is the controller and says so every minute' }
      : {
          treatment: 'notBreaching',
          because: 'fine, since on KRaft the controllers are nodes of MSK that may not report',
        },
    sentence: isProof
      ? 'no broker has been the controller for 5 min: no leader can be elected.'
      : 'MSK has counted no controller for 5 min. On KRaft that is no proof: cluster-health asks the quorum.',
  };
  return [alarm];
};

/** mskeeper's own metric: none of MSK's says that a broker is down (H2, I9). */
const brokersUnreachable = ({ configuration, cluster, clusterKey }: StackContext): readonly Alarm[] => {
  const limit = configuration.policy.limits.brokersUnreachable ?? { critical: 0 };
  const withWhole: Limit = { ...limit, emergency: limit.emergency ?? Math.max(0, cluster.brokerCount - 1) };
  return levelsOf(withWhole).map((level) => ({
    ...clusterAlarm(level, {
      slug: 'brokers-unreachable',
      signal: {
        kind: 'metric',
        metric: {
          namespace: 'mskeeper',
          name: 'BrokersUnreachable',
          dimensions: { Cluster: clusterKey },
          statistic: 'Maximum',
        },
      },
      missing: {
        treatment: 'ignore',
        because:
          'the state stays, since the light check speaks once per schedule; its own silence is the heartbeat alarm’s',
      },
      sentence: `more than ${level.threshold} brokers of ${cluster.brokerCount} gave mskeeper no answer.`,
    }),
    // The check looks every few minutes and asks twice before it counts: one datapoint is a verdict, and a second is far off.
    evaluationPeriods: 1,
  }));
};

const throughput = (context: StackContext): Signal => {
  const { cluster } = context;
  const ids = brokerIdsOf(cluster);
  if (ids.length > mostMetricsInAnAlarm) {
    return {
      kind: 'query',
      label: 'messages a second',
      query: `SELECT SUM(MessagesInPerSec) FROM SCHEMA("AWS/Kafka", "Broker ID", "Cluster Name") WHERE "Cluster Name" = '${cluster.name}'`,
    };
  }
  return {
    kind: 'math',
    expression: 'SUM(METRICS())',
    label: 'messages a second',
    metricById: Object.fromEntries(
      ids.map((id) => [`m${id}`, mskMetric(cluster, 'MessagesInPerSec', { 'Broker ID': String(id) })]),
    ),
  };
};

const messagesIn = (context: StackContext): readonly Alarm[] => {
  const { limits, floors } = context.configuration.policy;
  const signal = throughput(context);
  const missing = { treatment: 'missing', because: 'unknown, since brokers that restart are not counted' } as const;
  return [
    ...levelsOf(limits.messagesInPerSecond).map((level) =>
      clusterAlarm(level, {
        slug: 'high-throughput',
        signal,
        missing,
        sentence: `the cluster takes more than ${level.threshold} messages a second${level.duration}.`,
      }),
    ),
    ...levelsOf(floors.messagesInPerSecond).map((level) => ({
      ...clusterAlarm(level, {
        slug: 'low-throughput',
        signal,
        missing,
        sentence: `the cluster takes fewer than ${level.threshold} messages a second${level.duration}.`,
      }),
      comparison: 'LessThanThreshold' as const,
    })),
  ];
};

/** The policy's limits on the whole cluster (I9). */
export const planClusterAlarms = (context: StackContext): AlarmPlan => {
  const { cluster } = context;
  if (cluster.brokerKind === 'serverless') {
    return { alarms: [], notMade: [{ what: 'brokers, partitions, controller', because: 'Serverless shows none' }] };
  }
  const parts = [
    {
      what: 'offline-partitions',
      refusal: whyNotEmitted(cluster, ['OfflinePartitionsCount'], ofCluster),
      make: offlinePartitions,
    },
    {
      what: 'no-controller',
      refusal: whyNotEmitted(cluster, ['ActiveControllerCount'], ofCluster),
      make: noController,
    },
    { what: 'throughput', refusal: whyNotEmitted(cluster, ['MessagesInPerSec'], ofBroker), make: messagesIn },
  ];
  return {
    alarms: [
      ...brokersUnreachable(context),
      ...parts.flatMap(({ refusal, make }) => (refusal === undefined ? make(context) : [])),
    ],
    notMade: parts.flatMap(({ what, refusal }) => (refusal === undefined ? [] : [{ what, because: refusal.message }])),
  };
};
