import type { Affected, DiagnosedFinding, Diagnosis, NamedPartition } from '../../../../shared/core/diagnosis.ts';
import { compareSeverities, type Finding } from '../../../../shared/core/finding.ts';
import { compareCauses, rootOf, titleOfCause } from '../../incident/core/explain.ts';
import { isUnjudged } from './memory.ts';
import { planNextStep } from './next-step.ts';
import type { HealthVerdict } from './report.ts';
import type { Suffering } from './suffering.ts';

/** How much of lists and texts a diagnosis takes. */
export type Room = {
  readonly findings: number;
  readonly names: number;
  readonly evidence: number;
  /** In UTF-16 units. */
  readonly text: number;
};

/** Of which the first that fits is used. */
export const generousRooms: readonly Room[] = [
  { findings: 20, names: 50, evidence: 8, text: 500 },
  { findings: 20, names: 20, evidence: 6, text: 250 },
  { findings: 10, names: 10, evidence: 4, text: 250 },
  { findings: 5, names: 5, evidence: 2, text: 120 },
];

/** Fits whatever the names. */
export const bareRoom: Room = { findings: 2, names: 2, evidence: 0, text: 80 };

const cut = (text: string, units: number): string =>
  text.length <= units ? text : `${text.slice(0, units - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** What a run makes of all that it found (I5), in as much room as it is given. */
export function planDiagnosis(verdict: HealthVerdict, suffering: Suffering | undefined, room: Room): Diagnosis {
  const { at, depth, worst, sources } = verdict;
  const bad = verdict.findings.filter(({ severity }) => severity !== 'ok');
  const root = findRoot(bad);
  const first = root?.finding ?? bad[0];
  const short = (text: string): string => cut(text, room.text);
  return {
    at,
    depth,
    worst,
    sources: Object.fromEntries(Object.entries(sources).map(([source, said]) => [source, short(said)])),
    affected: affectedBy(bad, suffering, room),
    ...(suffering !== undefined && {
      offline: someOf(suffering.offline, room),
      underReplicated: someOf(suffering.underReplicated, room),
    }),
    findings: bad.slice(0, room.findings).map((one) => fitFinding(one, room)),
    moreFindingCount: Math.max(0, bad.length - room.findings),
    ...(root !== undefined && { suspected: short(root.says) }),
    next: first === undefined ? 'Nothing: what was found is over.' : planNextStep(fitFinding(first, room), verdict),
  };
}

/** The worst fault that a finding proves by itself, in the words in which a page names it. */
function findRoot(bad: readonly Finding[]): { readonly finding: Finding; readonly says: string } | undefined {
  const proven = bad.filter((one) => !isUnjudged(one) && compareSeverities(one.severity, 'warning') >= 0);
  const roots = proven.flatMap((finding) => {
    const cause = rootOf({ ...finding, by: 'finding', brokers: [] });
    return cause === undefined ? [] : [{ finding, cause }];
  });
  const [worst] = roots.toSorted((left, right) => compareCauses(left.cause, right.cause));
  return worst && { finding: worst.finding, says: titleOfCause(worst.cause) };
}

const subjectsOf = (findings: readonly Finding[], kind: string): readonly string[] => [
  ...new Set(
    findings.flatMap(({ subject }) => (subject.startsWith(`${kind} `) ? [subject.slice(kind.length + 1)] : [])),
  ),
];

/** Of warnings and worse, worst first, and of the partitions that suffer. */
function affectedBy(bad: readonly Finding[], suffering: Suffering | undefined, room: Room): Affected {
  const judged = bad.filter((one) => !isUnjudged(one) && compareSeverities(one.severity, 'warning') >= 0);
  const partitions = [...(suffering?.offline ?? []), ...(suffering?.underReplicated ?? [])];
  const brokers = subjectsOf(judged, 'broker').map(Number).filter(Number.isSafeInteger);
  const topics = [...new Set([...subjectsOf(judged, 'topic'), ...partitions.map(({ topic }) => topic)])];
  const groups = subjectsOf(judged, 'group');
  const some = (names: readonly string[]) => names.slice(0, room.names).map((name) => cut(name, room.text));
  return {
    ...(brokers.length > 0 && { brokerCount: brokers.length, brokers: brokers.slice(0, room.names) }),
    ...(topics.length > 0 && { topicCount: topics.length, topics: some(topics) }),
    ...(groups.length > 0 && { groupCount: groups.length, groups: some(groups) }),
  };
}

const someOf = (partitions: readonly NamedPartition[], room: Room) => ({
  count: partitions.length,
  named: partitions.slice(0, room.names).map((one) => ({ ...one, topic: cut(one.topic, room.text) })),
});

function fitFinding(finding: Finding, room: Room): DiagnosedFinding {
  const { check, subject, severity, reason, message, sources, evidence } = finding;
  const facts = Object.entries(evidence)
    .slice(0, room.evidence)
    .map(([name, value]) => [name, typeof value === 'string' ? cut(value, room.text) : value] as const);
  return {
    check,
    subject: cut(subject, room.text),
    severity,
    reason,
    message: cut(message, room.text),
    sources,
    evidence: Object.fromEntries(facts),
  };
}
