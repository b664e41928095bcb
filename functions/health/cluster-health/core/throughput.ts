import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import { evaluateAvailability } from '../../../../shared/core/metric-catalogue.ts';
import { evaluateFloor, evaluateLimit, type Limit, type Sample } from '../../../../shared/core/policy.ts';
import { limitOfRule } from './broker-rules.ts';
import type { HealthFacts } from './facts.ts';
import {
  describeUnread,
  finding,
  type Judgement,
  judged,
  nameFirst,
  notJudged,
  reasonOf,
  unanswered,
  unwanted,
} from './judgement.ts';
import { brokersOfMetrics, isFresh, pointsOf, unreadSeries } from './metrics.ts';
import type { HealthObservation } from './observation.ts';
import { type ResourcePolicy, withUnjudgedSpan } from './resources.ts';
import { findPastStretch, longestGapMs, type PastStretch, severityOfPast } from './stretches.ts';
import { isThroughputSummedByAlarm, type ThroughputSlug, throughputRules } from './throughput-rules.ts';

const metric = 'MessagesInPerSec';

const advice: Readonly<Record<ThroughputSlug, string>> = {
  'high-throughput': 'Ask who sends so much; add brokers before their CPU and network are used up.',
  'low-throughput': 'Ask its producers which of them stopped, or sends less.',
};

/** What the brokers took in one minute, added up. Where one of them said nothing it is what the others took: at least so much. */
type Minute = Sample & { readonly isComplete: boolean };

/** I9 high and low throughput of a cluster whose brokers are more than an alarm can add up, over every minute of the half hour. */
export function evaluateThroughput(slug: ThroughputSlug, facts: HealthFacts, policy: ResourcePolicy): Judgement {
  const { seen, expected } = facts;
  const rule = throughputRules[slug];
  const limit = limitOfRule(policy, rule);
  const availability = evaluateAvailability(metric, ['Cluster Name', 'Broker ID'], expected);
  if (limit === undefined) return unwanted(slug, `the policy names no ${Object.values(rule.quantity).join('')}`);
  if (availability.kind === 'not-emitted') return unwanted(slug, availability.message);
  if (isThroughputSummedByAlarm(expected)) return unwanted(slug, 'its alarm judges it');
  if (seen.isThroughputAsked !== true) return notJudged(slug, 'judged every half hour');
  if (!seen.metrics.isKnown) {
    return seen.metrics.isAsked
      ? judged(unanswered(slug, 'cluster', 'cloudwatch', seen.metrics))
      : notJudged(slug, 'CloudWatch was not asked');
  }
  if (brokersOfMetrics(seen).length === 0) {
    const message = 'No broker is known by id, so CloudWatch could not be asked.';
    return judged(finding(slug, 'cluster', ['unknown', 'no-brokers-known'], message, ['cloudwatch']));
  }
  return withUnjudgedSpan(slug, seen, judged(evaluateSum(slug, limit, seen)));
}

