import { causeRows } from './cause-rows.ts';
import { type Cause, type CauseKind, causeKey, causeKinds } from './causes.ts';
import type { Member } from './member.ts';

type Symptom = Pick<Member, 'by' | 'check' | 'reason' | 'subject' | 'brokers'>;

const rankOf = (kind: CauseKind): number => causeKinds.indexOf(kind);

/**
 * The broker, topic or group of a subject: `broker 2` is of 2, and so is a directory of its own, `broker 2 /kafka`. Empty where
 * the subject is something else. A group's name may have spaces, the others have none.
 */
function ofOf(per: (typeof causeRows)[CauseKind]['per'], subject: string): string {
  if (per === 'cluster' || !subject.startsWith(`${per} `)) return '';
  const name = subject.slice(per.length + 1);
  return per === 'broker' ? (name.split(' ')[0] ?? '') : name;
}

/** The brokers that a symptom is of, where it says so. */
export const brokersOf = ({ subject, brokers }: Pick<Member, 'subject' | 'brokers'>): readonly string[] => {
  const own = ofOf('broker', subject);
  return own === '' ? brokers : [own];
};

/** The fault that a word is by itself, and proves; undefined for a mere symptom, and for every alarm. */
export function rootOf({ by, check, reason, subject }: Symptom): Cause | undefined {
  if (by === 'alarm') return undefined;
  const kind = causeKinds.find((one) =>
    causeRows[one].roots.some((root) => root.check === check && (root.reasons?.includes(reason) ?? true)),
  );
  return kind && { kind, of: ofOf(causeRows[kind].per, subject) };
}

/** What a word is a fault of where nothing else explains it. */
export function causeAlone(symptom: Symptom): Cause {
  const root = rootOf(symptom);
  if (root !== undefined) return root;
  const kind = causeKinds.find((one) => causeRows[one].own.includes(symptom.check)) ?? 'other';
  return { kind, of: ofOf(causeRows[kind].per, symptom.subject) };
}

/**
 * Whether a fault explains a symptom. A broker's explains what is of that broker, what names no broker, and what it does to the
 * others; that nobody knows whose it is explains what names none.
 */
export function isExplainedBy(symptom: Symptom, cause: Cause): boolean {
  const { own, symptoms, ifNamed, anywhere, per } = causeRows[cause.kind];
  if (!own.includes(symptom.check) && !symptoms.includes(symptom.check)) return false;
  if (ifNamed?.includes(symptom.check) === true && brokersOf(symptom).length === 0) return false;
  switch (per) {
    case 'cluster':
      return true;
    case 'broker': {
      const named = brokersOf(symptom);
      return named.length === 0 || named.includes(cause.of) || anywhere?.includes(symptom.check) === true;
    }
    case 'topic':
    case 'group':
      return ofOf(per, symptom.subject) === cause.of;
    default:
      return per satisfies never;
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

/** What people read first: the fault with the name of who is at fault, or that it is some broker, topic or group. */
export function titleOfCause(cause: Cause): string {
  const { title, per } = causeRows[cause.kind];
  return isNameless(cause) ? title.replace(`${per} {of}`, `a ${per}`) : title.replace('{of}', () => cause.of);
}
