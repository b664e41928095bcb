import * as z from 'zod';
import { isAhead, isWithin } from '../core/clocks.ts';
import { InvalidEventError } from '../core/errors.ts';
import { hourMs } from '../core/units.ts';
import { atMs } from '../text/plain-schemas.ts';

/** As many as anybody wakes by hand in an hour, and a document stays small. */
const mostWakes = 100;
/**
 * STS takes a signature for 15 minutes from its date, and a date for as long before it comes: half an hour from the first
 * time that it was taken, and as much again for clocks.
 */
const keptMs = hourMs;

/** The signed wakes that counted, whether they opened an episode or joined its run, and when. */
export const countedWakes = z.array(z.strictObject({ id: z.string().min(1).max(100), atMs })).max(mostWakes);
type CountedWakes = z.infer<typeof countedWakes>;

const usedWake = 'this wake counted before: wake again with the command, which draws another one';
const tooMany = `${mostWakes} signed wakes came within an hour, and no more can be told apart: wake without a signature, or later`;

/** Those that may come again. One of a time that is still to come would stand for ever. */
export const standingWakes = (wakes: CountedWakes, nowMs: number): CountedWakes =>
  wakes.filter((wake) => isWithin(wake.atMs, keptMs, nowMs));

/**
 * Since when it is not known what counted; undefined where it is. What was lost long ago can come no more. Of a time that is
 * still to come, of a wake or of the loss, nobody knows what counted until now.
 *
 * @param lostAtMs when the document that said it was lost
 */
export function findLoss(wakes: CountedWakes, lostAtMs: number | undefined, nowMs: number): number | undefined {
  const times = [...wakes.map(({ atMs }) => atMs), lostAtMs ?? nowMs];
  if (times.some((atMs) => isAhead(atMs, nowMs))) return nowMs;
  return lostAtMs !== undefined && isWithin(lostAtMs, keptMs, nowMs) ? lostAtMs : undefined;
}

/**
 * One more. None is ever pushed out by others: who may wake could wake until an older one is forgotten.
 *
 * @param wakes those that stand
 * @throws InvalidEventError for one that counted before, and where there are too many
 */
export function countWake(wakes: CountedWakes, id: string, nowMs: number): CountedWakes {
  if (wakes.some((wake) => wake.id === id)) throw new InvalidEventError(usedWake);
  if (wakes.length >= mostWakes) throw new InvalidEventError(tooMany);
  return [...wakes, { id, atMs: nowMs }];
}
