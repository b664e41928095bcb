import { ask, type Unanswered } from '../core/known.ts';
import { type Case, fetchTruth } from './case.ts';
import { stopOf } from './core/questions.ts';
import { type ActRecord, decisionOf } from './core/record.ts';
import type { ActDecision } from './core/request.ts';
import { isStirring, stopStirring } from './core/tries.ts';
import type { Claim, Kept } from './door.ts';
import { applyEnd } from './end.ts';
import { isRefusal } from './failure.ts';

/** This run's own try, as it is kept. */
export type Mine = { readonly claim: Claim; readonly tryId: string; readonly kept: Kept<ActRecord> };

/** The one call, and its end in the record. */
export async function applyCall(one: Case, mine: Mine): Promise<ActDecision<unknown>> {
  const called = await ask(one.request.call);
  if (!called.isKnown) return settleFailure(one, mine, called);
  const { outcome, requestId } = called.value;
  return applyEnd(one, mine.claim, mine.kept, { decision: 'acted', outcome, requestId });
}

/** A call without a good answer: the truth says whether it acted, and where it can't, nobody claims to know. */
async function settleFailure(one: Case, mine: Mine, failed: Unanswered): Promise<ActDecision<unknown>> {
  const { door } = one;
  const { claim, kept, tryId } = mine;
  const truth = await fetchTruth(one, kept.value);
  if (truth.kind === 'done') return applyEnd(one, claim, kept, { decision: 'adopted', outcome: truth.outcome });
  if (truth.kind === 'unknown' || !isRefusal(failed)) {
    const seen =
      truth.kind === 'unknown' ? `the truth cannot be read (${truth.message})` : 'no effect is to be seen yet';
    const message = `The call got no certain answer (${failed.why}) and ${seen}: ask again with the same request.`;
    return stopOf('outcome-unknown', message);
  }
  const stored = await ask(() => door.audit.fetchRecord(claim));
  const latest = stored.isKnown && stored.value !== undefined ? stored.value : kept;
  if (latest.value.end !== undefined) return decisionOf(latest.value.end);
  const nowMs = door.nowMs();
  if (isStirring(latest.value, tryId, nowMs)) return stopStirring(latest.value, 'The API refused the call', nowMs);
  const { requestId, refusal } = failed.facts;
  const why = stopOf('api-refused', `The API refused the call (${failed.why}): see why, then plan anew.`);
  const stop = { ...why, ...(refusal !== undefined && { refusal }) };
  return applyEnd(one, claim, latest, { decision: 'stopped', stop, ...(requestId !== undefined && { requestId }) });
}
