import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import type { Run, RunMemory } from './memory.ts';

/**
 * Offers a word to the bus, in a step. One that could not be told before has one try a look: for as long as nobody takes any, a
 * run's operations must do.
 *
 * @returns why it was not taken; undefined where it was
 */
export async function offer(
  { durable }: Pick<Run, 'durable'>,
  name: string,
  isRepeated: boolean,
  send: () => Promise<void>,
): Promise<string | undefined> {
  try {
    const why = await durable.step(name, async () => {
      if (!isRepeated) return send().then(() => null);
      const asked = await ask(send);
      return asked.isKnown ? null : asked.why;
    });
    return why ?? undefined;
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    await durable.transition('not-told', { what: name });
    return error.message;
  }
}

/** What is not told is no silence: the log and a metric have it, whose alarm needs no bus. */
export async function reportNotTold({ durable, ports }: Run, name: string, headline: string): Promise<void> {
  await durable.step(`not told ${name}`, async () => {
    ports.reportProblem(`the bus took no word of it, so nobody hears it: ${headline}`);
    return null;
  });
}

/** The first reason is the one that the run's end names. */
export function keepUndelivered({ undeliveredByName }: RunMemory, name: string, why: string): void {
  if (!undeliveredByName.has(name)) undeliveredByName.set(name, why);
}
