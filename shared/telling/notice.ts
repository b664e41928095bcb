import type { Speaker } from '../core/bus-event.ts';
import { compareSeverities, type Finding, type Severity } from '../core/finding.ts';
import { runbookPageOf } from '../core/runbook.ts';
import { escapeClusterText, escapeForeignText } from '../text/cluster-text.ts';
import { toJson } from '../text/json.ts';
import { namesIn } from '../text/names.ts';
import { redactRecord, redactText } from '../text/redaction.ts';
import { fitUtf8, utf8Bytes } from '../text/utf8.ts';

/** What a notification says. All texts may hold names from the cluster: they are escaped here and nowhere before. */
export type Notice = {
  readonly severity: Severity;
  readonly cluster: string;
  readonly procedure: string;
  readonly runId: string;
  readonly atMs: number;
  /** One short sentence: what happened. */
  readonly headline: string;
  /** Of any severity, in any order; the worst stand first. */
  readonly findings: readonly Pick<Finding, 'check' | 'subject' | 'severity' | 'message'>[];
  /** Names of the cluster that stand in the texts and could be taken for secrets. */
  readonly names?: readonly string[];
  /** Page of the runbook (`docs/runbook/cluster-health.md`) and whom to call, roles only. */
  readonly runbook: string;
  readonly contacts: readonly string[];
  /** Where the whole report is kept. */
  readonly reportKey?: string;
  /** The same for each repeat of this notice, for who must not hear it twice. */
  readonly key?: string;
};

/** The notice of a run: what is the same in all that it tells, and what it tells now. */
export const noticeOf = (
  { cluster, procedure, runId }: Speaker,
  contacts: readonly { readonly role: string }[],
  atMs: number,
  said: Pick<Notice, 'severity' | 'headline' | 'findings' | 'names' | 'reportKey' | 'key'>,
): Notice => ({
  ...said,
  cluster,
  procedure,
  runId,
  atMs,
  runbook: runbookPageOf(procedure),
  contacts: contacts.map(({ role }) => role),
});

/** SNS Publish with MessageStructure `json`. */
export type NoticeMessage = { readonly subject: string; readonly message: string };

/**
 * SNS: a message of at most 262,144 bytes in UTF-8, all protocols together, its attributes with their names and types among
 * them (notify.ts): severity, cluster, procedure and key need less than 1 KiB.
 */
export const messageBytes = 262_144 - 1_024;
/** SNS: fewer than 100 characters. */
const subjectCharacters = 99;
const smsCharacters = 140;
/** Findings shown, from many to few until the message fits. */
const findingCounts = [50, 20, 5, 0] as const;

/**
 * A message for each protocol: `email` and `default` in full sentences, `sms` in one short line, `https` as JSON for
 * PagerDuty or Slack bridges. Never too long, never with a line of somebody else's making.
 */
export function planNotice(notice: Notice): NoticeMessage {
  const names = namesIn({ names: notice.names, findings: notice.findings });
  const clean: Clean = (text, most) => escapeForeignText(redactText(text, names), names, most);
  const subject = subjectOf(notice, clean);
  for (const count of findingCounts) {
    const message = messageOf(notice, subject, count, clean);
    if (utf8Bytes(message) <= messageBytes) return { subject, message };
  }
  const bare = fitUtf8(subject, smsCharacters);
  return { subject, message: toJson({ default: bare, sms: bare }) };
}

/** Pages, keys and contacts are ours and our users': their dots are left, so that they can be followed. */
const cleanOwn = (text: string, maxCharacters: number): string => escapeClusterText(redactText(text), maxCharacters);

/** Without secrets, and without anything active; names of what is told of are recognisable. */
type Clean = (text: string, maxCharacters?: number) => string;

/** ASCII, since older subscriptions refuse anything else: `[CRITICAL] orders: broker 2 does not answer`. */
function subjectOf({ severity, cluster, headline }: Notice, clean: Clean): string {
  const text = `[${severity.toUpperCase()}] ${clean(cluster, 40)}: ${clean(headline)}`;
  const ascii = text.replaceAll('…', '...').replaceAll(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= subjectCharacters ? ascii : `${ascii.slice(0, subjectCharacters - 3)}...`;
}

function messageOf(notice: Notice, subject: string, findingCount: number, clean: Clean): string {
  const findings = notice.findings.toSorted((left, right) => compareSeverities(right.severity, left.severity));
  const shown = findings.slice(0, findingCount);
  const hiddenCount = findings.length - shown.length;
  const text = linesOf(notice, subject, shown, hiddenCount, clean).join('\n');
  return toJson({
    default: text,
    email: text,
    sms: smsOf(subject, findings.length),
    https: toJson(jsonOf(notice, shown, hiddenCount, clean)),
  });
}

function linesOf(
  notice: Notice,
  subject: string,
  shown: Notice['findings'],
  hiddenCount: number,
  clean: Clean,
): readonly string[] {
  const { headline, runId, atMs, runbook, contacts, reportKey } = notice;
  return [
    subject,
    '',
    clean(headline),
    ...shown.map(({ severity, subject: what, message }) => `- ${severity}: ${clean(what, 300)}: ${clean(message)}`),
    ...(hiddenCount === 0 ? [] : [`- and ${hiddenCount} more`]),
    '',
    `What to do: ${escapeClusterText(runbook, 300)}`,
    ...(contacts.length === 0 ? [] : [`Whom to call: ${contacts.map((contact) => cleanOwn(contact, 200)).join(', ')}`]),
    ...(reportKey === undefined ? [] : [`Report: ${cleanOwn(reportKey, 1_024)}`]),
    `Run ${clean(runId, 100)} of ${clean(notice.procedure, 100)} at ${new Date(atMs).toISOString()}`,
  ];
}

function smsOf(subject: string, findingCount: number): string {
  const suffix = findingCount > 1 ? ` (${findingCount} findings)` : '';
  return `${subject.slice(0, smsCharacters - suffix.length)}${suffix}`;
}

/** For programs. Escaped like the rest, since most of them only pass the text on to people. */
function jsonOf(notice: Notice, shown: Notice['findings'], hiddenCount: number, clean: Clean): Record<string, unknown> {
  const { severity, cluster, procedure, runId, atMs, headline, names, runbook, contacts, reportKey, key } = notice;
  const at = new Date(atMs).toISOString();
  const texts = {
    cluster: clean(cluster, 40),
    headline: clean(headline),
    runbook: escapeClusterText(runbook, 300),
    contacts: contacts.map((contact) => cleanOwn(contact, 200)),
  };
  const findings = shown.map((finding) => ({
    ...finding,
    subject: clean(finding.subject, 300),
    message: clean(finding.message),
  }));
  return redactRecord({
    version: 1,
    severity,
    procedure: cleanOwn(procedure, 100),
    runId: cleanOwn(runId, 100),
    at,
    ...texts,
    findings,
    hiddenCount,
    ...(reportKey !== undefined && { reportKey: cleanOwn(reportKey, 1_024) }),
    ...(key !== undefined && { key: clean(key, 255) }),
    ...(names !== undefined && { names: names.map((name) => clean(name, 300)) }),
  });
}
