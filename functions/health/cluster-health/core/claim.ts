import { isAhead, isWithin } from '../../../../shared/core/clocks.ts';
import { secondMs } from '../../../../shared/core/units.ts';
import type { Wake } from './observation.ts';

/** A wake as it is left to another run; `eventId` tells a second delivery from a second change. */
export type LeftWake = Wake & { readonly eventId: string };

/** Wakes, one an alarm and the newest; those beyond what there is room for are counted, and their rules kept. */
export type WakeList = {
  readonly wakes: readonly LeftWake[];
  readonly beyondCount: number;
  readonly beyondRules: readonly string[];
};

/**
 * Who looks because alarms woke it, and which wakes wait: sixty alarms in a minute make a look or three, not sixty.
 *
 * @property holder the run that looks, since when; absent where nobody does
 * @property round counts the looks by claim, so that a run whose answer was lost finds out what it wrote
 * @property beganAtMs when the newest look by claim began, or was about to
 * @property serving what the holder looks for: kept until it has looked, since it may die
 * @property waiting left by runs that were refused since that look began
 */
export type LookClaim = {
  readonly version: 1;
  readonly holder?: { readonly runId: string; readonly sinceMs: number };
  readonly round: number;
  readonly beganAtMs: number;
  readonly serving: WakeList;
  readonly waiting: WakeList;
};

export const noWakes: WakeList = { wakes: [], beyondCount: 0, beyondRules: [] };

/** Nobody looks, nothing waits. */
export const freeClaim: LookClaim = { version: 1, round: 0, beganAtMs: 0, serving: noWakes, waiting: noWakes };

/** A run lives no longer (its Lambda's timeout), so what it holds lapses then. */
const lapseMs = 120 * secondMs;
/** Between two looks by claim: what wakes meanwhile is served by one, and the second sees what the first alarms began. */
const betweenLooksMs = 30 * secondMs;
/** Alarms that may wait at once; a stack has few more. */
const mostWaiting = 100;
const mostBeyondRules = 40;

/** What a look is for; a wake that was only counted is a wake of its rule. */
export const wakesOf = ({ wakes, beyondRules }: WakeList, nowMs: number): readonly Wake[] => [
  ...wakes,
  ...beyondRules.map((rule) => ({ alarmName: `one of more alarms (${rule})`, rule, changedAtMs: nowMs })),
];

/** All of them as one list, whatever order they came in. A change that is still to come is not the newest one. */
function joinWakes(nowMs: number, ...lists: readonly WakeList[]): WakeList {
  const changedAt = ({ changedAtMs }: LeftWake) => (isAhead(changedAtMs, nowMs) ? 0 : changedAtMs);
  const byAlarm = new Map<string, LeftWake>();
  for (const wake of lists.flatMap(({ wakes }) => wakes)) {
    const before = byAlarm.get(wake.alarmName);
    const isNewest = before === undefined || changedAt(before) <= changedAt(wake);
    // One that names no rule takes away none.
    byAlarm.set(wake.alarmName, isNewest ? { ...before, ...wake } : { ...wake, ...before });
  }
  const all = [...byAlarm.values()];
  const beyond = all.slice(mostWaiting);
  const rules = [...lists.flatMap(({ beyondRules }) => beyondRules), ...beyond.flatMap(({ rule }) => rule ?? [])];
  return {
    wakes: all.slice(0, mostWaiting),
    beyondCount: lists.reduce((count, list) => count + list.beyondCount, beyond.length),
    beyondRules: [...new Set(rules)].slice(0, mostBeyondRules),
  };
}

export const listOf = (wake: LeftWake): WakeList => ({ ...noWakes, wakes: [wake] });

const isEmpty = ({ wakes, beyondCount }: WakeList): boolean => wakes.length + beyondCount === 0;

/** Another run holds the look, and is alive for all that is known. */
function findOther({ holder }: LookClaim, runId: string, nowMs: number): string | undefined {
  if (holder === undefined || holder.runId === runId) return undefined;
  return isWithin(holder.sinceMs, lapseMs, nowMs) ? holder.runId : undefined;
}

/**
 * What a run may do, and the claim as it must be written before it does; no `claim` where there is nothing to write.
 *
 * - `look`: once `notBeforeMs` has come, for `serving`; where it has to wait, for what `beginLook` says then
 * - `left`: another run looks, and will once more
 * - `released`: it has looked, and nobody holds the look now
 * - `lost`: what it held lapsed, and another run took it over
 */
export type ClaimStep =
  | { readonly kind: 'look'; readonly claim: LookClaim; readonly serving: WakeList; readonly notBeforeMs: number }
  | { readonly kind: 'left'; readonly claim?: LookClaim; readonly holderRunId: string }
  | { readonly kind: 'released'; readonly claim: LookClaim }
  | { readonly kind: 'lost' };

export type LookStep = Extract<ClaimStep, { kind: 'look' }>;
type LeftStep = Extract<ClaimStep, { kind: 'left' }>;

