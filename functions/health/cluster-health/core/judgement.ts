import type { Finding, Severity, Source } from '../../../../shared/core/finding.ts';
import type { NotKnown } from '../../../../shared/core/known.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import { evaluateLimit, type Limit, type Sample, type Verdict } from '../../../../shared/core/policy.ts';
import { unreadSeries } from './metrics.ts';
import type { HealthObservation } from './observation.ts';

/** A source that was asked and did not answer. */
type Failed = Extract<NotKnown, { isAsked: true }>;

/**
 * A rule, or one of its subjects, that was left out on purpose: the report lists it, so that silence is never read as health,
 * and what the runs before left open of that check stays open unless this run found it.
 *
 * @property isUnwanted mskeeper.yml asks nobody to judge it, in this run or another: what is open of it is over
 */
export type NotJudged = { readonly check: string; readonly reason: string; readonly isUnwanted?: true };

export type Judgement = { readonly findings: readonly Finding[]; readonly notJudged: readonly NotJudged[] };

/** A rule that was applied, with what it found; no finding is a rule without a subject, which says nothing about health. */
export const judged = (...findings: readonly Finding[]): Judgement => ({ findings, notJudged: [] });

/** A rule that was left out: `reason` is a sentence for the report's `notJudged`, and no finding stands for it. */
export const notJudged = (check: string, reason: string): Judgement => ({
  findings: [],
  notJudged: [{ check, reason }],
});

/** A rule of which mskeeper.yml leaves nothing to judge, whatever the run: `reason` is a sentence for the report's `notJudged`. */
export const unwanted = (check: string, reason: string): Judgement => ({
  findings: [],
  notJudged: [{ check, reason, isUnwanted: true }],
});

/** Several rules' judgements as one, in the order given. */
export const combine = (...judgements: readonly Judgement[]): Judgement => ({
  findings: judgements.flatMap(({ findings }) => findings),
  notJudged: judgements.flatMap(({ notJudged: left }) => left),
});

/** How bad it is, and the word for why. */
export type Ruling = readonly [Severity, string];

/** One finding's parts in the order people read them. */
export const finding = (
  check: string,
  subject: string,
  [severity, reason]: Ruling,
  message: string,
  sources: readonly Source[],
  evidence: Finding['evidence'] = {},
): Finding => ({ check, subject, severity, reason, message, sources, evidence });

/** A source did not answer: never healthy, names the call and its failure. */
export const unanswered = (check: string, subject: string, source: Source, failed: Failed): Finding =>
  finding(
    check,
    subject,
    ['unknown', failed.failure],
    `${subject}: not known, because ${failed.call} failed (${failed.failure}): ${failed.why}`,
    [source],
    { call: failed.call, failure: failed.failure },
  );

/** Neither brokers nor this metric told it: names the call, or the series, that failed where there is one. */
export function unseen(seen: HealthObservation, check: string, metric: MetricName): Judgement {
  if (!seen.view.isKnown && seen.view.isAsked) return judged(unanswered(check, 'cluster', 'brokers', seen.view));
  if (!seen.metrics.isKnown && seen.metrics.isAsked) {
    return judged(unanswered(check, 'cluster', 'cloudwatch', seen.metrics));
  }
  const unread = describeUnread(unreadSeries(seen, [metric]));
  if (unread !== undefined) {
    const why = `The brokers did not tell it, and CloudWatch could not give ${unread}.`;
    return judged(
      finding(check, 'cluster', ['unknown', 'series-unreadable'], why, ['brokers', 'cloudwatch'], { metric }),
    );
  }
  const message = 'Neither the brokers nor CloudWatch told it.';
  return judged(finding(check, 'cluster', ['unknown', 'no-data'], message, ['brokers', 'cloudwatch']));
}

const namedItems = 5;

/** `orders-0, orders-1 and 12 more`: enough to start with, short enough for a text message. */
export function nameFirst(names: readonly string[], most = namedItems): string {
  const named = names.slice(0, most).join(', ');
  const rest = names.length - most;
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** Series that CloudWatch could not give, as words after "could not give": `CpuUser of broker 2 (Forbidden)`. Undefined of none. */
export function describeUnread(series: ReturnType<typeof unreadSeries>): string | undefined {
  const [first] = series;
  if (first === undefined) return undefined;
  const metrics = [...new Set(series.map(({ metric }) => metric))].join(', ');
  const ids = [...new Set(series.flatMap(({ brokerId }) => (brokerId === undefined ? [] : [String(brokerId)])))];
  const whose = ids.length === 0 ? '' : ` of ${ids.length === 1 ? 'broker' : 'brokers'} ${nameFirst(ids)}`;
  return `${series.some(({ part }) => part === 'some') ? 'all of ' : ''}${metrics}${whose} (${first.why})`;
}

/** A limit's verdict as a finding's severity and reason. A breach that has not lasted yet is a notice, never ok. */
export const severityOf = (limit: Limit, samples: readonly Sample[]): Ruling =>
  reasonOf(evaluateLimit(limit, samples), 'above');

/** The same of any verdict; `side` is where of its threshold a bad value lies. */
export function reasonOf({ severity, pending }: Verdict, side: 'above' | 'below'): Ruling {
  if (severity === 'unknown') return ['unknown', 'no-data'];
  if (severity !== 'ok') return [severity, `${side}-${severity}`];
  return pending === undefined ? ['ok', 'within-policy'] : ['notice', `${side}-not-yet-lasting`];
}
