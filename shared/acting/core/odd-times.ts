import { clockSkewMs, isAhead } from '../../core/clocks.ts';
import type { ActRecord } from './record.ts';

/** A time that the audit holds, by what it is of. */
type Told = readonly [what: string, atMs: number];

const timesOfTries = ({ tries, end }: ActRecord): readonly Told[] => [
  ...tries.map(({ id, atMs }): Told => [`its try ${id}`, atMs]),
  ...tries.flatMap(({ id, withdrawn }): Told[] =>
    withdrawn ? [[`the withdrawal of its try ${id}`, withdrawn.atMs]] : [],
  ),
  ...(end === undefined ? [] : [['its end', end.atMs] as const]),
];

const timesOfPlan = ({ plannedAtMs, approval, voidAnswers = [] }: ActRecord): readonly Told[] => [
  ['its plan', plannedAtMs],
  ...[approval ?? [], ...(approval?.earlier ?? [])].flat().map(({ atMs }): Told => ['its approval', atMs]),
  ...voidAnswers.map(({ askedAtMs }): Told => ['a request that was answered in vain', askedAtMs]),
];

/**
 * What the times of a cause say that cannot be: one that is still to come, or a try or an end from before the cause was
 * claimed. By such a time a call that is long over would be under way for ever, or one that is under way be over.
 *
 * @param claimedAtMs when the first plan of the cause was made, before anything was tried for it
 * @returns in words that follow on "says that"; undefined where all can be
 */
export function describeOddTime(claimedAtMs: number, record: ActRecord | undefined, nowMs: number): string | undefined {
  const tried = record === undefined ? [] : timesOfTries(record);
  const all: readonly Told[] = [
    ['its plan', claimedAtMs],
    ...tried,
    ...(record === undefined ? [] : timesOfPlan(record)),
  ];
  const ahead = all.find(([, atMs]) => isAhead(atMs, nowMs));
  if (ahead !== undefined) return `${ahead[0]} was made at ${timeOf(ahead[1])}, which is still to come`;
  const before = tried.find(([, atMs]) => atMs < claimedAtMs - clockSkewMs);
  if (before === undefined) return undefined;
  return `${before[0]} was made at ${timeOf(before[1])}, before it was planned at ${timeOf(claimedAtMs)}`;
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString();
