import type { Expectation } from '../../../local/drill/drill-report.ts';
import type { Stage } from '../../../local/drill/scenario.ts';
import type { World } from '../../../local/world/world.ts';

/** A stage on which every expectation looks once: what is not there at once, is not met. */
export const stageOn = (world: World): { readonly stage: Stage; readonly unmet: () => readonly string[] } => {
  const told: Expectation[] = [];
  const stage: Stage = {
    world,
    timeline: { record: (moment) => ({ ...moment, atMs: 0, clockMs: 0 }), moments: () => [] },
    signal: new AbortController().signal,
    settle: () => Promise.resolve(),
    measure: () => {},
    conclude: () => {},
    chart: () => {},
    story: () => {},
    expectations: {
      all: () => told,
      expect: async (text, _withinSeconds, observe, describe) => {
        const seen = await observe();
        told.push({ text, isMet: seen !== undefined, seen: seen === undefined ? 'not so' : describe(seen) });
        return seen;
      },
      expectNothing: (text, look) => {
        const found = look();
        told.push({ text, isMet: found.length === 0, seen: found.join('; ') });
      },
    },
  };
  return { stage, unmet: () => told.filter(({ isMet }) => !isMet).map(({ text }) => text) };
};
