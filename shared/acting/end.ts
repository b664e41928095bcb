import { ask } from '../core/known.ts';
import { asStored, type Case } from './case.ts';
import { type Stop, stopOf } from './core/questions.ts';
import { type ActRecord, decisionOf, type End, hasHappened, isNearerToTheTruth } from './core/record.ts';
import type { ActDecision } from './core/request.ts';
import { hasNewTry, stopStirring } from './core/tries.ts';
import type { ActDoor, Claim, Kept } from './door.ts';

/** Two runs of one cause and a lost answer meet at most; more failures than this are a store that does not work. */
const mostWrites = 4;

/** What an end says, before who says it and when. */
type EndFacts =
  | { readonly decision: 'acted' | 'adopted'; readonly outcome: unknown; readonly requestId?: string }
  | { readonly decision: 'stopped'; readonly stop: Stop; readonly requestId?: string };

/** The facts as an end of this run. */
const endOf = (door: ActDoor, facts: EndFacts): End => {
  const frame = { id: door.newTryId(), atMs: door.nowMs(), execution: door.execution };
  const request = facts.requestId === undefined ? {} : { requestId: facts.requestId };
  if (facts.decision === 'stopped') {
    const { reason, message, refusal } = facts.stop;
    return { ...frame, ...request, decision: 'stopped', reason, message, ...(refusal !== undefined && { refusal }) };
  }
  // JSON leaves out what has no value, and a record without an outcome would be a damaged one.
  return { ...frame, ...request, decision: facts.decision, outcome: asStored(facts.outcome ?? null) };
};

/**
 * Closes a record. An act that happened is written over whatever other runs wrote meanwhile; a stop is not, where another
 * run may be about to call. Where one closed it before, the end that is nearer to the truth stays. The bus is told by
 * whoever closed it.
 *
 * @returns the decision that the record now holds, or `audit-unknown` where it could not be closed
 */
export async function applyEnd(
  { door }: Case,
  claim: Claim,
  from: Kept<ActRecord>,
  facts: EndFacts,
): Promise<ActDecision<unknown>> {
  const end = endOf(door, facts);
  let current = from;
  let problem = '';
  let replaced: End | undefined;
  for (let write = 1; write <= mostWrites; write += 1) {
    const there = current.value.end;
    if (there !== undefined && !isNearerToTheTruth(end, there)) {
      // Our own write, when its answer was lost, or that of an invocation before, which came late.
      if (there.execution === end.execution && shouldTell(replaced)) await tell(door, claim, current.value);
      return decisionOf(there);
    }
    if (!hasHappened(end) && hasNewTry(current.value, from.value)) {
      return stopStirring(current.value, 'Another run came to the cause meanwhile', end.atMs);
    }
    replaced = there;
    const record: ActRecord = { ...current.value, end };
    const { etag } = current;
    const written = await ask(() => door.audit.applyRecord(claim, record, { etag }));
    if (written.isKnown) {
      if (shouldTell(replaced)) await tell(door, claim, record);
      return decisionOf(end);
    }
    problem = written.why;
    const stored = await ask(() => door.audit.fetchRecord(claim));
    if (stored.isKnown && stored.value !== undefined) current = stored.value;
  }
  const what = hasHappened(end) ? 'The act is done' : 'The act was not done';
  const request = facts.requestId === undefined ? '' : ` (request ${facts.requestId})`;
  const message = `${what}${request}, but its record cannot be closed (${problem}): ask again with the same request.`;
  return stopOf('audit-unknown', message);
}

/** Whoever saw that the act happened has told the bus already. */
const shouldTell = (replaced: End | undefined): boolean => replaced === undefined || !hasHappened(replaced);

/** A bus that does not take the event loses nothing: the record is kept. */
export async function tell(door: ActDoor, claim: Claim, record: ActRecord): Promise<void> {
  const told = await ask(() => door.publish(claim, record));
  if (told.isKnown) return;
  door.reportProblem(`the bus was not told of ${record.procedure} ${record.cause}: ${told.why}`);
}
