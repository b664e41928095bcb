import type { FlooredQuantity, LimitedQuantity } from '../shared/policy.ts';
import type { Alarm, Signal } from './alarm.ts';
import { brokerIdsOf, levelsOf } from './alarm-levels.ts';
import { isEmitted, type MskMetric, mskMetric } from './metrics.ts';
import type { StackContext } from './names.ts';

/** One alarm of every broker and severity. `expression` is over the metrics in their order: m1, m2, … */
type BrokerRule = {
  readonly quantity: LimitedQuantity | FlooredQuantity;
  readonly slug: string;
  readonly metrics: readonly MskMetric[];
  readonly expression?: string;
  readonly isFloor?: true;
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
    quantity: 'diskUsedPercent',
    slug: 'disk-used',
    metrics: ['KafkaDataLogsDiskUsed'],
    missing: {
      treatment: 'ignore',
      because: 'the state stays, since a disk does not empty while its broker is silent',
    },
    sentence: (threshold, duration) => `the data disk is over ${threshold} % full${duration}.`,
  },
  {
    quantity: 'cpuUsedPercent',
    slug: 'cpu-used',
    // CpuIdle is not the rest to 100 (RUNBOOK section 6.4).
    metrics: ['CpuUser', 'CpuSystem'],
    expression: 'm1 + m2',
    missing: unknown,
    sentence: (threshold, duration) => `CpuUser + CpuSystem is over ${threshold} %${duration}.`,
  },
  {
    quantity: 'memoryUsedPercent',
    slug: 'memory-used',
    // MemoryUsed is bytes (RUNBOOK section 6.3); page cache is Kafka's normal food, so it is a weak signal.
    metrics: ['MemoryUsed', 'MemoryFree', 'MemoryBuffered', 'MemoryCached'],
    expression: '100 * m1 / (m1 + m2 + m3 + m4)',
    missing: unknown,
    sentence: (threshold, duration) => `memory in use without caches is over ${threshold} %${duration}.`,
  },
  {
    quantity: 'heapAfterGcPercent',
    slug: 'heap-after-gc',
    metrics: ['HeapMemoryAfterGC'],
    missing: unknown,
    sentence: (threshold, duration) => `heap left in use after collection is over ${threshold} %${duration}.`,
  },
  {
    quantity: 'underReplicatedPartitions',
    slug: 'under-replicated',
    metrics: ['UnderReplicatedPartitions'],
    missing: unknown,
    sentence: (threshold, duration) => `it leads more than ${threshold} partitions that lack a replica${duration}.`,
  },
  {
    quantity: 'underMinIsrPartitions',
    slug: 'under-min-isr',
    metrics: ['UnderMinIsrPartitionCount'],
    missing: unknown,
    sentence: (threshold, duration) =>
      `more than ${threshold} partitions have too few replicas in sync, so acks=all writes fail${duration}.`,
  },
  {
    quantity: 'producerRequestMs',
    slug: 'slow-producers',
    metrics: ['ProduceTotalTimeMsMean'],
    missing: unknown,
    sentence: (threshold, duration) => `a produce request takes more than ${threshold} ms on average${duration}.`,
  },
  {
    quantity: 'requestHandlerIdlePercent',
    slug: 'request-handlers-busy',
    // A fraction from 0 to 1, whatever its name says.
    metrics: ['RequestHandlerAvgIdlePercent'],
    expression: '100 * m1',
    isFloor: true,
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

/** The policy's limits on one broker, for every id up to the configured count (I9). Serverless has no brokers. */
export const brokerAlarms = (context: StackContext): readonly Alarm[] => {
  const { limits, floors } = context.configuration.policy;
  const limitOf = (quantity: string) => Object.entries({ ...limits }).find(([name]) => name === quantity)?.[1];
  const floorOf = (quantity: string) => Object.entries({ ...floors }).find(([name]) => name === quantity)?.[1];
  return rules
    .filter(({ metrics }) => metrics.every((name) => isEmitted(context.cluster, name)))
    .flatMap((rule) =>
      levelsOf(rule.isFloor ? floorOf(rule.quantity) : limitOf(rule.quantity)).flatMap((level) =>
        brokerIdsOf(context.cluster).map(
          (brokerId): Alarm => ({
            owner: 'cluster-health',
            slug: rule.slug,
            severity: level.severity,
            subject: `broker-${brokerId}`,
            signal: signalOf(context, rule, brokerId),
            comparison: rule.isFloor ? 'LessThanThreshold' : 'GreaterThanThreshold',
            threshold: level.threshold,
            periodSeconds: level.periodSeconds,
            evaluationPeriods: level.evaluationPeriods,
            missing: rule.missing,
            sentence: `broker ${brokerId}: ${rule.sentence(level.threshold, level.duration)}`,
            section: 'cluster-health',
          }),
        ),
      ),
    );
};