function evaluateSum(slug: ThroughputSlug, limit: Limit, seen: HealthObservation) {
  const isFloor = slug === 'low-throughput';
  const brokerIds = brokersOfMetrics(seen);
  const minutes = addUp(brokerIds.map((id) => pointsOf(seen, metric, id)));
  const [worst] = levels
    .flatMap((level) => judgeLevel(level, limit, isFloor, minutes, seen))
    .toSorted((left, right) => compareSeverities(right.verdict[0], left.verdict[0]));
  const newest = minutes.findLast(({ isComplete }) => isComplete) ?? minutes.at(-1);
  const silent = brokerIds.filter((id) => !isFresh(pointsOf(seen, metric, id).at(-1), seen));
  const unread = describeUnread(unreadSeries(seen, [metric]));
  const proven = worst?.verdict ?? ['unknown', 'no-data'];
  const verdict =
    proven[0] === 'unknown' && unread !== undefined ? (['unknown', 'series-unreadable'] as const) : proven;
  const evidence = {
    brokers: brokerIds.length,
    ...(newest?.isComplete === true && { messagesInPerSecond: newest.value }),
    ...(silent.length > 0 && { silentBrokers: nameFirst(silent.map(String)) }),
    metrics: metric,
  };
  const say = (message: string, more = {}) =>
    finding(slug, 'cluster', verdict, message, ['cloudwatch'], { ...evidence, ...more });
  if (newest === undefined || verdict[0] === 'unknown') {
    const notKnown = 'The messages a second of the cluster are not known';
    if (unread !== undefined) return say(`${notKnown}: CloudWatch could not give ${unread}.`);
    const whose =
      silent.length === 0
        ? `no minute of the last ten in which all ${brokerIds.length} brokers sent ${metric}`
        : `no fresh ${metric} of ${silent.length === 1 ? 'broker' : 'brokers'} ${nameFirst(silent.map(String))}`;
    return say(`${notKnown}: CloudWatch has ${whose}.`);
  }
  const rate = `${newest.isComplete ? '' : 'at least '}${Math.round(newest.value)} messages a second`;
  const level = isFresh(newest, seen)
    ? `The cluster takes ${rate} on ${brokerIds.length} brokers`
    : `The cluster took ${rate} on ${brokerIds.length} brokers at ${new Date(newest.atMs).toISOString()}`;
  if (verdict[0] === 'ok') return say(`${level}.`);
  const past = worst?.past;
  if (past === undefined) return say(`${level}, ${isFloor ? 'below' : 'above'} the policy. ${advice[slug]}`);
  const until = new Date(past.toMs).toISOString();
  return say(
    `${level}; it was ${isFloor ? 'under' : 'over'} ${past.threshold} for ${past.minutes} min until ${until}. ${advice[slug]}`,
    { exceededMinutes: past.minutes, exceededUntil: until, exceededLimit: past.threshold },
  );
}

const levels = ['emergency', 'critical', 'warning', 'notice'] as const;

type LevelVerdict = { readonly verdict: readonly [Severity, string]; readonly past?: PastStretch };

/**
 * One level by the minutes that prove something of it: every complete one, and of the others those whose sum alone is at
 * least its number, which is a breach of a limit and none of a floor.
 */
function judgeLevel(
  level: (typeof levels)[number],
  limit: Limit,
  isFloor: boolean,
  minutes: readonly Minute[],
  seen: HealthObservation,
): readonly LevelVerdict[] {
  const threshold = limit[level];
  if (threshold === undefined) return [];
  const isProven = ({ value, isComplete }: Minute) => isComplete || (isFloor ? value >= threshold : value > threshold);
  const samples = minutes.filter(isProven);
  const ofLevel: Limit = { warning: threshold, warningForMinutes: limit[`${level}ForMinutes`] ?? 0 };
  const now = sinceLastGap(samples);
  const side = isFloor ? 'below' : 'above';
  const isKnown = isFresh(now.at(-1), seen);
  const { severity, pending } = isFloor ? evaluateFloor(ofLevel, now) : evaluateLimit(ofLevel, now);
  if (isKnown && severity === 'warning') return [{ verdict: [level, `${side}-${level}`] }];
  const isBreached = isFloor ? (value: number, floor: number) => value < floor : undefined;
  const stretch =
    seen.halfHour && findPastStretch(ofLevel, samples, { ...seen.halfHour, nowMs: seen.nowMs }, isBreached);
  const past = stretch && { ...stretch, level };
  return [
    { verdict: isKnown ? reasonOf({ severity, ...(pending && { pending }) }, side) : ['unknown', 'incomplete'] },
    ...(past === undefined ? [] : [{ verdict: [severityOfPast(past), `was-${side}-${level}`] as const, past }]),
  ];
}

/** Every minute in which any broker sent something, oldest first. */
function addUp(seriesByBroker: readonly (readonly Sample[])[]): readonly Minute[] {
  const valuesByMs = Map.groupBy(seriesByBroker.flat(), ({ atMs }) => atMs);
  return [...valuesByMs]
    .map(([atMs, points]) => ({
      atMs,
      value: points.reduce((sum, { value }) => sum + value, 0),
      isComplete: points.length === seriesByBroker.length,
    }))
    .toSorted((left, right) => left.atMs - right.atMs);
}

/** What is judged as lasting until now: nobody knows what was in a longer silence. */
function sinceLastGap(samples: readonly Minute[]): readonly Minute[] {
  const last = samples.findLastIndex(
    ({ atMs }, index) => index > 0 && atMs - (samples[index - 1]?.atMs ?? atMs) > longestGapMs,
  );
  return samples.slice(Math.max(0, last));
}
