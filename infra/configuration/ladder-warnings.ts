import { calledByRung, laddersOf, pagedAt, type Reaching } from '../../shared/core/reached.ts';
import type { Mistake } from './mistake.ts';

type Ladders = Reaching['policy']['escalation'];

/** The rungs that may fire: where one raises, the ladder of that severity goes on after those of its minute. */
const climbed = <Rung extends { readonly afterMinutes: number; readonly raisesTo?: string }>(
  rungs: readonly Rung[],
): readonly Rung[] => {
  const raising = rungs.find(({ raisesTo }) => raisesTo !== undefined);
  return raising === undefined ? rungs : rungs.filter(({ afterMinutes }) => afterMinutes <= raising.afterMinutes);
};

/** Who was paged already is paged once more, and nobody else hears of it. */
const findIdleRungs = (reaching: Reaching): Mistake[] =>
  laddersOf(reaching).flatMap(({ severity, rungs }) => {
    const before = new Set(pagedAt(severity, reaching.channels));
    return climbed(rungs).flatMap((rung, index): Mistake[] => {
      const { raisesTo } = rung;
      const called = [
        ...(raisesTo === undefined ? [] : pagedAt(raisesTo, reaching.channels)),
        ...calledByRung(rung, reaching),
      ];
      const isIdle = called.length > 0 && called.every((name) => before.has(name));
      for (const name of called) before.add(name);
      const message = `after ${rung.afterMinutes} min reaches nobody who was not reached before: ${[...new Set(called)].join(', ')}`;
      return isIdle ? [{ path: ['policy', 'escalation', severity, index], message }] : [];
    });
  });

/** Whom a ladder reaches in the end, by itself and by those that go on in its place. Each raises to a worse one, so it ends. */
const reachedInTheEnd = (severity: keyof Ladders, reaching: Reaching): ReadonlySet<string> => {
  const rungs = climbed(reaching.policy.escalation[severity]);
  const raisesTo = rungs.findLast((rung) => rung.raisesTo !== undefined)?.raisesTo;
  return new Set([
    ...pagedAt(severity, reaching.channels),
    ...rungs.flatMap((rung) => calledByRung(rung, reaching)),
    ...(raisesTo === undefined ? [] : reachedInTheEnd(raisesTo, reaching)),
  ]);
};

/** A rung below one that raises never comes: whom it alone would have called is never called. */
const findRungsThatNeverCome = (reaching: Reaching): Mistake[] =>
  laddersOf(reaching).flatMap(({ severity, rungs }) => {
    const before = climbed(rungs);
    const raising = before.findLast((rung) => rung.raisesTo !== undefined);
    if (raising?.raisesTo === undefined) return [];
    const { afterMinutes, raisesTo } = raising;
    const reached = reachedInTheEnd(severity, reaching);
    return rungs.slice(before.length).flatMap((rung, index): Mistake[] => {
      const missed = calledByRung(rung, reaching).filter((name) => !reached.has(name));
      const message = `never comes: from ${afterMinutes} min on the ladder of ${raisesTo} goes on, which does not reach ${missed.join(', ')}`;
      return missed.length === 0 ? [] : [{ path: ['policy', 'escalation', severity, before.length + index], message }];
    });
  });

const findMissingLevels = (reaching: Reaching): Mistake[] =>
  (['management', 'executives'] as const).flatMap((level): Mistake[] => {
    if (reaching.contacts.some((one) => one.level === level)) return [];
    const rungs = laddersOf(reaching).flatMap(({ severity, rungs: all }) =>
      climbed(all)
        .filter((rung) => rung.level === level)
        .map(({ afterMinutes }) => `${severity} after ${afterMinutes} min`),
    );
    if (rungs.length === 0) return [];
    const message = `names nobody of the level ${level}, whom policy.escalation calls (${rungs.join(', ')})`;
    return [{ path: ['contacts'], message }];
  });

/** Rungs that are sound, and by which nobody hears who would not have heard without them. */
export const findLadderWarnings = (reaching: Reaching): Mistake[] => [
  ...findIdleRungs(reaching),
  ...findRungsThatNeverCome(reaching),
  ...findMissingLevels(reaching),
];
