import type { NotificationTopic } from './configuration.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type Finding, findingKey, type Severity } from './finding.ts';

/** Who speaks: every event on the bus and every notice carries it. */
export type Speaker = { readonly cluster: string; readonly procedure: string; readonly runId: string };

/**
 * @property about what it is about beside its type, for an error that names it
 * @property resources ARNs of what the event is about
 */
export type BusEvent = {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly about?: string;
  readonly resources?: readonly string[];
};

/** By which a detail is of a form that its readers know. */
export const busVersion = 1;

/**
 * What every detail says beside its own, by which subscribers filter.
 *
 * @property atMs when it was so: the beginning of the look of a run that looks
 */
type Frame = Speaker & { readonly version: typeof busVersion; readonly atMs: number };

/** How a finding differs from what the bus took of it before; `still`: it does not. */
export const findingChanges = ['opened', 'worse', 'eased', 'closed', 'still'] as const;
type FindingChange = (typeof findingChanges)[number];

/**
 * What is told of one finding.
 *
 * @property sinceMs since when it is open; of a closed one, since when it was
 * @property finding of a closed one: severity `ok`
 * @property diagnosis what the run makes of all that it found; of a change alone
 * @property names names of the cluster that stand in the texts and could be taken for secrets
 */
export type FindingNews = {
  readonly change: FindingChange;
  readonly sinceMs: number;
  readonly finding: Finding;
  readonly diagnosis?: Diagnosis;
  readonly names?: readonly string[];
};

/** `mskeeper finding`. @property key `check|subject`: the same for each run's word about this finding, and for no other */
export type FindingDetail = Frame & FindingNews & { readonly key: string };

/**
 * That an act of ours, or a lock whose end is known, deals with a fault while time remains before harm; or that it does so no
 * longer (I3).
 *
 * @property what for people: `MSK enlarges the volumes to 600 GiB`
 * @property untilMs its own limit
 */
export type Dealing =
  | { readonly fault: 'disk'; readonly what: string; readonly untilMs: number }
  | { readonly fault: 'disk'; readonly isOver: true };

/**
 * What people are told that is no finding: acts, plans, requests, reports.
 *
 * @property key the same for each repeat of this word, and for no other
 * @property topic where people hear it; by severity where nobody listens there
 * @property isIntent people have to be told before an act: a receipt is kept once they were
 * @property dealing what its procedure does about a fault from now on
 */
export type NoticeNews = {
  readonly key: string;
  readonly topic: NotificationTopic;
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly Pick<Finding, 'check' | 'subject' | 'severity' | 'message'>[];
  readonly names?: readonly string[];
  readonly reportKey?: string;
  readonly isIntent?: boolean;
  readonly dealing?: Dealing;
};

/** `mskeeper notice`. */
export type NoticeDetail = Frame & { readonly notice: NoticeNews };

/**
 * What one look came to.
 *
 * @property judgedChecks checks that were judged of every subject: what the look did not name of them is over
 * @property lookedAtMs when the look began
 */
export type ReportNews = {
  readonly depth: string;
  readonly worst: Severity;
  readonly countBySeverity: Readonly<Record<Severity, number>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly judgedChecks: readonly string[];
  readonly lookedAtMs: number;
};

/** `mskeeper report`. */
export type ReportDetail = Frame & { readonly report: ReportNews; readonly names?: readonly string[] };

const frameOf = ({ cluster, procedure, runId }: Speaker, atMs: number): Frame => ({
  version: busVersion,
  cluster,
  procedure,
  runId,
  atMs,
});

/** The event of a plan: what it says is for subscribers of others, and nobody of ours reads it. */
export const planEventOf = (speaker: Speaker, atMs: number, plan: Readonly<Record<string, unknown>>): BusEvent => ({
  detailType: 'mskeeper plan',
  detail: { ...frameOf(speaker, atMs), plan },
});

/** What is told of a finding by who remembers none: each time as new, and as over where it is ok. */
export const newsOfUnremembered = (finding: Finding, atMs: number): FindingNews => ({
  change: finding.severity === 'ok' ? 'closed' : 'opened',
  sinceMs: atMs,
  finding,
});

/** The event of one finding. */
export function findingEventOf(speaker: Speaker, atMs: number, news: FindingNews): BusEvent {
  const { finding, change, sinceMs, diagnosis, names } = news;
  const detail: FindingDetail = {
    ...frameOf(speaker, atMs),
    change,
    sinceMs,
    key: findingKey(finding),
    finding,
    ...(diagnosis !== undefined && { diagnosis }),
    ...(names !== undefined && { names }),
  };
  return { detailType: 'mskeeper finding', detail, about: `${finding.check}, ${finding.subject}` };
}

/** The event of one word to people. */
export function noticeEventOf(speaker: Speaker, atMs: number, notice: NoticeNews): BusEvent {
  const detail: NoticeDetail = { ...frameOf(speaker, atMs), notice };
  return { detailType: 'mskeeper notice', detail, about: notice.key };
}

/** The event of one look. */
export function reportEventOf(speaker: Speaker, atMs: number, report: ReportNews, names?: readonly string[]): BusEvent {
  const detail: ReportDetail = { ...frameOf(speaker, atMs), report, ...(names !== undefined && { names }) };
  return { detailType: 'mskeeper report', detail };
}
