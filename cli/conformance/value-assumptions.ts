import type { MetricName } from '../../shared/core/metric-table.ts';
import type { DimensionName, Statistic } from '../../shared/core/metric-vocabulary.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import {
  type Assumption,
  type AssumptionSource,
  notSeen,
  type Outcome,
  onKnown,
  proved,
  refuted,
} from './assumption.ts';

/** One series that is read for its values: the first broker's, or the cluster's. */
export type ValueRequest = {
  readonly key: string;
  readonly metric: MetricName;
  readonly dimensions: readonly DimensionName[];
  readonly statistic: Statistic;
};

const ofBroker = (metric: MetricName, statistic: Statistic = 'Maximum'): ValueRequest => ({
  key: `${metric} ${statistic}`,
  metric,
  dimensions: ['Cluster Name', 'Broker ID'],
  statistic,
});
const ofCluster = (metric: MetricName, statistic: Statistic): ValueRequest => ({
  key: `${metric} ${statistic}`,
  metric,
  dimensions: ['Cluster Name'],
  statistic,
});

const controllerMaximum = ofCluster('ActiveControllerCount', 'Maximum');
const controllerAverage = ofCluster('ActiveControllerCount', 'Average');

type Scale = {
  readonly id: string;
  readonly metric: MetricName;
  readonly claim: string;
  readonly source: AssumptionSource;
  /** Highest value that the unit allows, and the value above which it is proved, since a smaller unit would stay below. */
  readonly most: number;
  readonly provedAbove: number;
};

/** AWS names no unit for MSK's metrics: only the values can show it. */
const scales: readonly Scale[] = [
  { metric: 'NetworkProcessorAvgIdlePercent', claim: 'is a fraction from 0 to 1', most: 1, provedAbove: 0 },
  { metric: 'RequestHandlerAvgIdlePercent', claim: 'is a fraction from 0 to 1', most: 1, provedAbove: 0 },
  { metric: 'KafkaDataLogsDiskUsed', claim: 'is a percentage', most: 100, provedAbove: 1 },
  { metric: 'CpuUser', claim: 'is a percentage', most: 100, provedAbove: 1 },
  { metric: 'HeapMemoryAfterGC', claim: 'is a percentage', most: 100, provedAbove: 1 },
  { metric: 'BurstBalance', claim: 'is a percentage', most: 100, provedAbove: 1, source: 'memory' as const },
  { metric: 'MemoryUsed', claim: 'is in bytes', most: Number.POSITIVE_INFINITY, provedAbove: 1_000_000 },
].map(({ metric, claim, most, provedAbove, source = 'old-document' as const }) => ({
  id: `unit-of-${metric.toLowerCase()}`,
  // The literal names above are the metric table's; the array forgets it.
  metric: metric as MetricName,
  claim: `${metric} ${claim}`,
  most,
  provedAbove,
  source,
}));

const judgeScale = (values: readonly number[], { most, provedAbove }: Scale): Outcome => {
  const highest = Math.max(...values, Number.NEGATIVE_INFINITY);
  if (values.length === 0) return notSeen('no values in the last three hours');
  if (highest > most) return refuted(`${highest} was sent`);
  return highest > provedAbove
    ? proved(`${values.length} values up to ${highest}`)
    : notSeen(`${values.length} values up to ${highest}, which any unit allows`);
};

const judgeController = (maximum: readonly number[], average: readonly number[]): Outcome => {
  const [highest, mean] = [
    Math.max(...maximum, Number.NEGATIVE_INFINITY),
    Math.max(...average, Number.NEGATIVE_INFINITY),
  ];
  if (maximum.length === 0) return notSeen('no values in the last three hours');
  if (highest < 1) return refuted(`the maximum never was above ${highest}, although the cluster has a controller`);
  return mean < 1
    ? proved(`maximum ${highest}, average ${mean.toFixed(2)}`)
    : notSeen(`maximum ${highest}, average ${mean.toFixed(2)}: one reporter, or one broker`);
};

/** Three hours, of which the newest minutes may be on their way. */
const wholeMinutes = 180;
const judgeMinutes = (values: readonly number[]): Outcome => {
  if (values.length === 0) return notSeen('no values in the last three hours');
  const evidence = `${values.length} values in ${wholeMinutes} minutes`;
  if (values.length >= wholeMinutes * 0.8) return proved(evidence);
  // Five-minute metrics would be a fifth; a broker that restarted lacks some minutes.
  return values.length <= wholeMinutes / 4 ? refuted(evidence) : notSeen(evidence);
};

/** Every series that the assumptions below read. */
export const valueRequests: readonly ValueRequest[] = [
  ...scales.map(({ metric }) => ofBroker(metric)),
  controllerMaximum,
  controllerAverage,
];

/** What is assumed of the values themselves. */
export const valueAssumptions: readonly Assumption[] = [
  ...scales.map(
    (scale): Assumption => ({
      id: scale.id,
      claim: scale.claim,
      source: scale.source,
      reliesOn: ['shared/core/metric-table.ts', 'presets/msk-operations.yml'],
      checkedBy: 'cloudwatch:GetMetricData',
      judge: ({ values }) => onKnown(values, (all) => judgeScale(all[ofBroker(scale.metric).key] ?? [], scale)),
    }),
  ),
  {
    id: 'controller-count-by-maximum',
    claim:
      'every broker reports ActiveControllerCount, 1 on the controller and 0 elsewhere: also on KRaft the maximum is 1',
    source: 'inference',
    reliesOn: ['shared/core/metric-table.ts', 'functions/health/cluster-health/alarms/cluster.ts'],
    checkedBy: 'cloudwatch:GetMetricData',
    judge: ({ values }, _context: StackContext) =>
      onKnown(values, (all) => judgeController(all[controllerMaximum.key] ?? [], all[controllerAverage.key] ?? [])),
  },
  {
    id: 'a-datapoint-a-minute',
    claim: 'broker metrics have a datapoint each minute',
    source: 'old-document',
    reliesOn: ['shared/deployment/alarm-levels.ts'],
    checkedBy: 'cloudwatch:GetMetricData',
    judge: ({ values }) => onKnown(values, (all) => judgeMinutes(all[ofBroker('CpuUser').key] ?? [])),
  },
];
