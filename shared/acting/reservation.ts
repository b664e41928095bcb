import { ask } from '../core/known.ts';
import type { Case } from './case.ts';
import { planReservation } from './core/budget.ts';
import { type Stop, stopOf } from './core/questions.ts';

/** So many runs at once, of every procedure of the cluster, all get their place. */
const mostAttempts = 10;

/**
 * Takes the cause's place in the cluster's budget. A document that can't be read, damaged or not, is left alone: resetting
 * it would give everybody a new hour.
 *
 * @returns undefined where the place is taken
 */
export async function applyReservation({ request, door }: Case): Promise<Stop | undefined> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const stored = await ask(door.budget.fetch);
    if (!stored.isKnown) {
      const why = stored.why;
      return stopOf('budget-unknown', `The action budget cannot be read (${why}): mend or restore it, then ask again.`);
    }
    const planned = planReservation(stored.value?.value, request, door.actsPerHour, door.nowMs());
    if ('decision' in planned) return planned;
    const { document } = planned;
    const condition = stored.value === undefined ? 'absent' : { etag: stored.value.etag };
    const written = await ask(() => door.budget.apply(document, condition));
    if (written.isKnown) return undefined;
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
