import { ConfigError } from '../core/errors.ts';
import { ask, type Unanswered } from '../core/known.ts';
import { toJson } from '../text/json.ts';
import { redactValue } from '../text/redaction.ts';
import { auditKey, claimKey } from './core/keys.ts';
import { describeOddTime } from './core/odd-times.ts';
import { type Stop, stopOf } from './core/questions.ts';
import type { ActRecord, Described } from './core/record.ts';
import type { ActRequest, Effect } from './core/request.ts';
import { intendedOf } from './core/tries.ts';
import type { ActDoor, Claim, Kept } from './door.ts';

/** One request at the door. What it says about itself is in the form in which the store gives it back. */
export type Case = {
  readonly request: ActRequest<unknown, unknown>;
  readonly door: ActDoor;
  readonly described: Described;
};

/** @throws ConfigError for a cause or a time that can name no record */
export const openCase = (request: ActRequest<unknown, unknown>, door: ActDoor): Case => {
  const { procedure, cause, plan, target, plannedAtMs, plannedState, isDisruptive, isLocked } = request;
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(cause)) {
    throw new ConfigError(`act: ${JSON.stringify(cause.slice(0, 200))} is no cause: [a-z0-9-], at most 128 characters`);
  }
  if (!Number.isSafeInteger(plannedAtMs) || plannedAtMs < 0 || plannedAtMs > Date.UTC(9999, 0)) {
    throw new ConfigError(`act: ${plannedAtMs} is no time at which ${cause} was planned`);
  }
  const said = { procedure, cause, plan, target, plannedAtMs, plannedState, isDisruptive, isLocked };
  const { approval, voidAnswers } = request;
  const people = { ...(approval !== undefined && { approval }), ...(voidAnswers !== undefined && { voidAnswers }) };
  return { request, door, described: asStored({ ...said, ...people }) };
};

/** A value as it comes back from the store: without secrets, through JSON. */
export const asStored = <Value>(value: Value): Value =>
  // The one boundary of this kind: redaction and JSON keep the shape of plain data.
  JSON.parse(toJson(redactValue(value) ?? null)) as Value;

/**
 * What the audit knows of a cause.
 *
 * @property isClaimed the claim is kept; else it is what this request would claim
 */
export type Found = { readonly claim: Claim; readonly isClaimed: boolean; readonly stored?: Kept<ActRecord> };

/** Reads what the audit knows, or says that it can't be known, or not believed. */
export async function fetchFound({ request, door }: Case): Promise<Found | Stop> {
  const { procedure, cause, plannedAtMs } = request;
  const claimed = await ask(() => door.audit.fetchClaim(procedure, cause));
  if (!claimed.isKnown) return stopUnread(claimed);
  // No record is written before its claim. To look for one now could miss that of another day, claimed in between.
  if (claimed.value === undefined) return { claim: { procedure, cause, plannedAtMs }, isClaimed: false };
  const claim = claimed.value;
  const stored = await ask(() => door.audit.fetchRecord(claim));
  if (!stored.isKnown) return stopUnread(stored);
  const odd = describeOddTime(claim.plannedAtMs, stored.value?.value, door.nowMs());
  if (odd !== undefined) return stopOdd(door, claim, odd);
  if (stored.value !== undefined) return { claim, isClaimed: true, stored: stored.value };
  if (claim.plannedAtMs === plannedAtMs) return { claim, isClaimed: true };
  // Whoever was cut off before its record left none; but a claim that somebody moved hides one.
  const hidden = await ask(() => door.audit.fetchRecord({ ...claim, plannedAtMs }));
  if (!hidden.isKnown) return stopUnread(hidden);
  if (hidden.value === undefined) return { claim, isClaimed: true };
  return stopOdd(door, claim, `it lies at another day than ${auditKey(door.cluster, procedure, plannedAtMs, cause)}`);
}

/** Who wrote such a document is for people to find out: until then nobody knows what came of the cause. */
function stopOdd({ cluster }: ActDoor, { procedure, cause, plannedAtMs }: Claim, odd: string): Stop {
  const keys = [claimKey(cluster, procedure, cause), auditKey(cluster, procedure, plannedAtMs, cause)];
  const message = `The audit of the cause cannot be believed: it says that ${odd}. Look who wrote ${keys.join(' or ')} in the bucket and restore the version before, then ask again.`;
  return stopOf('audit-unknown', message);
}

/** Nothing may act where it can't be known whether it did already. */
const stopUnread = ({ why }: Unanswered): Stop =>
  stopOf('audit-unknown', `The audit of the cause cannot be read (${why}): mend or restore it, then ask again.`);

export const stopUnwritten = ({ why }: Unanswered): Stop =>
  stopOf('audit-unknown', `The audit of the cause cannot be written (${why}), so nothing was called: ask again.`);

/** Asks the truth about a record's tries. What could not be read is unknown. */
export async function fetchTruth({ request }: Case, record: ActRecord): Promise<Effect<unknown>> {
  const effect = await ask(() => request.fetchEffect(intendedOf(record)));
  return effect.isKnown ? effect.value : { kind: 'unknown', message: effect.why };
}
