import type { Finding } from '../../../../shared/core/finding.ts';
import { compareSeverities } from '../../../../shared/core/finding.ts';
import { evaluateFloor, type Limit, type Policy, type Sample } from '../../../../shared/core/policy.ts';
import { type Bound, type BrokerRule, brokerRules, isBrokerRule, limitOfRule, minutesOf } from './broker-rules.ts';
import type { HealthFacts } from './facts.ts';
import {
  combine,
  describeUnread,
  finding,
  type Judgement,
  judged,
  notJudged,
  reasonOf,
  severityOf,
  unanswered,
  unwanted,
} from './judgement.ts';
import { brokersOfMetrics, findLeftOut, isFresh, isWanted, pointsOf, unreadSeries, whyNotEmitted } from './metrics.ts';
import type { MetricQuestions } from './observation.ts';
import { findPastStretch, severityOfPast } from './stretches.ts';
import { throughputRules, throughputSlugs } from './throughput-rules.ts';

/** The policy's numbers that a broker's metrics are held against. */
export type ResourcePolicy = Pick<Policy, 'limits' | 'floors'>;

/** One quantity of each broker, how its series come to be, and what to do. */
type Resource = BrokerRule & {
  readonly check: string;
  readonly derive: (seriesByMetric: readonly (readonly Sample[])[]) => readonly Sample[];
  readonly what: string;
  /** As it stands after the number: ` %`. */
  readonly unit: string;
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

const percent = ' %';

/** RUNBOOK section 6: CPU is user + system (6.4), `MemoryUsed` is bytes and needs a ratio of ours (6.3). */
const resources: readonly Resource[] = [
  {
    check: 'disk-used',
    ...brokerRules['disk-used'],
    derive: only,
    what: 'data disk',
    unit: percent,
    advice: diskAdvice,
  },
  {
    check: 'app-log-disk-used',
    quantity: { limit: 'diskUsedPercent' },
    metrics: ['KafkaAppLogsDiskUsed'],
    derive: only,
    what: 'application-log disk',
    unit: percent,
    advice: 'MSK owns this disk: open a support case.',
  },
  {
    check: 'root-disk-used',
    quantity: { limit: 'diskUsedPercent' },
    metrics: ['RootDiskUsed'],
    derive: only,
    what: 'root disk',
    unit: percent,
    advice: 'MSK owns this disk: open a support case.',
  },
  {
    check: 'cpu-used',
    ...brokerRules['cpu-used'],
    derive: byMinute(sum),
    what: 'CPU (user + system)',
    unit: percent,
    advice: 'Look for a hot broker first, then choose a larger instance.',
  },
  {
    check: 'heap-after-gc',
    ...brokerRules['heap-after-gc'],
    derive: only,
    what: 'heap after collection',
    unit: percent,
    advice: 'Fewer partitions or transactional ids a broker, or a larger instance.',
  },
  {
    check: 'memory-used',
    ...brokerRules['memory-used'],
    derive: byMinute((values) => (sum(values) > 0 ? (100 * (values[0] ?? 0)) / sum(values) : Number.NaN)),
    what: 'memory (page cache not counted)',
    unit: percent,
    advice: 'A weak signal: confirm with the heap before choosing a larger instance.',
  },
  {
    check: 'partitions-per-broker',
    quantity: { limit: 'partitionsPerBroker' },
    metrics: ['PartitionCount'],
    derive: only,
    what: 'replicas',
    unit: '',
    advice: 'Add brokers and move partitions, or delete unused topics.',
  },
  {
    check: 'slow-producers',
    ...brokerRules['slow-producers'],
    derive: only,
    what: 'mean time of a produce request',
    unit: ' ms',
    advice: 'Look at its disk, its network and the brokers that replicate from it.',
  },
  {
    check: 'network-shaped',
    ...brokerRules['network-shaped'],
    derive: only,
    what: 'packets dropped a minute, its network allowance being used up',
    unit: '',
    advice: 'Spread its leaders, or choose a larger instance.',
  },
  {
    check: 'request-handlers-busy',
    ...brokerRules['request-handlers-busy'],
    derive: ([samples = []]) => samples.map(({ atMs, value }) => ({ atMs, value: 100 * value })),
    what: 'request handlers idle',
    unit: percent,
    advice: 'Look for a hot broker or too many small requests, then choose a larger instance.',
  },
];

/** H1 disk, CPU, heap of each broker, from CloudWatch; and what an alarm of a group of brokers woke for, by broker. */
export const evaluateResources = (facts: HealthFacts, policy: ResourcePolicy): Judgement =>
  combine(...resources.map((resource) => evaluateResource(resource, facts, policy)));

/** The longest time that a limit asks for, of those that this run judges by metrics. */
export const longestMinutes = (asked: MetricQuestions, policy: ResourcePolicy): number => {
  const judgedHere = resources.filter(({ metrics }) => metrics.every((metric) => isWanted(metric, asked)));
  const metricOnly = (['under-replicated', 'under-min-isr'] as const).map((slug) => brokerRules[slug]);
  const ofCluster = asked.isThroughputAsked === true ? throughputSlugs.map((slug) => throughputRules[slug]) : [];
  return Math.max(
    0,
    ...[...judgedHere, ...metricOnly, ...ofCluster].map((rule) => minutesOf(limitOfRule(policy, rule))),
  );
};

const quantityOf = ({ quantity }: { readonly quantity: Bound }): string =>
  'limit' in quantity ? quantity.limit : quantity.floor;

function evaluateResource(resource: Resource, { seen, expected }: HealthFacts, policy: ResourcePolicy): Judgement {
  const { check, metrics } = resource;
  const limit = limitOfRule(policy, resource);
  const leftOut = metrics.map((metric) => findLeftOut(metric, seen, expected)).find((why) => why !== undefined);
  if (limit === undefined) return unwanted(check, `the policy names no ${quantityOf(resource)}`);
  const unsent = metrics.map((metric) => whyNotEmitted(metric, expected)).find((why) => why !== undefined);
  if (unsent !== undefined) return unwanted(check, unsent);
  if (leftOut !== undefined) return notJudged(check, leftOut);
  if (!seen.metrics.isKnown) {
    if (!seen.metrics.isAsked) return notJudged(check, 'CloudWatch was not asked');
    return judged(unanswered(check, 'brokers', 'cloudwatch', seen.metrics));
  }
  const brokerIds = brokersOfMetrics(seen);
  if (brokerIds.length === 0) {
    const message = 'No broker is known by id, so CloudWatch could not be asked.';
    return judged(finding(check, 'brokers', ['unknown', 'no-brokers-known'], message, ['cloudwatch']));
  }
  const findings = judged(...brokerIds.map((id) => evaluateOnBroker(resource, limit, id, seen)));
  return isBrokerRule(check) ? withUnjudgedSpan(check, seen, findings) : findings;
}

/** A judgement of the half hour, and beside it the time before that nobody judges. */
export function withUnjudgedSpan(check: string, seen: HealthFacts['seen'], findings: Judgement): Judgement {
  const unjudgedFromMs = seen.halfHour?.unjudgedFromMs;
  if (unjudgedFromMs === undefined) return findings;
  const from = new Date(unjudgedFromMs).toISOString();
  const to = new Date(seen.halfHour?.fromMs ?? seen.nowMs).toISOString();
  return combine(
    findings,
    notJudged(check, `from ${from} to ${to} is judged by nobody: for so long no run came that could read all of it`),
  );
}

function evaluateOnBroker(resource: Resource, limit: Limit, id: number, seen: HealthFacts['seen']): Finding {
  const { check, quantity, metrics, derive, what, unit, advice } = resource;
  const points = derive(metrics.map((metric) => pointsOf(seen, metric, id)));
  const samples = isFresh(points.at(-1), seen) ? points : [];
  const newest = samples.at(-1)?.value;
  const subject = `broker ${id}`;
  const isFloor = 'floor' in quantity;
  const verdict = isFloor ? reasonOf(evaluateFloor(limit, samples), 'below') : severityOf(limit, samples);
  const evidence = newest === undefined || Number.isNaN(newest) ? {} : { [quantityOf(resource)]: newest };
  const named = { ...evidence, metrics: metrics.join(' + ') };
  const isNotKnown = newest === undefined || verdict[0] === 'unknown';
  const unread = describeUnread(unreadSeries(seen, metrics, id));
  const why = unread === undefined ? `has no fresh ${metrics.join(', ')}` : `could not give ${unread}`;
  const level = isNotKnown
    ? `${subject}: CloudWatch ${why}, so its ${what} is not known`
    : `${subject}: ${what} at ${Math.round(newest * 10) / 10}${unit}`;
  const isBreached = isFloor
    ? (value: number, threshold: number) => value < threshold
    : (value: number, threshold: number) => value > threshold;
  const past =
    isBrokerRule(check) &&
    seen.halfHour &&
    findPastStretch(limit, points, { ...seen.halfHour, nowMs: seen.nowMs }, isBreached);
  if (past && compareSeverities(severityOfPast(past), verdict[0]) > 0) {
    const until = new Date(past.toMs).toISOString();
    const message = `${level}; it was ${isFloor ? 'under' : 'over'} ${past.threshold}${unit} for ${past.minutes} min until ${until}. ${advice}`;
    const then = { ...named, exceededMinutes: past.minutes, exceededUntil: until, exceededLimit: past.threshold };
    return finding(
      check,
      subject,
      [severityOfPast(past), `was-${isFloor ? 'below' : 'above'}-${past.level}`],
      message,
      ['cloudwatch'],
      then,
    );
  }
  if (isNotKnown) {
    const reason = unread === undefined ? verdict[1] : 'series-unreadable';
    return finding(check, subject, ['unknown', reason], `${level}.`, ['cloudwatch'], named);
  }
  const message = verdict[0] === 'ok' ? `${level}.` : `${level}, ${isFloor ? 'below' : 'above'} the policy. ${advice}`;
  return finding(check, subject, verdict, message, ['cloudwatch'], named);
}
