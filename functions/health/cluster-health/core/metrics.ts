import { speaksOfNow } from '../../../../shared/core/clocks.ts';
import { type ClusterTraits, evaluateAvailability, metricFreshMs } from '../../../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { DimensionName } from '../../../../shared/core/metric-vocabulary.ts';
import type { Policy, Sample } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { brokerRuleSlugs, metricsOfRule } from './broker-rules.ts';
import type { Depth, HalfHour, HealthObservation, MetricQuestions } from './observation.ts';
import { isThroughputLeftToLook, throughputRules, throughputSlugs } from './throughput-rules.ts';

/** One series to ask for; without `brokerId` it is the cluster's. */
export type MetricRequest = { readonly metric: MetricName; readonly brokerId?: number };

/** The counts of all topics and partitions tell of those that mskeeper may not describe. */
const ofCluster: readonly MetricName[] = [
  'ActiveControllerCount',
  'OfflinePartitionsCount',
  'GlobalTopicCount',
  'GlobalPartitionCount',
];

/**
 * Light asks only what may contradict the brokers, and stands in where they are not seen. What is critical an alarm watches,
 * and wakes a look that asks for it; everything that is watched of a broker is judged every half hour.
 */
const ofBrokerByDepth: Readonly<Record<Depth, readonly MetricName[]>> = {
  light: ['UnderReplicatedPartitions'],
  full: ['UnderReplicatedPartitions', 'KafkaAppLogsDiskUsed', 'RootDiskUsed', 'PartitionCount'],
};

const ofHalfHour: readonly MetricName[] = brokerRuleSlugs.flatMap(metricsOfRule);
const throughputMetrics: readonly MetricName[] = throughputSlugs.flatMap((slug) => throughputRules[slug].metrics);

/** Each broker's metrics that this run asks, once each. */
const wantedOfBroker = ({ depth, rules, halfHour, isThroughputAsked }: MetricQuestions): readonly MetricName[] => [
  ...new Set([
    ...ofBrokerByDepth[depth],
    ...rules.flatMap(metricsOfRule),
    ...(halfHour === undefined ? [] : ofHalfHour),
    ...(isThroughputAsked === true ? throughputMetrics : []),
  ]),
];

/** Whether this run asks it of each broker that emits it. */
export const isWanted = (metric: MetricName, asked: MetricQuestions): boolean => wantedOfBroker(asked).includes(metric);

const isEmitted = (metric: MetricName, dimensions: readonly DimensionName[], traits: ClusterTraits): boolean =>
  evaluateAvailability(metric, dimensions, traits).kind === 'emitted';

/** The series to ask CloudWatch for: never one that this cluster does not emit. */
export const planMetrics = (
  asked: MetricQuestions,
  traits: ClusterTraits,
  brokerIds: readonly number[],
): readonly MetricRequest[] => [
  ...ofCluster.filter((metric) => isEmitted(metric, ['Cluster Name'], traits)).map((metric) => ({ metric })),
  ...wantedOfBroker(asked)
    .filter((metric) => isEmitted(metric, ['Cluster Name', 'Broker ID'], traits))
    .flatMap((metric) => brokerIds.map((brokerId) => ({ metric, brokerId }))),
];

const usualRangeMinutes = 60;
/** The newest datapoints are minutes old, and a duration is counted back from the newest. */
const lateMinutes = 10;

/**
 * Whole minutes, since the running one is incomplete; long enough for every duration that the policy names, and for the span
 * that is judged every half hour.
 *
 * @param longestMinutes the longest duration of the limits that are judged by metrics
 */
export function planMetricRange(
  nowMs: number,
  longestMinutes: number,
  halfHour?: HalfHour,
): { readonly fromMs: number; readonly toMs: number } {
  const toMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const minutes = Math.max(usualRangeMinutes, Math.ceil(longestMinutes) + lateMinutes);
  const fromMs = toMs - minutes * minuteMs;
  if (halfHour === undefined) return { fromMs, toMs };
  const halfHourFromMs = Math.floor(halfHour.fromMs / minuteMs - longestMinutes - lateMinutes) * minuteMs;
  return { fromMs: Math.min(fromMs, halfHourFromMs), toMs };
}

const halfHoursPerMonth = 30 * 24 * 2;

/**
 * How many series a quiet run of a scope asks for, each billed, on a cluster whose brokers are those of the configuration: on
 * average, since the first light run of each half hour asks more, of throughput, too, where no alarm can add it up.
 */
export function countSeries(
  scope: string,
  {
    cluster,
    configuration: { policy },
  }: {
    readonly cluster: ClusterTraits & { readonly brokerIds: readonly number[] };
    readonly configuration: { readonly policy: Pick<Policy, 'limits' | 'floors'> };
  },
  runsPerMonth: number,
): number {
  const { brokerIds } = cluster;
  const depth = scope === 'full' ? 'full' : 'light';
  const usual = planMetrics({ depth, rules: [] }, cluster, brokerIds).length;
  const isThroughputAsked = isThroughputLeftToLook(policy, cluster);
  const asked = { depth, rules: [], halfHour: { fromMs: 0 }, isThroughputAsked } as const;
  const ofHalfHourRun = planMetrics(asked, cluster, brokerIds).length;
  const share = depth === 'full' ? 1 : Math.min(1, halfHoursPerMonth / runsPerMonth);
  return usual + (ofHalfHourRun - usual) * share;
}

