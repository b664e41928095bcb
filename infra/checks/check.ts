import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { runCommand, UsageError } from '../command-line.ts';
import { renderClosing } from './closing.ts';
import { type Choice, chooseParts, type Part } from './parts.ts';
import { runApart } from './run-apart.ts';
import { type PartResult, runParts } from './run-parts.ts';
import { runScript } from './run-script.ts';
import { largestSeed } from './seed.ts';

const help = `Runs every check, begins none after one that fails, and ends with its exit status. As many run side by side as there are
cores, three at most. At the end: how long each took, the ten slowest tests, and on the last line how many passed and failed.

  npm run check                     what CI runs
  npm run check:deep                everything: all drills, all kill points, the large numbers of random cases
  npm run check -- --only unit      one part; may be given more than once

  --seed <n>      draws the same samples again: kill points, random cases, the second drill (or MSKEEPER_SEED)
  --deep          what check:deep gives
  --lanes <n>     so many parts at a time; 1 shows one after another
  --help
`;

/** As the longest name of a part. */
const nameWidth = 'configuration'.length;

/** More would be slower than their waiting for one another, and need more memory than a small machine has. */
const mostLanes = 3;

const lanesOf = (given: string | undefined): number => {
  if (given === undefined) return Math.min(mostLanes, availableParallelism());
  if (/^[1-9]$/.test(given)) return Number(given);
  throw new UsageError(`lanes are a whole number from 1 to 9, not ${JSON.stringify(given)}`);
};

const seedOf = (given: string | undefined): number => {
  if (given === undefined) return randomInt(largestSeed);
  const seed = Number(given);
  if (/^\d+$/.test(given) && seed <= largestSeed) return seed;
  throw new UsageError(`a seed is a whole number from 0 to ${largestSeed}, not ${JSON.stringify(given)}`);
};

/** Alone a part has the terminal to itself; beside others each of its lines begins with its name. */
const runLoudly = (part: Part, choice: Choice, laneCount: number): Promise<PartResult> => {
  if (laneCount === 1) {
    process.stdout.write(`\n${part.name}: npm run ${part.script}\n`);
    return runScript(part, choice);
  }
  const say = (line: string): void => void process.stdout.write(`${part.name.padEnd(nameWidth)} | ${line}\n`);
  say(`npm run ${part.script}`);
  return runApart(part, choice, say);
};

await runCommand({
  help,
  options: {
    seed: { type: 'string' },
    deep: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    lanes: { type: 'string' },
  },
  run: async ({ values }) => {
    const seed = seedOf(values.seed ?? process.env.MSKEEPER_SEED);
    const choice = { seed, isDeep: values.deep, only: values.only };
    const parts = chooseParts(choice);
    const laneCount = Math.min(lanesOf(values.lanes), parts.length);
    const beganMs = performance.now();
    const results = await runParts(parts, laneCount, (part) => runLoudly(part, choice, laneCount));
    const tookSeconds = (performance.now() - beganMs) / 1000;
    const ran = new Set(results.map(({ name }) => name));
    const left = parts.flatMap(({ name }) => (ran.has(name) ? [] : [name]));
    process.stdout.write(`\n${renderClosing(results, { left, seed, tookSeconds }).join('\n')}\n`);
    return results.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
  },
});
