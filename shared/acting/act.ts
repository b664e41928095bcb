import { modeOf } from '../core/configuration.ts';
import { ask } from '../core/known.ts';
import { isReceiptOf } from '../core/receipt.ts';
import { applyCall, type Mine } from './call.ts';
import { type Case, type Found, fetchFound, openCase } from './case.ts';
import {
  type ClusterClaim,
  evaluateCalendar,
  evaluateClusterClaim,
  evaluateFreshness,
  evaluateKillSwitch,
  evaluateMode,
  evaluatePlanTime,
  evaluateState,
  type KillSwitch,
  type Stop,
  stopOf,
} from './core/questions.ts';
import type { ActDecision, ActRequest, StopReason } from './core/request.ts';
import { hasLiveTry, isStirring, stopStirring } from './core/tries.ts';
import type { ActDoor } from './door.ts';
import { settleEarlier, settleMoved } from './earlier.ts';
import { describeUntold, intentOf } from './event.ts';
import { applyIntent, applyRefusal, applyWithdrawal, applyWouldAct } from './intent.ts';
import { applyReservation } from './reservation.ts';

export type { ActDecision, ActRequest, Effect } from './core/request.ts';
export type { ActDoor } from './door.ts';

/** A round starts anew where another run wrote the record meanwhile; so many runs of one cause at once all get through. */
const mostRounds = 8;

/**
 * The one door through which every act of the product goes. In this order: what the audit knows of the cause; the mode; a
 * person's no; the plan's time; the kill switch; which stack keeps the cluster; the calendar; the budget; the state, read
 * again; the intent, kept, and told where the policy wants that; which stack keeps the cluster, the kill switch, calendar and
 * time once more; the call; its end, kept. Whatever it is killed in between, calling it again with the same request is right:
 * there is at most one accepted call for a cause.
 *
 * @returns what became of it; ports that do not answer are stops, never errors
 * @throws ConfigError for a cause that can name no record; whatever the request's own functions throw besides DependencyError
 */
export async function applyAct<State, Outcome>(
  request: ActRequest<State, Outcome>,
  door: ActDoor,
): Promise<ActDecision<Outcome>> {
  // What is kept under a cause was written for the same procedure's request, so its outcome is an Outcome.
  const decision = await applyRounds(openCase(request, door));
  return decision as ActDecision<Outcome>;
}

async function applyRounds(one: Case): Promise<ActDecision<unknown>> {
  for (let round = 1; round <= mostRounds; round += 1) {
    const decision = await applyRound(one);
    if (decision !== 'again') return decision;
  }
  return stopOf('audit-unknown', `Other runs of the cause changed its audit ${mostRounds} times meanwhile: ask again.`);
}

type Round = ActDecision<unknown> | 'again';

async function applyRound(one: Case): Promise<Round> {
  const { request, door } = one;
  const found = await fetchFound(one);
  if ('decision' in found) return found;
  // The truth is of this moment or later: what is under way now it need not show.
  const foundAtMs = door.nowMs();
  const earlier = await settleEarlier(one, found);
  if (earlier !== undefined) return earlier;
  const mode = modeOf(door, request.procedure);
  const off = evaluateMode(mode, request.procedure);
  if (off !== undefined) return stopAsFound(off, found, foundAtMs);
  if (request.isNotApproved === true || request.approval?.isRefused === true) return applyRefusal(one, found);
  const ahead = evaluatePlanTime(request.plannedAtMs, foundAtMs);
  if (ahead !== undefined) return stopAsFound(ahead, found, foundAtMs);
  if (mode === 'plan') return applyWouldAct(one, found);
  const decided = await applyQuestions(one, found);
  return decided !== 'again' && decided.decision === 'stopped' ? stopAsFound(decided, found, foundAtMs) : decided;
}

/**
 * A stop says that this run called nothing. While an earlier try's call may still be under way nobody knows that of the
 * cause: whoever goes on under another one would never hear of an act that comes of it.
 */
const stopAsFound = (stop: Stop, { stored }: Found, foundAtMs: number): Stop =>
  hasLiveTry(stored?.value) && !saysAll.includes(stop.reason) && isStirring(stored.value, undefined, foundAtMs)
    ? stopStirring(stored.value, stop.message.replace(/\.$/, ''), foundAtMs)
    : stop;

/** Stops that say already what is known of every try. */
const saysAll: readonly StopReason[] = ['api-refused', 'outcome-unknown', 'audit-unknown'];

/** The questions of mode `act`, and the call where nothing stands against it. */
async function applyQuestions(one: Case, found: Found): Promise<Round> {
  const { request, door } = one;
  const begunAtMs = door.nowMs();
  const stop =
    evaluateKillSwitch(await fetchSwitch(door)) ??
    evaluateClusterClaim(await fetchHolder(door)) ??
    evaluateCalendar(request.isDisruptive, door.windows, door.nowMs()) ??
    (await applyReservation(one));
  if (stop !== undefined) return stop;
  const seen = await ask(request.fetchState);
  if (!seen.isKnown) {
    const why = seen.why;
    return stopOf(
      'state-unknown',
      `The state cannot be read (${why}), so nothing was called: mend that, or ask again.`,
    );
  }
  const moved = evaluateState(request.plannedState, seen.value);
  if (moved?.reason === 'state-moved') return settleMoved(one, found, moved);
  if (moved !== undefined) return moved;
  const mine = await applyIntent(one, found, seen.value);
  if (mine === 'again' || 'decision' in mine) return mine;
  // Between the last of these answers and the call nothing is waited for: they are as fresh as can be.
  const late =
    (await tellIntent(door, mine)) ??
    evaluateClusterClaim(await fetchHolder(door)) ??
    evaluateKillSwitch(await fetchSwitch(door)) ??
    evaluateCalendar(request.isDisruptive, door.windows, door.nowMs()) ??
    (door.isOver() ? stopOver : evaluateFreshness(begunAtMs, door.nowMs()));
  if (late === undefined) return applyCall(one, mine);
  await applyWithdrawal(one, mine, late);
  return late;
}

/**
 * People first, where the policy wants it: nothing is done of which no receipt says that they heard. Who has none asks for it
 * and stops: whoever goes through the door waits outside, since what was read here would not be fresh any more.
 */
async function tellIntent(door: ActDoor, { kept }: Mine): Promise<Stop | undefined> {
  const { people } = door;
  if (people === undefined) return undefined;
  const intent = intentOf(kept.value);
  const receipt = await ask(() => people.fetchReceipt(intent.key));
  if (receipt.isKnown && isReceiptOf(receipt.value, intent, door.nowMs())) return undefined;
  const offered = await ask(() => people.offerIntent(kept.value));
  if (offered.isKnown)
    return { ...stopOf('not-told', describeUntold('no receipt says that they were')), awaits: intent };
  door.reportProblem(`people were not told that ${kept.value.cause} is about to act: ${offered.why}`);
  return stopOf('not-told', describeUntold(offered.why));
}

const stopOver = stopOf('state-unknown', 'The time of the run is up, so nothing was called: ask again in another run.');

const fetchSwitch = async (door: ActDoor): Promise<KillSwitch> => {
  const asked = await ask(door.fetchKillSwitch);
  return asked.isKnown ? asked.value : { value: 'unknown', message: asked.why };
};

const fetchHolder = async (door: ActDoor): Promise<ClusterClaim> => {
  const asked = await ask(door.fetchClusterClaim);
  return asked.isKnown ? asked.value : { holder: 'unknown', message: asked.why };
};