/** A look of this holder for `serving`; nothing waits then. */
const lookFor = (
  claim: LookClaim,
  holder: NonNullable<LookClaim['holder']>,
  serving: WakeList,
  notBeforeMs: number,
): LookStep => ({
  kind: 'look',
  claim: { ...claim, holder, round: claim.round + 1, beganAtMs: notBeforeMs, serving, waiting: noWakes },
  serving,
  notBeforeMs,
});

/**
 * The earliest time for a look after the last one. One that was planned and never begun is not counted twice, and a
 * beginning far ahead is another clock's mistake.
 */
function spacedAfter({ beganAtMs }: LookClaim, nowMs: number): number {
  if (beganAtMs > nowMs) return beganAtMs - nowMs > betweenLooksMs ? nowMs : beganAtMs;
  return Math.max(nowMs, beganAtMs + betweenLooksMs);
}

/**
 * A run that an alarm woke asks for the look. It gets it where nobody has it, or who had it must be dead; a second attempt
 * of the same run proves that its first one ended. Else it leaves its wake, once.
 */
export function claimLook(claim: LookClaim, runId: string, wake: LeftWake, nowMs: number): LookStep | LeftStep {
  const { serving, waiting } = claim;
  const isThere = [...serving.wakes, ...waiting.wakes].some(({ eventId }) => eventId === wake.eventId);
  const holderRunId = findOther(claim, runId, nowMs);
  if (holderRunId === undefined) {
    const wakes = joinWakes(nowMs, serving, waiting, listOf(wake));
    const isOwn = claim.holder?.runId === runId && isThere;
    const notBeforeMs = isOwn
      ? Math.max(nowMs, Math.min(claim.beganAtMs, nowMs + betweenLooksMs))
      : spacedAfter(claim, nowMs);
    return lookFor(claim, { runId, sinceMs: nowMs }, wakes, notBeforeMs);
  }
  if (isThere) return { kind: 'left', holderRunId };
  return { kind: 'left', holderRunId, claim: { ...claim, waiting: joinWakes(nowMs, waiting, listOf(wake)) } };
}

/**
 * A run that looks anyway, whoever else does, takes what waits and nobody serves: at once, for its schedule is now.
 *
 * @returns `idle` where nothing waits
 */
export function takeWaiting(
  claim: LookClaim,
  runId: string,
  nowMs: number,
): LookStep | LeftStep | { readonly kind: 'idle' } {
  const holderRunId = findOther(claim, runId, nowMs);
  if (holderRunId !== undefined) return { kind: 'left', holderRunId };
  const wakes = joinWakes(nowMs, claim.serving, claim.waiting);
  return isEmpty(wakes) ? { kind: 'idle' } : lookFor(claim, { runId, sinceMs: nowMs }, wakes, nowMs);
}

/** The look that waited for its time begins, for what has been left meanwhile, too. */
export function beginLook(claim: LookClaim, runId: string, nowMs: number): ClaimStep {
  const { holder, serving, waiting } = claim;
  return holder?.runId === runId ? lookFor(claim, holder, joinWakes(nowMs, serving, waiting), nowMs) : { kind: 'lost' };
}

/** A look that is done, by the claim as it was written when that look began. */
export type DoneLook = { readonly runId: string; readonly round: number };

/**
 * The look is done: what it was for is over. It looks once more for what was left since it began, where it may; else that
 * waits for the next wake or the schedule, and nobody holds the look. Where that is written already and its answer was lost,
 * the next look is as it was written.
 */
export function endLook(claim: LookClaim, done: DoneLook, isAgainAllowed: boolean, nowMs: number): ClaimStep {
  const { holder, waiting, serving } = claim;
  if (holder?.runId !== done.runId) return { kind: 'lost' };
  if (claim.round !== done.round) return { kind: 'look', claim, serving, notBeforeMs: claim.beganAtMs };
  if (isAgainAllowed && !isEmpty(waiting)) return lookFor(claim, holder, waiting, spacedAfter(claim, nowMs));
  return {
    kind: 'released',
    claim: { version: 1, round: claim.round, beganAtMs: claim.beganAtMs, serving: noWakes, waiting },
  };
}

/** A holder's looks, its first one counted. */
const mostLooks = 3;
/** A look needs so much time, and telling what it found: with less left none begins. */
const timeOfLookMs = 45 * secondMs;

/** Whether a holder has the time for one more look, with the pause before it. */
export const mayLookAgain = (claim: LookClaim, looks: number, remainingMs: number, nowMs: number): boolean =>
  looks < mostLooks && remainingMs - (spacedAfter(claim, nowMs) - nowMs) >= timeOfLookMs;

/** The look failed: what it was for waits again, for whoever comes next. */
export function giveBack(claim: LookClaim, runId: string, nowMs: number): ClaimStep {
  if (claim.holder?.runId !== runId) return { kind: 'lost' };
  const waiting = joinWakes(nowMs, claim.serving, claim.waiting);
  return {
    kind: 'released',
    claim: { version: 1, round: claim.round, beganAtMs: claim.beganAtMs, serving: noWakes, waiting },
  };
}

/** How long a lost race for the claim is slept over, so that sixty writers do not meet again: more each time, by chance. */
export const planRetryMs = (attempt: number, chance: number): number =>
  Math.round(chance * Math.min(3_000, 50 * 2 ** Math.min(attempt, 10)));
