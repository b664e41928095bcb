import { ask } from '../core/known.ts';
import type { Case } from './case.ts';
import { heldBudget, planReservation, stopHeld } from './core/budget.ts';
import { type Stop, stopOf } from './core/questions.ts';

/** So many runs at once, of every procedure of the cluster, all get their place. */
const mostAttempts = 10;

const stopUnread = (why: string): Stop =>
  stopOf('budget-unknown', `The action budget cannot be read (${why}): mend or restore it, then ask again.`);

/**
 * Takes the cause's place in the cluster's budget. A damaged document is set aside for people, and the one in its place lets
 * nobody act for as long as the lost one could have counted: else everybody had a new hour. One of times that are still to
 * come is written over in the same way, its older version stays. One that S3 does not give is left alone.
 *
 * @returns undefined where the place is taken
 */
export async function applyReservation({ request, door }: Case): Promise<Stop | undefined> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const stored = await ask(door.budget.fetch);
    if (!stored.isKnown) {
      const why = stored.why;
      if (stored.failure === 'bad-answer') {
        const heldFromMs = door.nowMs();
        const held = await ask(() => door.budget.apply(heldBudget(heldFromMs), 'always'));
        if (!held.isKnown && held.failure === 'conflict') continue;
        if (held.isKnown) {
          door.reportProblem(`the action budget was set aside, since it could not be read: ${why}`);
          return stopHeld(heldFromMs);
        }
        return stopUnread(`${why}; and it could not be set aside: ${held.why}`);
      }
      return stopUnread(why);
    }
    const planned = planReservation(stored.value?.value, request, door.actsPerHour, door.nowMs());
    if ('decision' in planned) return planned;
    const { document, stop } = planned;
    const condition = stored.value === undefined ? 'absent' : { etag: stored.value.etag };
    const written = await ask(() => door.budget.apply(document, condition));
    if (written.isKnown) {
      if (stop !== undefined) door.reportProblem(`the action budget is held for an hour: ${stop.message}`);
      return stop;
    }
    if (written.failure !== 'conflict') {
      const why = written.why;
      return stopOf(
        'budget-unknown',
        `The action budget cannot be written (${why}), so nothing was called: ask again.`,
      );
    }
  }
  const why = `other runs wrote it ${mostAttempts} times meanwhile`;
  return stopOf('budget-unknown', `The action budget could not be claimed (${why}): ask again.`);
}
