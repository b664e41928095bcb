import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit, Policy } from '../../../../shared/core/policy.ts';
import type { FlooredQuantity, LimitedQuantity } from '../../../../shared/core/policy-quantities.ts';
import type { Alarm, AlarmPlan, Signal } from '../../../../shared/deployment/alarm.ts';
import { brokerIdsOf, levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import { mskMetric, ofBroker, whyNotEmitted } from '../../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';

/** One alarm of every broker and severity. `expression` is over the metrics in their order: m1, m2, … */
type BrokerRule = {
  readonly quantity: { readonly limit: LimitedQuantity } | { readonly floor: FlooredQuantity };
  readonly slug: string;
  readonly metrics: readonly MetricName[];
  readonly expression?: string;
  /** A stand-in's own threshold and time, where the policy's number is of something that MSK does not publish. */
  readonly fixed?: { readonly threshold: number; readonly minutes: number };
  readonly missing: Alarm['missing'];
  readonly sentence: (threshold: number, duration: string) => string;
};

/** A restarting broker is silent for minutes; what it was silent about is neither healthy nor sick. */
const unknown = {
  treatment: 'missing',
  because: 'unknown, since a broker that restarts sends nothing for minutes',
} as const satisfies Alarm['missing'];

const rules: readonly BrokerRule[] = [
  {
    quantity: { limit: 'diskUsedPercent' },
    slug: 'disk-used',
    metrics: ['KafkaDataLogsDiskUsed'],
    missing: {
      treatment: 'ignore',
      because: 'the state stays, since a disk does not empty while its broker is silent',
    },
    sentence: (threshold, duration) => `the data disk is over ${threshold} % full${duration}.`,
  },
  {
    quantity: { limit: 'cpuUsedPercent' },
    slug: 'cpu-used',
    // CpuIdle is not the rest to 100 (RUNBOOK section 6.4).
    metrics: ['CpuUser', 'CpuSystem'],
    expression: 'm1 + m2',
    missing: unknown,
    sentence: (threshold, duration) => `CpuUser + CpuSystem is over ${threshold} %${duration}.`,
  },
  {
    quantity: { limit: 'memoryUsedPercent' },
    slug: 'memory-used',
    // MemoryUsed is bytes (RUNBOOK section 6.3); page cache is Kafka's normal food, so it is a weak signal.
    metrics: ['MemoryUsed', 'MemoryFree', 'MemoryBuffered', 'MemoryCached'],
    expression: '100 * m1 / (m1 + m2 + m3 + m4)',
    missing: unknown,
    sentence: (threshold, duration) => `memory in use without caches is over ${threshold} %${duration}.`,
  },
  {
    quantity: { limit: 'heapAfterGcPercent' },
    slug: 'heap-after-gc',
    metrics: ['HeapMemoryAfterGC'],
    missing: unknown,
    sentence: (threshold, duration) => `heap left in use after collection is over ${threshold} %${duration}.`,
  },
  {
    quantity: { limit: 'underReplicatedPartitions' },
    slug: 'under-replicated',
    metrics: ['UnderReplicatedPartitions'],
    missing: unknown,
    sentence: (threshold, duration) => `it leads more than ${threshold} partitions that lack a replica${duration}.`,
  },
  {
    quantity: { limit: 'underMinIsrPartitions' },
    slug: 'under-min-isr',
    metrics: ['UnderMinIsrPartitionCount'],
    missing: unknown,
    sentence: (threshold, duration) =>
      `more than ${threshold} partitions have too few replicas in sync, so acks=all writes fail${duration}.`,
  },
  {
    quantity: { limit: 'producerRequestMs' },
    slug: 'slow-producers',
    metrics: ['ProduceTotalTimeMsMean'],
    missing: unknown,
    sentence: (threshold, duration) => `a produce request takes more than ${threshold} ms on average${duration}.`,
  },
  {
    // The share of the network in use is not published: packets that AWS dropped because it was used up are.
    quantity: { limit: 'networkUsedPercent' },
    slug: 'network-shaped',
    metrics: ['TrafficShaping'],
    fixed: { threshold: 0, minutes: 5 },
    missing: unknown,
    sentence: (_threshold, duration) =>
      `packets were dropped because the instance's network allowance was used up${duration}.`,
  },
  {
    quantity: { floor: 'requestHandlerIdlePercent' },
    slug: 'request-handlers-busy',
    // A fraction from 0 to 1, whatever its name says.
    metrics: ['RequestHandlerAvgIdlePercent'],
    expression: '100 * m1',
    missing: unknown,
    sentence: (threshold, duration) => `request handlers are idle for less than ${threshold} % of the time${duration}.`,
  },
];

const signalOf = ({ cluster }: StackContext, rule: BrokerRule, brokerId: number): Signal => {
  const metrics = rule.metrics.map((name) => mskMetric(cluster, name, { 'Broker ID': String(brokerId) }));
  const [only] = metrics;
  if (rule.expression === undefined && only !== undefined) return { kind: 'metric', metric: only };
  return {
    kind: 'math',
    expression: rule.expression ?? 'm1',
    label: rule.slug,
    metricById: Object.fromEntries(metrics.map((metric, index) => [`m${index + 1}`, metric])),
  };
};

const limitOf = ({ limits, floors }: Policy, { quantity, fixed }: BrokerRule): Limit | undefined => {
  const limit = 'limit' in quantity ? limits[quantity.limit] : floors[quantity.floor];
  return limit === undefined || fixed === undefined
    ? limit
    : { warning: fixed.threshold, warningForMinutes: fixed.minutes };
};

const alarmsOf = (context: StackContext, rule: BrokerRule): readonly Alarm[] =>
  levelsOf(limitOf(context.configuration.policy, rule)).flatMap((level) =>
    brokerIdsOf(context.cluster).map((brokerId) => ({
      owner: 'cluster-health',
      section: 'cluster-health',
      slug: rule.slug,
      severity: level.severity,
      subject: `broker-${brokerId}`,
      signal: signalOf(context, rule, brokerId),
      comparison: 'limit' in rule.quantity ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: level.threshold,
      periodSeconds: level.periodSeconds,
      evaluationPeriods: level.evaluationPeriods,
      missing: rule.missing,
      sentence: `broker ${brokerId}: ${rule.sentence(level.threshold, level.duration)}`,
    })),
  );

/** The policy's limits on one broker, for every id up to the configured count (I9). Serverless has no brokers. */
export const planBrokerAlarms = (context: StackContext): AlarmPlan => {
  const asked = rules.filter((rule) => levelsOf(limitOf(context.configuration.policy, rule)).length > 0);
  const refusals = asked.flatMap((rule) => {
    const refusal = whyNotEmitted(context.cluster, rule.metrics, ofBroker);
    return refusal === undefined ? [] : [{ rule, what: rule.slug, because: refusal.message }];
  });
  const made = asked.filter((rule) => !refusals.some((refusal) => refusal.rule === rule));
  return {
    alarms: made.flatMap((rule) => alarmsOf(context, rule)),
    notMade: refusals.map(({ what, because }) => ({ what, because })),
  };
};
