import type { NotificationTopic } from '../../../../shared/core/configuration.ts';
import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import { runbookPageOf } from '../../../../shared/core/runbook.ts';
import { hourMs } from '../../../../shared/core/units.ts';
import type { Page } from '../../../../shared/telling/core/page.ts';
import type { Message } from './outbox.ts';
import type { PageFrame } from './pages.ts';
import { type Destination, destinationsOf, isCaller, type Reach } from './reach.ts';
import { type PagingSeverity, pagingSeverities } from './words.ts';

/**
 * What a procedure tells people that is no fault: an act, a plan, a request for approval, a report.
 *
 * @property key the same for each repeat of this word
 * @property isIntent it acts once a receipt says that people were told
 */
export type NoticeSaid = {
  readonly key: string;
  readonly procedure: string;
  readonly atMs: number;
  readonly topic: NotificationTopic;
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly { readonly subject: string; readonly severity: Severity; readonly message: string }[];
  readonly names: readonly string[];
  readonly reportKey?: string;
  readonly isIntent: boolean;
};

/** Findings that a notice lists; the rest is counted. */
const mostFacts = 12;

/** The severity by which it is told; none where it is no more than a notice. */
export const pagingOf = (severity: Severity): PagingSeverity | undefined =>
  pagingSeverities.find((one) => one === severity);

/** Who hears it: the topic's own people, and where there are none those of its severity. */
function whoHears(
  { topic, severity }: NoticeSaid,
  reach: Reach,
): { readonly topic: NotificationTopic; readonly names: readonly string[] } {
  const own = reach.byTopic(topic);
  if (own.length > 0) return { topic, names: own };
  const fallback = pagingOf(severity) ?? 'warning';
  return { topic: fallback, names: reach.bySeverity(fallback) };
}

const pageOfNotice = (notice: NoticeSaid, frame: PageFrame): Page => {
  const { key, procedure, atMs, severity, headline, findings, names, reportKey } = notice;
  const ranked = findings.toSorted((left, right) => compareSeverities(right.severity, left.severity));
  const shown = ranked.filter(({ message }) => message !== headline).slice(0, mostFacts);
  return {
    cluster: frame.cluster,
    region: frame.region,
    accountId: frame.accountId,
    incidentId: key,
    severity: pagingOf(severity) ?? 'notice',
    kind: 'notice',
    title: headline,
    says: headline,
    atMs,
    startedAtMs: atMs,
    facts: shown.map(({ subject, message }) => ({ text: `${subject}: ${message}`, source: procedure })),
    moreFactCount: Math.max(0, ranked.filter(({ message }) => message !== headline).length - shown.length),
    tried: [],
    nextCommand: reportKey === undefined ? '' : `Report: ${reportKey}`,
    runbook: runbookPageOf(procedure),
    contacts: frame.contacts.filter(({ level }) => level === 'on-call').map(({ role }) => role),
    names,
  };
};

/** Who calls people keeps what it was told until that is ended: as long as PagerDuty does where nobody set another time. */
export const noticeStandsMs = 4 * hourMs;

/** A notice's messages: one try each to whoever hears its topic, repeated until it is taken. */
export function planNotice(notice: NoticeSaid, reach: Reach, frame: PageFrame, nowMs: number): readonly Message[] {
  const { key, headline: says, isIntent } = notice;
  const { topic, names } = whoHears(notice, reach);
  const saying = { key, says, page: pageOfNotice(notice, frame), isIntent };
  return messagesOfNotice(`notice/${key}`, destinationsOf(names, topic, reach), saying, reach, nowMs);
}

/**
 * The same to each of these. Where it opens something that stands, a second message ends it: nobody else would.
 *
 * @param prefix of the messages' ids
 */
export const messagesOfNotice = (
  prefix: string,
  destinations: readonly Destination[],
  { isIntent, ...saying }: Pick<Message, 'key' | 'says'> & { readonly page: Page; readonly isIntent: boolean },
  reach: Reach,
  nowMs: number,
): readonly Message[] =>
  destinations.flatMap((destination, index): readonly Message[] => {
    const message: Message = {
      ...saying,
      id: `${prefix}/${index + 1}`,
      destination,
      action: 'notice',
      kind: 'notice',
      madeAtMs: nowMs,
      dueAtMs: nowMs,
      tries: 0,
    };
    const told: Message = { ...message, ...(isIntent && { isIntent }) };
    return isCaller(destination, reach)
      ? [told, { ...message, id: `${message.id}/end`, action: 'resolve', dueAtMs: nowMs + noticeStandsMs }]
      : [told];
  });
