import { setTimeout as pause } from 'node:timers/promises';
import type { Expectation } from './drill-report.ts';

/** What a scenario waits for: a value once it is there, `undefined` while it is not. */
type Observation<Seen> = () => Seen | undefined | Promise<Seen | undefined>;

export type Expectations = {
  /**
   * Waits until the observation yields, and keeps the sentence with what was seen and when. Returns undefined where it
   * never did: the scenario goes on, so that one report tells everything that failed. `withinSeconds` is what an idle
   * machine needs at most; a promise about time is judged by what was measured, not by this. 0: one look, without waiting.
   */
  readonly expect: <Seen>(
    text: string,
    withinSeconds: number,
    observe: Observation<Seen>,
    describe: (seen: Seen) => string,
  ) => Promise<Seen | undefined>;
  /** Looks once: what must not be there, is not. */
  readonly expectNothing: (text: string, look: () => readonly string[]) => void;
  readonly all: () => readonly Expectation[];
};

const pollMs = 100;
/** How much longer than an idle machine needs is waited, so that a busy one is slow and not wrong; what comes is seen at once. */
const patience = 5;
/** How many of the things that should not be there are named. */
const mostListed = 5;

/** @param signal ends all waiting when the drill is interrupted */
export function openExpectations(signal: AbortSignal, onSettled: (expectation: Expectation) => void): Expectations {
  const all: Expectation[] = [];
  const settle = (expectation: Expectation) => {
    all.push(expectation);
    onSettled(expectation);
  };
  return {
    all: () => all,
    expectNothing: (text, look) => {
      const found = look();
      const more = found.length > mostListed ? ` and ${found.length - mostListed} more` : '';
      const seen = found.length === 0 ? 'none' : `${found.slice(0, mostListed).join('; ')}${more}`;
      settle({ text, isMet: found.length === 0, seen });
    },
    expect: async (text, withinSeconds, observe, describe) => {
      const beganMs = performance.now();
      const mostSeconds = withinSeconds * patience;
      const passedSeconds = () => (performance.now() - beganMs) / 1000;
      do {
        const seen = await observe();
        if (seen !== undefined) {
          const waited = withinSeconds > 0 ? { afterSeconds: passedSeconds() } : {};
          settle({ text, isMet: true, seen: describe(seen), ...waited });
          return seen;
        }
        await pause(pollMs, undefined, { signal });
      } while (passedSeconds() < mostSeconds);
      settle({ text, isMet: false, seen: withinSeconds > 0 ? `not seen within ${mostSeconds} s` : 'not so' });
      return undefined;
    },
  };
}
