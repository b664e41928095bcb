import * as z from 'zod';
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

/** Those that may come again. */
export const standingWakes = (wakes: CountedWakes, nowMs: number): CountedWakes =>
  wakes.filter((wake) => nowMs < wake.atMs + keptMs);

/** Whether what counted is still not known, since the document that said it was lost. */
export const isStillLost = (lostAtMs: number, nowMs: number): boolean => nowMs < lostAtMs + keptMs;

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
