import { type ClusterTraits, evaluateAvailability } from '../../../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit, Policy } from '../../../../shared/core/policy.ts';
import type { FlooredQuantity, LimitedQuantity } from '../../../../shared/core/policy-quantities.ts';

/** A policy's number that a broker must not pass: above a limit, or below a floor. */
export type Bound = { readonly limit: LimitedQuantity } | { readonly floor: FlooredQuantity };

/**
 * What is watched of each broker, by the slug of its alarm: the policy's number and the metrics that are held against it.
 * An alarm of a group of brokers wakes a look, which asks the same metrics of each of them and names the broker.
 */
export type BrokerRule = {
  readonly quantity: Bound;
  readonly metrics: readonly MetricName[];
  /** A stand-in's own limit, where the policy's number is of something that MSK does not publish. */
  readonly standIn?: Limit;
};

export const brokerRules = {
  'disk-used': { quantity: { limit: 'diskUsedPercent' }, metrics: ['KafkaDataLogsDiskUsed'] },
  // CpuIdle is not the rest to 100 (RUNBOOK section 6.4).
  'cpu-used': { quantity: { limit: 'cpuUsedPercent' }, metrics: ['CpuUser', 'CpuSystem'] },
  // MemoryUsed is bytes (RUNBOOK section 6.3); page cache is Kafka's normal food, so it is a weak signal.
  'memory-used': {
    quantity: { limit: 'memoryUsedPercent' },
    metrics: ['MemoryUsed', 'MemoryFree', 'MemoryBuffered', 'MemoryCached'],
  },
  'heap-after-gc': { quantity: { limit: 'heapAfterGcPercent' }, metrics: ['HeapMemoryAfterGC'] },
  'under-replicated': { quantity: { limit: 'underReplicatedPartitions' }, metrics: ['UnderReplicatedPartitions'] },
  'under-min-isr': { quantity: { limit: 'underMinIsrPartitions' }, metrics: ['UnderMinIsrPartitionCount'] },
  'slow-producers': { quantity: { limit: 'producerRequestMs' }, metrics: ['ProduceTotalTimeMsMean'] },
  // The share of the network in use is not published: packets that AWS dropped because it was used up are.
  'network-shaped': {
    quantity: { limit: 'networkUsedPercent' },
    metrics: ['TrafficShaping'],
    standIn: { warning: 0, warningForMinutes: 5 },
  },
  // A fraction from 0 to 1, whatever its name says.
  'request-handlers-busy': {
    quantity: { floor: 'requestHandlerIdlePercent' },
    metrics: ['RequestHandlerAvgIdlePercent'],
  },
} as const satisfies Readonly<Record<string, BrokerRule>>;

export type BrokerRuleSlug = keyof typeof brokerRules;

export const isBrokerRule = (slug: string): slug is BrokerRuleSlug => Object.hasOwn(brokerRules, slug);

/** The metrics of one broker that an alarm's rule is judged by; none for a rule about the whole cluster or a topic. */
export const metricsOfRule = (slug: string): readonly MetricName[] =>
  isBrokerRule(slug) ? brokerRules[slug].metrics : [];

export const brokerRuleSlugs = Object.keys(brokerRules).filter(isBrokerRule);

/**
 * What must page fast, and page when mskeeper itself is dead, has an alarm: 0.10 USD a month for each metric that it reads. A
 * warning is answered within the hour (RUNBOOK section 1), so the look judges it, every half hour over every minute since:
 * 0.014 USD. Memory takes four metrics of each broker and is a weak signal, so it has no alarm at any level.
 */
export const isPagedByAlarm = (slug: string, severity: string): boolean =>
  slug !== 'memory-used' && (severity === 'critical' || severity === 'emergency');

/** Whether the policy gives each broker of such a cluster an alarm at all. */
export const hasAlarmsOfBrokers = (policy: Pick<Policy, 'limits' | 'floors'>, traits: ClusterTraits): boolean =>
  brokerRuleSlugs.some((slug) => {
    const limit = limitOfRule(policy, brokerRules[slug]);
    const levels = (['critical', 'emergency'] as const).filter((level) => limit?.[level] !== undefined);
    const isSent = brokerRules[slug].metrics.every(
      (metric) => evaluateAvailability(metric, ['Cluster Name', 'Broker ID'], traits).kind === 'emitted',
    );
    return isSent && levels.some((level) => isPagedByAlarm(slug, level));
  });

/** The number that a rule is held against; undefined where the policy names none, and then it is not judged. */
export function limitOfRule(
  { limits, floors }: Pick<Policy, 'limits' | 'floors'>,
  rule: BrokerRule,
): Limit | undefined {
  const named = 'limit' in rule.quantity ? limits[rule.quantity.limit] : floors[rule.quantity.floor];
  return named === undefined ? undefined : (rule.standIn ?? named);
}

/** The longest time of any level: so far must a series reach back to be judged by it. */
export const minutesOf = (limit: Limit | undefined): number =>
  Math.max(
    0,
    ...(['notice', 'warning', 'critical', 'emergency'] as const).map((level) => limit?.[`${level}ForMinutes`] ?? 0),
  );
