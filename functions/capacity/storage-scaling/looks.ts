import { secondMs } from '../../../shared/core/units.ts';
import type { BackOff } from '../../../shared/durable/durable.ts';
import { longestBlindMs } from './core/guards.ts';
import type { Denied, Look } from './core/model.ts';
import { fetchLook, type YesAwaited } from './look.ts';
import { isNewlyDenied, tellDenied, tellMeanwhile } from './look-news.ts';
import { lookMemoryOf, type Run } from './memory.ts';

/** One look, as a step of its own. */
export async function takeLook({ durable, ports, memory, input }: Run, yesAwaited?: YesAwaited): Promise<Look> {
  memory.looks += 1;
  return durable.step(`look ${memory.looks}`, () => fetchLook(ports, lookMemoryOf(memory), input.episode, yesAwaited));
}

/** A look at the disks while the run waits for something else: people hear what it found, and nothing is planned by it. */
export async function lookMeanwhile(run: Run, yesAwaited?: YesAwaited): Promise<Look> {
  const look = await takeLook(run, yesAwaited);
  await tellMeanwhile(run, look);
  return look;
}

/** Waits for so long, one second at least, and looks at the disks whenever it would have looked away for too long. */
export async function waitLooking(run: Run, name: string, durationMs: number): Promise<void> {
  let leftMs = Math.max(secondMs, durationMs);
  for (let part = 1; leftMs > 0; part += 1) {
    const pauseMs = Math.min(leftMs, longestBlindMs);
    await run.durable.wait(part === 1 ? name : `${name}.${part}`, pauseMs);
    leftMs -= pauseMs;
    if (leftMs > 0) await lookMeanwhile(run);
  }
}

/** What one look of a poll saw, and the look at the disks beside it where one was due. */
type Seen<Value> = {
  readonly value: Value;
  readonly atMs: number;
  readonly sinceMs: number;
  readonly lookedAtMs: number;
  readonly look: Look | null;
};

/**
 * A poll that looks at the disks whenever the run would have looked away from them for too long. People are told between two
 * polls only: so it is interrupted by each such look, and by what may not be read, and goes on where it was.
 *
 * @param options `denied` what a look of it was not allowed to read
 * @returns the last value, when it was seen, and whether it was done
 */
export async function pollLooking<Value>(
  run: Run,
  name: string,
  options: {
    readonly look: (previous: Value | undefined) => Promise<Value>;
    readonly isDone: (value: Value) => boolean;
    readonly denied: (value: Value) => readonly Denied[];
    readonly backOff: BackOff;
  },
): Promise<{ readonly value: Value; readonly atMs: number; readonly isDone: boolean }> {
  const { durable, ports, memory } = run;
  const { isDone, denied, backOff } = options;
  const deniedOf = ({ value, atMs }: Seen<Value>) => ({ atMs, denied: denied(value) });
  let before: Seen<Value> | undefined;
  for (let part = 1; ; part += 1) {
    const begun = before;
    const isFirst = part === 1;
    const spentMs = begun === undefined ? 0 : begun.atMs - begun.sinceMs;
    const { value: seen, isDone: isInterrupted } = await durable.poll<Seen<Value>>(isFirst ? name : `${name}.${part}`, {
      look: async (last) => {
        // Where it goes on it has just looked.
        if (last === undefined && begun !== undefined) return { ...begun, look: null };
        const value = await options.look(last?.value);
        const atMs = ports.nowMs();
        const lookedAtMs = last?.lookedAtMs ?? memory.lookedAtMs ?? atMs;
        const isDue = atMs + backOff.longestMs > lookedAtMs + longestBlindMs;
        const look = isDue ? await fetchLook(ports, lookMemoryOf(memory), run.input.episode) : null;
        return { value, atMs, sinceMs: last?.sinceMs ?? atMs, lookedAtMs: look?.atMs ?? lookedAtMs, look };
      },
      isDone: (one) => isDone(one.value) || one.look !== null || (isFirst && isNewlyDenied(run, deniedOf(one))),
      backOff: { ...backOff, ...(!isFirst && { firstMs: backOff.longestMs }), maxMs: backOff.maxMs - spentMs },
    });
    memory.lookedAtMs = seen.lookedAtMs;
    await tellDenied(run, deniedOf(seen));
    if (seen.look !== null) await tellMeanwhile(run, seen.look);
    const ended = { value: seen.value, atMs: seen.atMs };
    if (isDone(seen.value)) return { ...ended, isDone: true };
    if (!isInterrupted) return { ...ended, isDone: false };
    before = seen;
  }
}
