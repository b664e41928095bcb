import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runCommand, UsageError } from '../command-line.ts';
import { type Area, findAreas } from './mutation/areas.ts';
import { floorPercentByArea } from './mutation/floors.ts';
import { type Measured, measureArea, mutantsOf, type Tried } from './mutation/measure.ts';
import { renderScores, renderSurvivor, scoreOf } from './mutation/report.ts';
import { openTestRunner } from './mutation/test-runner.ts';
import { largestSeed } from './seed.ts';

const projectRoot = join(import.meta.dirname, '../..');
const usualSample = 100;

const help = `Measures whether the unit tests of each area would notice a mistake: changes the source in one place, runs the
area's own unit tests (test/unit/<same path>), and counts the changes that no test sees. No file is written; a mutant lives in
the memory of the test process.

  npm run mutation -- [options]

  --area <name>     only this area; may be given again (--list names them)
  --sample <n>      so many mutants an area, at random; all: every one (${usualSample})
  --seed <n>        of the sample; the same seed takes the same mutants of the same source (random, printed)
  --list            the areas with their files, tests and mutants, and runs nothing
  --json            the scores and survivors as JSON
  --help

Changed are: comparisons (boundary, negation), && || ??, arithmetic, numbers by one and units by two, booleans, conditions
(forced), negations, statements (left out), returned values, elements of arrays and spreads, words (reasons, severities,
keys), opposite methods (some/every, min/max, floor/ceil). Left out are: types, imports, docstrings, property keys, texts
with a space (sentences for people), and in an area the making of ports on AWS, deployment and alarms, which contract tests
and the template's oracles hold.
A mutant under which a test file does not come to an end counts as noticed: beyond ten times what it takes without one.
Exit status: 0; 1 where an area is below its floor (infra/checks/mutation/floors.ts); 2 for a wrong command line.
`;

const options = {
  area: { type: 'string', multiple: true },
  sample: { type: 'string' },
  seed: { type: 'string' },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const chosenOf = (areas: readonly Area[], names: readonly string[] | undefined): readonly Area[] => {
  const known = areas.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`--area ${unknown} is none of: ${known.join(', ')}`);
  return areas.filter(({ name }) => names === undefined || names.includes(name));
};

const countOf = (name: string, text: string | undefined, usual: number): number => {
  if (text === undefined) return usual;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > largestSeed)
    throw new UsageError(`--${name} ${text} is no whole number up to ${largestSeed}`);
  return count;
};

const sampleOf = (text: string | undefined): number => {
  const count = text === 'all' ? Number.POSITIVE_INFINITY : countOf('sample', text, usualSample);
  if (count === 0) throw new UsageError('--sample 0 measures nothing: 1 or more, or all');
  return count;
};

const list = (areas: readonly Area[]): string =>
  areas
    .map((area) => {
      const { name, folder, files, tests } = area;
      const mutants = mutantsOf(projectRoot, area).length;
      return `${name}  ${folder}: ${files.length} files, ${tests.length} test files, ${mutants} mutants\n`;
    })
    .join('');

/** What happens meanwhile is said beside the result, which a file may take. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** A survivor with its change: whoever waits for the rest can begin to mend. */
const placeOf = (tried: Tried): string => {
  const { mutant, outcome } = tried;
  if (outcome !== 'survived') return `${mutant.file}:${mutant.line} ${mutant.kind}`;
  return renderSurvivor(tried, readFileSync(join(projectRoot, mutant.file), 'utf8'));
};

async function measureAll(areas: readonly Area[], sampleCount: number, seed: number): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const area of areas) {
    const runner = openTestRunner(seed);
    try {
      say(`${area.name}: ${area.tests.length} test files without a mutant`);
      measured.push(
        await measureArea(projectRoot, area, runner, {
          sampleCount,
          seed,
          report: (tried, index) => say(`${index} ${tried.outcome}  ${placeOf(tried)}`),
        }),
      );
    } finally {
      await runner.close();
    }
  }
  return measured;
}

await runCommand({
  help,
  options,
  run: async ({ values }) => {
    const areas = chosenOf(findAreas(projectRoot), values.area);
    const sampleCount = sampleOf(values.sample);
    const seed = countOf('seed', values.seed, randomInt(largestSeed));
    if (values.list) {
      process.stdout.write(list(areas));
      return 0;
    }
    say(`seed ${seed}`);
    const measured = await measureAll(areas, sampleCount, seed);
    const scores = measured.map((one) => scoreOf(one, floorPercentByArea[one.area]));
    const survivors = measured.flatMap(({ tried }) => tried.filter(({ outcome }) => outcome === 'survived'));
    if (values.json) {
      const places = survivors.map(({ mutant }) => mutant);
      process.stdout.write(`${JSON.stringify({ seed, scores, survivors: places }, null, 2)}\n`);
    } else {
      const diffs = survivors.map((one) =>
        renderSurvivor(one, readFileSync(join(projectRoot, one.mutant.file), 'utf8')),
      );
      const again = `npm run mutation -- --seed ${seed}${values.sample === undefined ? '' : ` --sample ${values.sample}`}`;
      process.stdout.write([...diffs, '', renderScores(scores), '', `The same sample: ${again}`, ''].join('\n'));
    }
    return scores.some(({ isBelowFloor }) => isBelowFloor) ? 1 : 0;
  },
});
