import type { Finding } from '../../../../shared/core/finding.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit, Sample } from '../../../../shared/core/policy.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, notJudged, severityOf, unanswered } from './judgement.ts';
import { brokersOfMetrics, findLeftOut, freshSamples } from './metrics.ts';

export type ResourceLimits = {
  readonly diskUsedPercent?: Limit;
  readonly cpuUsedPercent?: Limit;
  readonly heapAfterGcPercent?: Limit;
  readonly memoryUsedPercent?: Limit;
  readonly partitionsPerBroker?: Limit;
};

/**
 * One quantity of each broker, how its series come to be, and what to do. The numbers are percent unless `unit` says
 * otherwise.
 */
type Resource = {
  readonly check: string;
  readonly limit: keyof ResourceLimits;
  readonly metrics: readonly MetricName[];
  readonly derive: (seriesByMetric: readonly (readonly Sample[])[]) => readonly Sample[];
  readonly what: string;
  readonly advice: string;
};

const only = ([samples = []]: readonly (readonly Sample[])[]): readonly Sample[] => samples;

/** Combines values of the same minute; a minute that any series lacks is left out, never taken as zero. */
const byMinute =
  (combineValues: (values: readonly number[]) => number) =>
  ([first = [], ...others]: readonly (readonly Sample[])[]): readonly Sample[] =>
    first.flatMap(({ atMs, value }) => {
      const rest = others.map((series) => series.find((sample) => sample.atMs === atMs)?.value);
      const known = rest.filter((one) => one !== undefined);
      return known.length === others.length ? [{ atMs, value: combineValues([value, ...known]) }] : [];
    });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const diskAdvice = 'Expand storage, cut retention or delete unused topics before it is full.';

/** RUNBOOK section 6: CPU is user + system (6.4), `MemoryUsed` is bytes and needs a ratio of ours (6.3). */
const resources: readonly Resource[] = [
  {
    check: 'disk-used',
    limit: 'diskUsedPercent',
    metrics: ['KafkaDataLogsDiskUsed'],
    derive: only,
    what: 'data disk',
    advice: diskAdvice,
  },
  {
    check: 'app-log-disk-used',
    limit: 'diskUsedPercent',
    metrics: ['KafkaAppLogsDiskUsed'],
    derive: only,
    what: 'application-log disk',
    advice: 'MSK owns this disk: open a support case.',
  },
  {
    check: 'root-disk-used',
    limit: 'diskUsedPercent',
    metrics: ['RootDiskUsed'],
    derive: only,
    what: 'root disk',
    advice: 'MSK owns this disk: open a support case.',
  },
  {
    check: 'cpu-used',
    limit: 'cpuUsedPercent',
    metrics: ['CpuUser', 'CpuSystem'],
    derive: byMinute(sum),
    what: 'CPU (user + system)',
    advice: 'Look for a hot broker first, then choose a larger instance.',
  },
  {
    check: 'heap-after-gc',
    limit: 'heapAfterGcPercent',
    metrics: ['HeapMemoryAfterGC'],
    derive: only,
    what: 'heap after collection',
    advice: 'Fewer partitions or transactional ids a broker, or a larger instance.',
  },
  {
    check: 'memory-used',
    limit: 'memoryUsedPercent',
    metrics: ['MemoryUsed', 'MemoryFree', 'MemoryBuffered', 'MemoryCached'],
    derive: byMinute((values) => (sum(values) > 0 ? (100 * (values[0] ?? 0)) / sum(values) : Number.NaN)),
    what: 'memory (page cache not counted)',
    advice: 'A weak signal: confirm with the heap before choosing a larger instance.',
  },
  {
    check: 'partitions-per-broker',
    limit: 'partitionsPerBroker',
    metrics: ['PartitionCount'],
    derive: only,
    what: 'replicas',
    advice: 'Add brokers and move partitions, or delete unused topics.',
  },
];

/** H1 disk, CPU, heap of each broker, from CloudWatch. */
export const evaluateResources = (facts: HealthFacts, limits: ResourceLimits): Judgement =>
  combine(...resources.map((resource) => evaluateResource(resource, facts, limits)));

function evaluateResource(resource: Resource, { seen, expected }: HealthFacts, limits: ResourceLimits): Judgement {
  const { check, metrics } = resource;
  const limit = limits[resource.limit];
  const leftOut = metrics.map((metric) => findLeftOut(metric, seen.depth, expected)).find((why) => why !== undefined);
  if (leftOut !== undefined) return notJudged(check, leftOut);
  if (limit === undefined) return notJudged(check, `the policy names no ${resource.limit}`);
  if (!seen.metrics.isKnown) {
    if (!seen.metrics.isAsked) return notJudged(check, 'CloudWatch was not asked');
    return judged(unanswered(check, 'brokers', 'cloudwatch', seen.metrics));
  }
  const brokerIds = brokersOfMetrics(seen);
  if (brokerIds.length === 0) {
    const message = 'No broker is known by id, so CloudWatch could not be asked.';
    return judged(finding(check, 'brokers', ['unknown', 'no-brokers-known'], message, ['cloudwatch']));
  }
  return judged(...brokerIds.map((id) => evaluateOnBroker(resource, limit, id, seen)));
}

function evaluateOnBroker(resource: Resource, limit: Limit, id: number, seen: HealthFacts['seen']): Finding {
  const { check, metrics, derive, what, advice } = resource;
  const samples = derive(metrics.map((metric) => freshSamples(seen, metric, id)));
  const newest = samples.at(-1)?.value;
  const subject = `broker ${id}`;
  const verdict = severityOf(limit, samples);
  const unit = resource.limit === 'partitionsPerBroker' ? '' : ' %';
  const evidence = newest === undefined || Number.isNaN(newest) ? {} : { [resource.limit]: newest };
  const named = { ...evidence, metrics: metrics.join(' + ') };
  if (newest === undefined || verdict[0] === 'unknown') {
    const message = `${subject}: CloudWatch has no fresh ${metrics.join(', ')}, so its ${what} is not known.`;
    return finding(check, subject, verdict, message, ['cloudwatch'], named);
  }
  const level = `${subject}: ${what} at ${Math.round(newest * 10) / 10}${unit}`;
  const message = verdict[0] === 'ok' ? `${level}.` : `${level}, above the policy. ${advice}`;
  return finding(check, subject, verdict, message, ['cloudwatch'], named);
}