/** Why brokers of a cluster as mskeeper.yml describes it send a metric never; undefined where they do. */
export function whyNotEmitted(metric: MetricName, traits: ClusterTraits): string | undefined {
  const availability = evaluateAvailability(metric, ['Cluster Name', 'Broker ID'], traits);
  return availability.kind === 'not-emitted' ? availability.message : undefined;
}

/** Whether a broker's metric is asked for in this run, and where not, why. */
export function findLeftOut(metric: MetricName, asked: MetricQuestions, traits: ClusterTraits): string | undefined {
  const unsent = whyNotEmitted(metric, traits);
  if (unsent !== undefined) return unsent;
  if (isWanted(metric, asked)) return undefined;
  return ofHalfHour.includes(metric) ? 'judged every half hour' : 'judged daily';
}

/** All points of a series, oldest first, however old: what was is judged by them. None where it is absent or was not read. */
export function pointsOf(seen: HealthObservation, metric: MetricName, brokerId?: number): readonly Sample[] {
  if (!seen.metrics.isKnown) return [];
  const series = seen.metrics.value.find((one) => one.metric === metric && one.brokerId === brokerId);
  return series?.points.toSorted((left, right) => left.atMs - right.atMs) ?? [];
}

/** Whether a series' newest point speaks of now. */
export const isFresh = (newest: Sample | undefined, { nowMs }: Pick<HealthObservation, 'nowMs'>): boolean =>
  newest !== undefined && speaksOfNow(newest.atMs, metricFreshMs, nowMs);

/** A series' points, oldest first; none where it is absent or too old to speak of now. */
export function freshSamples(seen: HealthObservation, metric: MetricName, brokerId?: number): readonly Sample[] {
  const points = pointsOf(seen, metric, brokerId);
  return isFresh(points.at(-1), seen) ? points : [];
}

/** The series of any of these metrics that CloudWatch could not give, or not whole; of one broker where `brokerId` says so. */
export function unreadSeries(seen: HealthObservation, metrics: readonly MetricName[], brokerId?: number) {
  if (!seen.metrics.isKnown) return [];
  return seen.metrics.value
    .filter((one) => metrics.includes(one.metric) && (brokerId === undefined || one.brokerId === brokerId))
    .flatMap(({ unread, ...one }) => (unread === undefined ? [] : [{ ...one, ...unread }]));
}

/** Whether CloudWatch gave all that it has of the span: what it did not give, nobody has judged. */
export const isHalfHourRead = (seen: HealthObservation): boolean =>
  brokersOfMetrics(seen).length > 0 && unreadSeries(seen, [...ofHalfHour, ...throughputMetrics]).length === 0;

/**
 * The last point of `freshSamples`, in the metric's own unit (shared/core/metric-table.ts); without `brokerId` the cluster's
 * series. Undefined where CloudWatch did not answer, has no such series, or its last point is too old: never zero instead.
 */
export const newestValue = (seen: HealthObservation, metric: MetricName, brokerId?: number): number | undefined =>
  freshSamples(seen, metric, brokerId).at(-1)?.value;

/** Brokers for which any series was asked. */
export function brokersOfMetrics(seen: HealthObservation): readonly number[] {
  if (!seen.metrics.isKnown) return [];
  const ids = seen.metrics.value.flatMap(({ brokerId }) => (brokerId === undefined ? [] : [brokerId]));
  return [...new Set(ids)].sort((left, right) => left - right);
}

/**
 * A per-broker count summed over brokers, minute by minute. A broker without fresh points makes it incomplete: then it
 * is a lower bound, enough to call it bad and never enough to call it good.
 */
export function sumOverBrokers(
  seen: HealthObservation,
  metric: MetricName,
): { readonly samples: readonly Sample[]; readonly isComplete: boolean } {
  const seriesByBroker = brokersOfMetrics(seen).map((id) => freshSamples(seen, metric, id));
  const present = seriesByBroker.filter((samples) => samples.length > 0);
  const sumByMs = new Map<number, { sum: number; count: number }>();
  for (const { atMs, value } of present.flat()) {
    const { sum, count } = sumByMs.get(atMs) ?? { sum: 0, count: 0 };
    sumByMs.set(atMs, { sum: sum + value, count: count + 1 });
  }
  const samples = [...sumByMs]
    .filter(([, { count }]) => count === present.length)
    .map(([atMs, { sum }]) => ({ atMs, value: sum }))
    .sort((left, right) => left.atMs - right.atMs);
  const asked = new Set(brokersOfMetrics(seen));
  const isEveryNodeAsked = !seen.nodes.isKnown || seen.nodes.value.every((id) => asked.has(id));
  const isComplete = samples.length > 0 && present.length === seriesByBroker.length && isEveryNodeAsked;
  return { samples, isComplete };
}
