import { randomInt } from 'node:crypto';
import process from 'node:process';
import { runCommand, UsageError } from '../command-line.ts';
import { renderClosing } from './closing.ts';
import { chooseParts } from './parts.ts';
import { runParts } from './run-parts.ts';
import { runScript } from './run-script.ts';

const help = `Runs every check in its order, stops at the first that fails, and ends with its exit status.
At the end: how long each took, the ten slowest tests, and on the last line how many passed and failed.

  npm run check                     what CI runs
  npm run check:deep                everything: all drills, all kill points, the large numbers of random cases
  npm run check -- --only unit      one part; may be given more than once

  --seed <n>      draws the same samples again: kill points, random cases, the second drill (or MSKEEPER_SEED)
  --deep          what check:deep gives
  --help
`;

const largestSeed = 2 ** 31 - 1;

const seedOf = (given: string | undefined): number => {
  if (given === undefined) return randomInt(largestSeed);
  const seed = Number(given);
  if (/^\d+$/.test(given) && seed <= largestSeed) return seed;
  throw new UsageError(`a seed is a whole number from 0 to ${largestSeed}, not ${JSON.stringify(given)}`);
};

await runCommand({
  help,
  options: {
    seed: { type: 'string' },
    deep: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
  run: async ({ values }) => {
    const seed = seedOf(values.seed ?? process.env.MSKEEPER_SEED);
    const choice = { seed, isDeep: values.deep, only: values.only };
    const parts = chooseParts(choice);
    const results = await runParts(parts, (part) => {
      process.stdout.write(`\n${part.name}: npm run ${part.script}\n`);
      return runScript(part, choice);
    });
    const left = parts.slice(results.length).map(({ name }) => name);
    process.stdout.write(`\n${renderClosing(results, left, seed).join('\n')}\n`);
    return results.at(-1)?.exitCode ?? 0;
  },
});
