import type { ClusterView } from '../../shared/core/cluster-view.ts';
import type { MetricName } from '../../shared/core/metric-table.ts';
import { brokerPoint, type MetricPoint } from './metric-point.ts';
import { answeringBrokers } from './state-points.ts';

const mebibyte = 1024 * 1024;

/**
 * What MSK measures on a broker's machine or reads from its JMX, neither of which is looked at here: the figures of a
 * calm kafka.m7g.large. Every report that uses them prints `synthesisedMetrics`.
 */
const calm = {
  CpuUser: 12,
  CpuSystem: 4,
  CpuIdle: 83,
  CpuIoWait: 1,
  MemoryUsed: 2_400 * mebibyte,
  MemoryFree: 600 * mebibyte,
  MemoryBuffered: 100 * mebibyte,
  MemoryCached: 4_700 * mebibyte,
  HeapMemoryAfterGC: 30,
  SwapUsed: 0,
  SwapFree: 0,
  RootDiskUsed: 20,
  KafkaAppLogsDiskUsed: 5,
  ProduceTotalTimeMsMean: 3,
  RequestTime: 0,
  TrafficShaping: 0,
  NetworkProcessorAvgIdlePercent: 0.97,
  RequestHandlerAvgIdlePercent: 0.98,
} as const satisfies Partial<Record<MetricName, number>>;

type SynthesisedMetric = keyof typeof calm;

/** Names of all metrics that are invented, for the report. */
export const synthesisedMetrics: readonly MetricName[] = Object.keys(calm).filter(
  (name): name is SynthesisedMetric => name in calm,
);

/** What a drill pretends about a machine: by broker id, or for `all`; the broker's own wins. */
export type Pretended = Readonly<Record<number | 'all', Partial<Record<SynthesisedMetric, number>>>>;

/** The invented figures of every broker that answers. */
export const synthesisedPoints = (
  cluster: string,
  view: ClusterView,
  pretended: Partial<Pretended> = {},
): MetricPoint[] =>
  answeringBrokers(view).flatMap(({ id }) =>
    synthesisedMetrics.flatMap((name) => {
      const value = { ...calm, ...pretended.all, ...pretended[id] }[name as SynthesisedMetric];
      return value === undefined ? [] : [brokerPoint(cluster, id, name, value)];
    }),
  );
