import { mostMetricsInAnAlarm } from '../../../../shared/core/metric-catalogue.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import type { Alarm, AlarmNotMade, AlarmPlan } from '../../../../shared/deployment/alarm.ts';
import { levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import { mskMetric, ofBroker, ofCluster, whyNotEmitted } from '../../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { limitOfRule } from '../core/broker-rules.ts';
import { isThroughputSummedByAlarm, throughputRules, throughputSlugs } from '../core/throughput-rules.ts';
import { clusterAlarm } from './cluster-alarm.ts';
import { throughputAlarms } from './throughput.ts';

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
  const limit = configuration.policy.limits.brokersUnreachable;
  if (limit === undefined) return [];
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

/** A time that a policy names for it is told as not kept, rather than dropped: its one datapoint comes every few minutes. */
const minutesNotKept = ({ configuration }: StackContext): readonly AlarmNotMade[] => {
  const { warningForMinutes, criticalForMinutes, emergencyForMinutes } =
    configuration.policy.limits.brokersUnreachable ?? {};
  const minutes = Math.max(warningForMinutes ?? 0, criticalForMinutes ?? 0, emergencyForMinutes ?? 0);
  return minutes <= 1
    ? []
    : [
        {
          what: `${minutes} min of brokers-unreachable`,
          because: 'cluster-health asks twice and speaks once per schedule, so its alarm opens at the first verdict',
        },
      ];
};

/** What the look judges in the place of an alarm, which could not read every broker. */
const throughputLeftToLook = ({ cluster, configuration }: StackContext): readonly AlarmNotMade[] => {
  if (isThroughputSummedByAlarm(cluster) || whyNotEmitted(cluster, ['MessagesInPerSec'], ofBroker)) return [];
  const because = `an alarm adds up ${mostMetricsInAnAlarm} brokers at most: cluster-health judges it every half hour`;
  return throughputSlugs.flatMap((slug) =>
    levelsOf(limitOfRule(configuration.policy, throughputRules[slug])).map(({ severity }) => ({
      what: `${slug} ${severity}`,
      because,
    })),
  );
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
    {
      what: 'throughput',
      refusal: whyNotEmitted(cluster, ['MessagesInPerSec'], ofBroker),
      make: (one: StackContext) => (isThroughputSummedByAlarm(one.cluster) ? throughputAlarms(one) : []),
    },
  ];
  return {
    alarms: [
      ...brokersUnreachable(context),
      ...parts.flatMap(({ refusal, make }) => (refusal === undefined ? make(context) : [])),
    ],
    notMade: [
      ...minutesNotKept(context),
      ...throughputLeftToLook(context),
      ...parts.flatMap(({ what, refusal }) => (refusal === undefined ? [] : [{ what, because: refusal.message }])),
    ],
  };
};
