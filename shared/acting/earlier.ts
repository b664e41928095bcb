import { type Case, type Found, fetchFound, fetchTruth } from './case.ts';
import { type Stop, stopOf } from './core/questions.ts';
import { decisionOf } from './core/record.ts';
import type { ActDecision } from './core/request.ts';
import { evaluateRepeat, hasLiveTry, isStirring, stopStirring } from './core/tries.ts';
import { applyEnd, tell } from './end.ts';

const stopUnseen = (why: string): Stop =>
  stopOf(
    'outcome-unknown',
    `An earlier try may have acted, and the truth cannot be read (${why}): ask again with the same request.`,
  );

/**
 * What earlier runs of the cause left: an end is the decision again; where one may have called, the truth decides.
 *
 * @returns undefined where this run may go on
 */
export async function settleEarlier(one: Case, { claim, stored }: Found): Promise<ActDecision<unknown> | undefined> {
  if (stored === undefined) return undefined;
  const record = stored.value;
  if (record.end !== undefined) {
    // Whoever closed it and asks again was cut off before he heard so, and perhaps before the bus did.
    if (record.end.execution === one.door.execution) await tell(one.door, claim, record);
    return decisionOf(record.end);
  }
  if (!hasLiveTry(record)) return undefined;
  const truth = await fetchTruth(one, record);
  switch (truth.kind) {
    case 'done':
      return applyEnd(one, claim, stored, { decision: 'adopted', outcome: truth.outcome });
    case 'unknown':
      return stopUnseen(truth.message);
    case 'absent': {
      const judged = evaluateRepeat(record, one.described, one.door.nowMs());
      if (judged.repeat === 'allowed') return undefined;
      if (judged.repeat === 'stopped') return judged.stop;
      return applyEnd(one, claim, stored, { decision: 'stopped', stop: judged.stop });
    }
    default:
      return truth satisfies never;
  }
}

/**
 * The state moved. Our own call may have moved it, by an earlier try or by a run beside this one, and that is no reason to
 * stop but the act itself.
 *
 * @returns `again` where the record changed since it was found
 */
export async function settleMoved(one: Case, found: Found, moved: Stop): Promise<ActDecision<unknown> | 'again'> {
  const latest = await fetchFound(one);
  if ('decision' in latest) return latest;
  const { claim, stored } = latest;
  if (stored?.etag !== found.stored?.etag) return 'again';
  if (stored === undefined || !hasLiveTry(stored.value)) return moved;
  const truth = await fetchTruth(one, stored.value);
  if (truth.kind === 'done') return applyEnd(one, claim, stored, { decision: 'adopted', outcome: truth.outcome });
  if (truth.kind === 'unknown') return stopUnseen(truth.message);
  const nowMs = one.door.nowMs();
  if (isStirring(stored.value, undefined, nowMs)) return stopStirring(stored.value, 'The state moved', nowMs);
  return applyEnd(one, claim, stored, { decision: 'stopped', stop: moved });
}
