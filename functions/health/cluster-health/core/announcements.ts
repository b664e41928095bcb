import { type BusEvent, busEventOf, findingEventOf } from '../../../../shared/core/bus-event.ts';
import {
  compareSeverities,
  type Finding,
  type Severity,
  type Source,
  severities,
} from '../../../../shared/core/finding.ts';
import type { Change } from './changes.ts';
import { findingKey } from './memory.ts';
import type { HealthVerdict } from './report.ts';

const sourceNames: Readonly<Record<Source, string>> = {
  msk: 'MSK API',
  cloudwatch: 'CloudWatch',
  brokers: 'brokers',
  endpoint: 'endpoint',
  configuration: 'mskeeper.yml',
  mskeeper: 'mskeeper',
};

/** How many other findings a notification lists below the changes. */
const mostListed = 20;

/** One notification a severity. Texts are escaped where they are sent, not here. */
export type Announcement = {
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly Pick<Finding, 'check' | 'subject' | 'severity' | 'message'>[];
  /** Keys of the findings that it tells of. */
  readonly keys: readonly string[];
  readonly names?: readonly string[];
};

/** What changed, by the topic that hears it, and beneath it how the cluster stands, worst first (I2). */
export function planAnnouncements(verdict: HealthVerdict): readonly Announcement[] {
  return [...severities].reverse().flatMap((severity) => {
    const changes = verdict.changes.filter(({ toldTo }) => toldTo.includes(severity));
    const [first] = [...changes.filter(isWorsening), ...changes];
    if (first === undefined) return [];
    const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
    const keys = changes.map(({ key }) => key);
    const others = verdict.findings.filter((one) => one.severity !== 'ok' && !keys.includes(findingKey(one)));
    return [
      {
        severity,
        headline: `${first.kind === 'closed' ? 'over: ' : ''}${first.message}${more}`,
        findings: [...changes.map((change) => changed(change, severity)), ...others.slice(0, mostListed).map(still)],
        keys,
        ...namesOf(verdict),
      },
    ];
  });
}

const isWorsening = ({ kind }: Change): boolean => kind === 'opened' || kind === 'worse';

/** @param severity the topic's, also of a change that others heard as worse */
function changed({ kind, key, message }: Change, severity: Severity): Announcement['findings'][number] {
  const check = key.slice(0, key.indexOf('|'));
  return { check, subject: key.slice(check.length + 1), severity, message: `${kind}: ${message}` };
}

const still = (one: Finding): Announcement['findings'][number] => {
  const { check, subject, severity } = one;
  return { check, subject, severity, message: describe(one) };
};

/** Which source said it, and what a window holds. */
const describe = ({ message, sources, evidence }: Finding): string => {
  const held = evidence.heldByWindow === undefined ? '' : ` (held by window ${evidence.heldByWindow})`;
  return `${message} (${sources.map((source) => sourceNames[source]).join(', ')})${held}`;
};

/** Every document that tells of a verdict says which of its words are names. */
const namesOf = ({ names }: HealthVerdict) => (names === undefined ? {} : { names });

/** Events for the bus: one for each finding from notice up, and one for the run, whatever it found. */
export function planEvents(verdict: HealthVerdict): readonly BusEvent[] {
  const { at, depth, worst, countBySeverity } = verdict;
  const atMs = Date.parse(at);
  const findings = verdict.findings.filter(({ severity }) => compareSeverities(severity, 'notice') >= 0);
  const summary = { depth, worst, countBySeverity, sources: verdict.sources };
  const events = [
    ...findings.map((finding) => findingEventOf(verdict, atMs, finding)),
    busEventOf(verdict, atMs, 'mskeeper report', { report: summary }),
  ];
  return events.map((event) => ({ ...event, detail: { ...event.detail, ...namesOf(verdict) } }));
}
