import { type ClusterTraits, evaluateAvailability } from '../../shared/core/metric-catalogue.ts';
import {
  type MetricDescription,
  type MetricEmission,
  type MetricName,
  metricTable,
} from '../../shared/core/metric-table.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type Assumption, notSeen, type Outcome, onKnown, proved, refuted } from './assumption.ts';
import type { Evidence, ListedMetric } from './evidence.ts';

/**
 * Metrics that a cluster sends whatever its clients do, so that their absence is a refutation. Others wait for clients,
 * groups, throttling or a first value other than zero.
 */
const alwaysSent: readonly MetricName[] = [
  'OfflinePartitionsCount',
  'UnderReplicatedPartitions',
  'UnderMinIsrPartitionCount',
  'GlobalPartitionCount',
  'GlobalTopicCount',
  'PartitionCount',
  'LeaderCount',
  'CpuUser',
  'CpuSystem',
  'CpuIdle',
  'KafkaDataLogsDiskUsed',
  'RootDiskUsed',
  'MemoryUsed',
  'MemoryFree',
  'HeapMemoryAfterGC',
  'NetworkProcessorAvgIdlePercent',
  'RequestHandlerAvgIdlePercent',
  'VolumeReadOps',
  'VolumeWriteOps',
  'StorageUsed',
  'UserPartitionExists',
];

const isSameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((one) => right.includes(one));

const text = (dimensions: readonly string[]): string => `[${dimensions.join(', ')}]`;

const judgeEmission =
  (name: MetricName, { dimensions }: MetricEmission) =>
  ({ metrics }: Evidence): Outcome =>
    onKnown(metrics, (all) => {
      const ofName = all.filter((metric) => metric.name === name);
      const exact = ofName.find((metric) => isSameSet(metric.dimensions, dimensions));
      if (exact !== undefined) return proved(`${exact.seriesCount} series under ${text(dimensions)}`);
      if (all.length === 0) return notSeen('CloudWatch lists no metric at all of this cluster');
      const seen = ofName.map((metric) => text(metric.dimensions)).join(' and ');
      if (alwaysSent.includes(name))
        return refuted(seen === '' ? `none among ${all.length} metrics of this cluster` : `only under ${seen}`);
      return notSeen(seen === '' ? 'no series of this name in two weeks' : `only under ${seen}`);
    });

const slugOf = (name: string, dimensions: readonly string[]): string =>
  [name, ...dimensions.filter((one) => one !== 'Cluster Name')]
    .join('-')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();

const assumptionOf = (name: MetricName, emission: MetricEmission): Assumption => ({
  id: `metric-${slugOf(name, emission.dimensions)}`,
  claim: `${name} is sent under ${text(emission.dimensions)} from ${emission.level} on`,
  source: 'old-document',
  reliesOn: ['shared/core/metric-table.ts'],
  checkedBy: 'cloudwatch:ListMetrics',
  judge: judgeEmission(name, emission),
});

const descriptions: readonly (readonly [MetricName, MetricDescription])[] = Object.entries(metricTable).map(
  // Object.entries forgets the keys' type.
  ([name, description]) => [name as MetricName, description],
);

/** One assumption for each way in which the metric table says that a cluster of this kind, mode and level sends a metric. */
export const planMetricAssumptions = (traits: ClusterTraits): readonly Assumption[] =>
  descriptions.flatMap(([name, { emissions }]) =>
    emissions
      .filter(({ dimensions }) => {
        const availability = evaluateAvailability(name, dimensions, traits);
        return availability.kind === 'emitted' && isSameSet(availability.emission.dimensions, dimensions);
      })
      .filter(({ kinds }) => kinds.includes(traits.brokerKind))
      .map((emission) => assumptionOf(name, emission)),
  );

/** The other half: what these brokers are said not to send. */
export const notSent: Assumption = {
  id: 'metrics-of-other-kinds',
  claim: 'no metric is sent that the metric table keeps for other kinds of brokers',
  source: 'old-document',
  reliesOn: ['shared/core/metric-table.ts', 'shared/core/metric-catalogue.ts'],
  checkedBy: 'cloudwatch:ListMetrics',
  judge: ({ metrics }: Evidence, { cluster }: StackContext): Outcome =>
    onKnown(metrics, (all) => {
      if (all.length === 0) return notSeen('CloudWatch lists no metric at all of this cluster');
      const strangers = [...new Set(all.map(({ name }) => name))].filter((name) =>
        descriptions.some(
          ([known, { emissions }]) =>
            known === name && emissions.every(({ kinds }) => !kinds.includes(cluster.brokerKind)),
        ),
      );
      return strangers.length === 0
        ? proved(`none among ${all.length}`)
        : refuted(`${cluster.brokerKind} brokers send ${strangers.join(', ')}`);
    }),
};

/** Names that CloudWatch lists for the cluster and the metric table does not know, for a person to read. */
export const unlistedMetrics = (metrics: readonly ListedMetric[]): readonly string[] =>
  [...new Set(metrics.map(({ name }) => name))].filter((name) => !Object.hasOwn(metricTable, name)).toSorted();
