import { minuteMs } from '../../../shared/core/units.ts';
import { createTurnstile, type Fate, type Runner } from '../acting/turnstile.ts';
import { type Chance, createChance } from './chance.ts';
import { type Clock, createClock } from './clock.ts';
import type { ClusterClaimed, HostileHistory, Yes } from './model.ts';
import { createMsk, type Msk } from './msk.ts';
import { createSts } from './sts.ts';

/** One invocation: its clock beside the true one, and what it read last, in the order of all answers. */
export type Actor = Runner & {
  skewMs: number;
  cause?: string;
  sawSwitch?: { readonly value: string; readonly at: number };
  sawClaim?: { readonly isOwn: boolean; readonly at: number };
  sawState?: { readonly at: number };
};

const startMs = Date.UTC(2026, 0, 14, 12);
/** So far two clocks of Lambda may lie from the true time, at most, for the budget's bound to hold. */
export const mostSkewMs = 29_000;
/** So far they lie where somebody set them wrong: then a time of the run's own is anybody's. */
export const wrongSkewMs = 180 * minuteMs;

/** What every stack shares: time, the order of answers, MSK, and the switches that somebody turns. */
export function createHostileWorld({ seed, traits, callFates, claim }: HostileHistory) {
  const chance: Chance = createChance(seed);
  const clock: Clock = createClock(startMs);
  const turnstile = createTurnstile(clock.nowMs);
  const msk: Msk = createMsk(clock.nowMs, chance, traits);
  let order = 0;
  let named = 0;
  let calls = 0;
  const violations: string[] = [];
  const switches = {
    killSwitch: 'off',
    claim: claim as ClusterClaimed,
    usedGiB: 425,
    arePeopleAway: false,
    isBusAway: false,
    isWell: false,
  };
  const actors: Actor[] = [];
  return {
    sts: createSts(clock.nowMs),
    yeses: [] as Yes[],
    /** Answers that somebody overheard. */
    answers: [] as string[],
    /** Which run sent a call of which cause. */
    sent: [] as { readonly cause: string; readonly execution: string }[],
    /** Prefixes of the bucket in which somebody else has written. */
    tampered: new Set<string>(),
    /** Beyond the bound within which the budget holds. */
    haveClocksJumped: false,
    chance,
    clock,
    turnstile,
    msk,
    violations,
    switches,
    actors,
    violate: (what: string) => void violations.push(what),
    nextCallFate: (): Fate | undefined => {
      calls += 1;
      return switches.isWell ? undefined : callFates[calls - 1];
    },
    nextOrder: () => {
      order += 1;
      return order;
    },
    nextName: () => {
      named += 1;
      return named;
    },
    newActor: (name: string): Actor => {
      const skewMs = chance.below(2 * mostSkewMs) - mostSkewMs;
      const actor: Actor = { name, isDead: false, skewMs };
      actors.push(actor);
      return actor;
    },
  };
}
export type HostileWorld = ReturnType<typeof createHostileWorld>;
