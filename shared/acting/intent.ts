import { ask } from '../core/known.ts';
import type { Mine } from './call.ts';
import { asStored, type Case, type Found, stopUnwritten } from './case.ts';
import { type Stop, stopOf } from './core/questions.ts';
import { type ActRecord, planIntent, planRefusal, planWithdrawal, planWouldAct } from './core/record.ts';
import type { ActDecision } from './core/request.ts';
import { hasLiveTry, isStirring, stopStirring } from './core/tries.ts';
import type { ActDoor, Kept } from './door.ts';
import { tell } from './end.ts';

/** A withdrawal that other runs' writes push aside is tried so often: it only spares the next run a question. */
const mostWithdrawals = 3;

/** Keeps that this run is about to call: nothing is called that the next run could not find. */
export async function applyIntent(one: Case, found: Found, seenState: unknown): Promise<Mine | Stop | 'again'> {
  const { door, described } = one;
  const { claim, stored } = found;
  const tryId = door.newTryId();
  const next = { id: tryId, execution: door.execution, atMs: door.nowMs(), seenState: asStored(seenState) };
  const record = planIntent(stored?.value, door.cluster, described, next);
  const isOurs = (there: ActRecord) => there.end === undefined && there.tries.at(-1)?.id === tryId;
  const kept = await applyNew(door, found, record, isOurs);
  return kept === 'again' || 'decision' in kept ? kept : { claim, tryId, kept };
}

/** What people did not let happen: the record of what was not done, by whom and why. */
export async function applyRefusal(one: Case, found: Found): Promise<ActDecision<unknown> | 'again'> {
  const { door, described } = one;
  const before = found.stored?.value;
  if (hasLiveTry(before)) return stopStirring(before, 'People did not approve it meanwhile', door.nowMs());
  const refuser = described.approval?.by;
  const why = refuser === undefined ? 'Nobody who may approve it did.' : `${refuser} refused it.`;
  const stop = stopOf('not-approved', why);
  const end = { id: door.newTryId(), atMs: door.nowMs(), execution: door.execution };
  const record = planRefusal(before, door.cluster, described, { ...end, ...stop });
  const kept = await applyNew(door, found, record, (there) => there.end?.id === end.id);
  if (kept === 'again' || 'decision' in kept) return kept;
  await tell(door, found.claim, kept.value);
  return stop;
}

/** Mode `plan`: the record of what would have been done, and nothing else. */
export async function applyWouldAct(one: Case, found: Found): Promise<ActDecision<unknown> | 'again'> {
  const { door, described } = one;
  const before = found.stored?.value;
  const nowMs = door.nowMs();
  if (hasLiveTry(before) && isStirring(before, undefined, nowMs)) {
    return stopStirring(before, 'The mode is plan now', nowMs);
  }
  const end = { id: door.newTryId(), atMs: nowMs, execution: door.execution };
  const record = planWouldAct(before, door.cluster, described, end);
  const kept = await applyNew(door, found, record, (there) => there.end?.id === end.id);
  if (kept === 'again' || 'decision' in kept) return kept;
  await tell(door, found.claim, kept.value);
  return { decision: 'would-act' };
}

/** Writes a record over what was found, if nobody else did meanwhile; a lost answer to our own write is no conflict. */
async function applyNew(
  door: ActDoor,
  { claim, isClaimed, stored }: Found,
  record: ActRecord,
  isOurs: (there: ActRecord) => boolean,
): Promise<Kept<ActRecord> | Stop | 'again'> {
  if (!isClaimed) {
    const claimed = await ask(() => door.audit.applyClaim(claim));
    if (!claimed.isKnown) return claimed.failure === 'conflict' ? 'again' : stopUnwritten(claimed);
  }
  const condition = stored === undefined ? 'absent' : { etag: stored.etag };
  const written = await ask(() => door.audit.applyRecord(claim, record, condition));
  if (written.isKnown) return { value: record, etag: written.value.etag };
  if (written.failure !== 'conflict') return stopUnwritten(written);
  const there = await ask(() => door.audit.fetchRecord(claim));
  return there.isKnown && there.value !== undefined && isOurs(there.value.value) ? there.value : 'again';
}

/** Marks this run's try as one that never called. Where that fails the next run asks the truth, which shows the same. */
export async function applyWithdrawal({ door }: Case, { claim, tryId, kept }: Mine, stop: Stop): Promise<void> {
  let current = kept;
  let problem = '';
  for (let attempt = 1; attempt <= mostWithdrawals; attempt += 1) {
    const { value, etag } = current;
    if (value.end !== undefined) return;
    const record = planWithdrawal(value, tryId, stop, door.nowMs());
    const written = await ask(() => door.audit.applyRecord(claim, record, { etag }));
    if (written.isKnown) return;
    problem = written.why;
    const stored = await ask(() => door.audit.fetchRecord(claim));
    if (stored.isKnown && stored.value !== undefined) current = stored.value;
  }
  door.reportProblem(`the try of ${claim.procedure} ${claim.cause} was not marked as withdrawn: ${problem}`);
}
