import { isDetour, isOverdue } from './detours.ts';
import type { Incident } from './document.ts';
import { repairingWork } from './holding.ts';
import { isAnswered, type PagerWord } from './ladder.ts';
import { isClaimed, isWaiting, type Message } from './outbox.ts';
import { isWaking, type Reach } from './reach.ts';
import type { Work } from './works.ts';

/** Of what an incident's waiting messages are judged. */
type Judged = {
  readonly incident: Incident;
  readonly works: readonly Work[];
  readonly pager: PagerWord | undefined;
  /** A page of it has no way to whom it is for, so that others are asked. */
  readonly isFailing: boolean;
};

/** Whether what people do or say may make a message untrue that waits. */
const isOfLadder = ({ action, kind, saysAnew }: Message): boolean =>
  kind === 'rung' && saysAnew === true && (action === 'trigger' || action === 'update');

/** Whether a person's answer keeps it back: a step of the ladder, and whatever would wake somebody. */
export const isHoldable = (message: Message, reach: Reach): boolean =>
  message.incidentId !== undefined &&
  (isOfLadder(message) ||
    (message.action === 'trigger' &&
      (isDetour(message) || message.destination.endpoints.some((name) => isWaking(name, reach)))));

/**
 * Who said so before a page was made did not keep it back: it got worse since, or somebody asked for more help. A rung would not
 * have been climbed.
 */
const answersTo = (message: Message, pager: PagerWord | undefined): PagerWord | undefined =>
  isOfLadder(message) || (pager?.atMs ?? message.madeAtMs) >= message.madeAtMs ? pager : undefined;

/**
 * Whether a message that waits is not to be sent as things are: nothing is left of the fault; a person deals with it, or a work
 * that may still end it; those arrived whose place a detour was to take. What opens an incident tells of the work itself, and is
 * kept back by none.
 */
function isUncalledFor(message: Message, { incident, works, pager, isFailing }: Judged, reach: Reach, nowMs: number) {
  const { cause, members, quietSinceMs, openedAtMs } = incident;
  if (message.action !== 'trigger' && !isOfLadder(message)) return false;
  if (quietSinceMs !== undefined) return true;
  if (!isHoldable(message, reach)) return false;
  if (isDetour(message) && !isFailing) return true;
  if (isAnswered(incident, answersTo(message, pager), nowMs)) return true;
  const isOpening = message.madeAtMs === openedAtMs;
  return isOfLadder(message) && !isOpening && repairingWork(cause.kind, members, works, nowMs) !== undefined;
}

/**
 * Judges again what waits, since it may wait for long where its endpoint fails: what is not so for now is held, and goes out when
 * it is so again, as it would have gone (I3: an acknowledgement lapses, a work ends without success, a symptom comes back).
 */
export function holdBack(
  outbox: readonly Message[],
  incidents: readonly Incident[],
  {
    underWay,
    pagerByIncident,
  }: {
    readonly underWay: readonly Work[];
    readonly pagerByIncident: ReadonlyMap<string, PagerWord>;
  },
  reach: Reach,
  nowMs: number,
): readonly Message[] {
  const byId = new Map(
    incidents.map((incident): readonly [string, Judged] => {
      const { id } = incident;
      const isFailing = outbox.some(
        (one) => one.incidentId === id && one.action === 'trigger' && !isDetour(one) && isOverdue(one, nowMs),
      );
      return [id, { incident, works: underWay, pager: pagerByIncident.get(id), isFailing }];
    }),
  );
  return outbox.map((one) => {
    const judged = one.incidentId === undefined ? undefined : byId.get(one.incidentId);
    if (judged === undefined || !isWaiting(one) || isClaimed(one, nowMs)) return one;
    const isHeld = isUncalledFor(one, judged, reach, nowMs);
    if (isHeld === (one.isHeld === true)) return one;
    const { isHeld: _was, ...rest } = one;
    return isHeld ? { ...rest, isHeld } : { ...rest, freedAtMs: nowMs };
  });
}
