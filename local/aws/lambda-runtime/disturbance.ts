import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Disturbance } from './messages.ts';

/** What a UUID drawn between steps begins with, so that a comparison tells it from one of the world's. */
const drawnBetweenSteps = '00000000-0000-4000-8';

/**
 * Makes chance differ from invocation to invocation between steps, and hold still inside of them.
 *
 * @param step the step that runs; undefined between steps
 */
export function disturbChance({ seed }: Disturbance, step: () => string | undefined): void {
  const between = randomFrom(seed);
  const byStep = new Map<string, () => number>();
  const inside = (id: string) => {
    const random = byStep.get(id) ?? randomFrom(hashOf(id));
    byStep.set(id, random);
    return random();
  };
  Math.random = () => {
    const id = step();
    return id === undefined ? between() : inside(id);
  };
  const randomUuid = crypto.randomUUID.bind(crypto);
  let drawn = 0;
  crypto.randomUUID = (options) => {
    if (step() !== undefined) return randomUuid(options);
    drawn += 1;
    const tail = (seed * 65_536 + drawn).toString(16).padStart(12, '0').slice(-12);
    return `${drawnBetweenSteps}${(seed % 4096).toString(16).padStart(3, '0')}-${tail}`;
  };
  globalThis.crypto.randomUUID = () => crypto.randomUUID();
  syncBuiltinESMExports();
}

/** Numbers in [0, 1) from a seed: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
