import type { MskOperation } from '../../../../shared/core/msk-model.ts';
import { hourMs } from '../../../../shared/core/units.ts';

/** After a storage change MSK accepts no other for 6 h at least, and the optimisation can take 24 h and more (RUNBOOK 6.8). */
const heldMs = 6 * hourMs;
const uncertainMs = 24 * hourMs;

/** MSK's storage lock, which no API shows: it is worked out from the history of operations. */
export type StorageLock =
  | { readonly state: 'free' }
  /** An earlier change may still be optimising: trying is allowed, and MSK's refusal is the truth. */
  | { readonly state: 'uncertain'; readonly uncertainUntilMs: number }
  | { readonly state: 'held'; readonly heldUntilMs: number; readonly uncertainUntilMs: number }
  | { readonly state: 'unknown'; readonly why: string };

const endedStates: readonly string[] = ['UPDATE_COMPLETE', 'UPDATE_FAILED'];

/** Types and states are free strings: a state that is new to us has not ended unless MSK gives the time of its end. */
export const isUnderWay = ({ state, endedAtMs }: MskOperation): boolean =>
  endedAtMs === undefined && !endedStates.includes(state);

/** Whether an operation changes volumes: manual, by auto scaling, or of storage's mode and throughput. */
export const isOfStorage = ({ type }: MskOperation): boolean => /STORAGE|VOLUME/i.test(type);

/** How long storage stays locked after the last change that ended. A failed change is held like one that succeeded. */
export function evaluateLock(operations: readonly MskOperation[], nowMs: number): StorageLock {
  const ends = operations
    .filter((operation) => isOfStorage(operation) && !isUnderWay(operation))
    .map(({ arn, endedAtMs, startedAtMs }) => ({ arn, atMs: endedAtMs ?? startedAtMs }));
  const timeless = ends.find(({ atMs }) => atMs === undefined);
  if (timeless !== undefined) return { state: 'unknown', why: `MSK does not say when ${timeless.arn} ended` };
  const lastMs = Math.max(...ends.map(({ atMs }) => atMs ?? 0), Number.NEGATIVE_INFINITY);
  const [heldUntilMs, uncertainUntilMs] = [lastMs + heldMs, lastMs + uncertainMs];
  if (nowMs < heldUntilMs) return { state: 'held', heldUntilMs, uncertainUntilMs };
  return nowMs < uncertainUntilMs ? { state: 'uncertain', uncertainUntilMs } : { state: 'free' };
}
