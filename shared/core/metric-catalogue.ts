import { ConfigError } from './errors.ts';
import {
  type MetricDescription,
  type MetricEmission,
  type MetricName,
  metricCorrections,
  metricTable,
} from './metric-table.ts';
import {
  type BrokerKind,
  type DimensionName,
  dimensionNames,
  type MetadataMode,
  type MetricMeaning,
  type MonitoringLevel,
  metricsNamespaceOfMsk,
  monitoringLevels,
  type Statistic,
} from './metric-vocabulary.ts';
import { minuteMs } from './units.ts';

/** CloudWatch publishes a minute late, a restarting broker is silent for several: older than this says nothing of now. */
export const metricFreshMs = 10 * minuteMs;

/** CloudWatch's own limit of metrics in one alarm's expression. */
export const mostMetricsInAnAlarm = 10;

/**
 * The one place that knows which MSK metric exists where, and how it must be read. A query or an alarm for a metric that
 * these brokers do not emit would stay without data for ever, so it is refused.
 */

/** What decides which metrics a cluster emits. `instanceType` is needed only for metrics of one family. */
export type ClusterTraits = {
  readonly brokerKind: BrokerKind;
  readonly metadataMode: MetadataMode;
  readonly monitoringLevel: MonitoringLevel;
  readonly instanceType?: string;
};

export type MetricDimensions = Readonly<Partial<Record<DimensionName, string>>>;

/** One series, ready to be asked for or alarmed on. Unit is left out on purpose: MSK sets none, and a mismatch finds nothing. */
export type MetricQuery = {
  readonly namespace: typeof metricsNamespaceOfMsk;
  readonly name: MetricName;
  readonly dimensions: MetricDimensions;
  readonly statistic: Statistic;
  readonly meaning: MetricMeaning;
};

export type NotEmitted = {
  readonly kind: 'not-emitted';
  readonly reason: 'broker-kind' | 'metadata-mode' | 'instance-type' | 'dimensions' | 'monitoring-level';
  readonly message: string;
};

export type MetricAvailability = { readonly kind: 'emitted'; readonly emission: MetricEmission } | NotEmitted;

/** Whether MSK publishes a metric of exactly this name, for any kind of broker; `evaluateAvailability` says for which. */
export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metricTable, name);

const reaches = (level: MonitoringLevel, needed: MonitoringLevel): boolean =>
  monitoringLevels.indexOf(level) >= monitoringLevels.indexOf(needed);

const isSameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((item) => right.includes(item));

const notEmitted = (reason: NotEmitted['reason'], message: string): NotEmitted => ({
  kind: 'not-emitted',
  reason,
  message,
});

/** Whether these brokers emit the metric under exactly these dimensions, and if not, the first reason why. */
export function evaluateAvailability(
  name: MetricName,
  dimensionNames: readonly DimensionName[],
  traits: ClusterTraits,
): MetricAvailability {
  const { emissions, metadataMode, instanceFamily }: MetricDescription = metricTable[name];
  const { brokerKind, instanceType = '' } = traits;
  const ofKind = emissions.filter((emission) => emission.kinds.includes(brokerKind));
  if (ofKind.length === 0) return notEmitted('broker-kind', `${name} is not emitted by ${brokerKind} brokers`);
  if (metadataMode !== undefined && metadataMode !== traits.metadataMode) {
    return notEmitted('metadata-mode', `${name} is emitted in ${metadataMode} mode only`);
  }
  if (instanceFamily !== undefined && !instanceType.startsWith(`kafka.${instanceFamily}.`)) {
    return notEmitted('instance-type', `${name} is emitted by kafka.${instanceFamily} brokers only`);
  }
  const ofDimensions = ofKind.filter((emission) => isSameSet(emission.dimensions, dimensionNames));
  if (ofDimensions.length === 0) {
    const known = ofKind.map((emission) => `[${emission.dimensions.join(', ')}]`).join(' or ');
    return notEmitted('dimensions', `${name} has the dimensions ${known}, not [${dimensionNames.join(', ')}]`);
  }
  const emission = ofDimensions.find(({ level }) => reaches(traits.monitoringLevel, level));
  if (emission !== undefined) return { kind: 'emitted', emission };
  const needed = ofDimensions.map(({ level }) => level).join(' or ');
  return notEmitted(
    'monitoring-level',
    `${name} needs monitoring level ${needed}, the cluster has ${traits.monitoringLevel}`,
  );
}

/**
 * The series of one metric, with the statistic that is right for it.
 *
 * @throws ConfigError for a metric that this cluster does not emit
 */
export function planMetricQuery(name: MetricName, dimensions: MetricDimensions, traits: ClusterTraits): MetricQuery {
  const availability = evaluateAvailability(name, dimensionNamesOf(dimensions), traits);
  if (availability.kind === 'not-emitted') throw new ConfigError(availability.message);
  return {
    namespace: metricsNamespaceOfMsk,
    name,
    dimensions,
    statistic: availability.emission.statistic,
    meaning: metricTable[name].meaning,
  };
}

const dimensionNamesOf = (dimensions: MetricDimensions): readonly DimensionName[] =>
  dimensionNames.filter((name) => dimensions[name] !== undefined);

/**
 * A metric by a name that somebody wrote down.
 *
 * @throws ConfigError for a name that MSK does not publish, with what to use instead where runbooks often err
 */
export function requireMetricName(name: string): MetricName {
  if (isMetricName(name)) return name;
  const correction = Object.hasOwn(metricCorrections, name) ? metricCorrections[name] : undefined;
  throw new ConfigError(`MSK publishes no metric ${name}${correction === undefined ? '' : `: ${correction}`}`);
}
