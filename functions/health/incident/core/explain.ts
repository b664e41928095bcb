import { type Cause, type CauseKind, causeKey, causeKinds, causeRows } from './causes.ts';
import type { Member } from './member.ts';

type Symptom = Pick<Member, 'by' | 'check' | 'reason' | 'subject' | 'brokers'>;

const rankOf = (kind: CauseKind): number => causeKinds.indexOf(kind);

/** The broker, topic or group of a subject: `broker 2` is of 2. Empty where the subject is something else. */
const ofOf = (per: (typeof causeRows)[CauseKind]['per'], subject: string): string =>
  per !== 'cluster' && subject.startsWith(`${per} `) ? subject.slice(per.length + 1) : '';

/** The fault that a word is by itself, and proves; undefined for a mere symptom, and for every alarm. */
export function rootOf({ by, check, reason, subject }: Symptom): Cause | undefined {
  if (by === 'alarm') return undefined;
  const kind = causeKinds.find((one) =>
    causeRows[one].roots.some((root) => root.check === check && (root.reasons?.includes(reason) ?? true)),
  );
  return kind && { kind, of: ofOf(causeRows[kind].per, subject) };
}

/** What a word is a fault of where nothing else explains it: the last kind that lists it, since the worst may be guessed of nobody. */
export function causeAlone(symptom: Symptom): Cause {
  const root = rootOf(symptom);
  if (root !== undefined) return root;
  const kind = causeKinds.findLast((one) => causeRows[one].symptoms.includes(symptom.check)) ?? 'other';
  return { kind, of: ofOf(causeRows[kind].per, symptom.subject) };
}

/**
 * Whether a fault explains a symptom. A broker's explains what is of that broker, and what names no broker; that nobody
 * knows whose it is explains what names none.
 */
export function isExplainedBy(symptom: Symptom, cause: Cause): boolean {
  const row = causeRows[cause.kind];
  if (!row.symptoms.includes(symptom.check)) return false;
  const own = ofOf('broker', symptom.subject);
  const named = own === '' ? symptom.brokers : [own];
  switch (row.per) {
    case 'cluster':
      return true;
    case 'broker':
      return named.length === 0 || named.includes(cause.of);
    case 'topic':
    case 'group':
      return ofOf(row.per, symptom.subject) === cause.of;
    default:
      return row.per satisfies never;
  }
}

/** A fault of a broker, topic or group that nobody named: a guess, which every named one of its kind replaces. */
const isNameless = ({ kind, of }: Cause): boolean => of === '' && causeRows[kind].per !== 'cluster';

/** Worst kind first; of one kind the named before the nameless, and by name, so that the order of words plays no part. */
export const compareCauses = (left: Cause, right: Cause): number =>
  rankOf(left.kind) - rankOf(right.kind) ||
  Number(isNameless(left)) - Number(isNameless(right)) ||
  (causeKey(left) < causeKey(right) ? -1 : Number(causeKey(left) !== causeKey(right)));

/** The worst of the faults that are known which explains a symptom, its own among them. */
export function causeOf(symptom: Symptom, known: readonly Cause[]): Cause {
  const alone = causeAlone(symptom);
  const explaining = known.filter((cause) => isExplainedBy(symptom, cause));
  return [...explaining, alone].toSorted(compareCauses)[0] ?? alone;
}
