import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../../shared/core/errors.ts';
import { type Area, openReach } from './areas.ts';
import { applyMutant, compileMutants, type Mutant } from './mutants.ts';
import { takeSample } from './sample.ts';
import type { Outcome, TestLimit, TestRunner } from './test-runner.ts';

/** A mutant with the file it is in. */
export type Placed = Mutant & { readonly file: string };

export type Tried = { readonly mutant: Placed; readonly outcome: Outcome; readonly by?: string };

export type Measured = {
  readonly area: string;
  readonly mutantCount: number;
  readonly tried: readonly Tried[];
};

/** So many times what a test file needs without a mutant, of the processor and (on a machine that does other work) of the clock. */
const mostCpuFactor = 10;
const mostWaitFactor = 60;
/** Below the first seconds a ratio says nothing: a process warms up, and the first file imports for the others. */
const graceMs = 10_000;
/** A test that waits for what never comes is ended by its own minute. */
const graceWaitMs = 120_000;

/** What a test file may take with a mutant in it. */
const limitOf = (durationMs: number): TestLimit => ({
  mostCpuMs: graceMs + mostCpuFactor * durationMs,
  mostWaitMs: graceWaitMs + mostWaitFactor * durationMs,
});

/**
 * A mutant that the tests never load would survive, and a measurement without any would look like tests without any worth.
 *
 * @throws Error where a module that cannot be loaded leaves the tests green
 */
async function requireReach({ name, files, tests }: Area, runner: TestRunner): Promise<void> {
  for (const path of files) {
    const answer = await runner.ask({ tests, mutant: { path, code: "throw new Error('a mutant is loaded');" } });
    if (answer === 'over' || answer.failure !== undefined) return;
  }
  throw new Error(`no mutant of ${name} reaches its unit tests`);
}

/** Every mutant of an area, file by file. */
export const mutantsOf = (root: string, { files }: Area): readonly Placed[] =>
  files.flatMap((file) =>
    compileMutants(readFileSync(join(root, file), 'utf8')).map((mutant) => ({ ...mutant, file })),
  );

/**
 * Runs an area's unit tests without a mutant, then with each of a sample, the quickest tests first and until one fails.
 *
 * @throws ConfigError where the tests fail without a mutant: then nothing can be measured
 */
export async function measureArea(
  root: string,
  area: Area,
  runner: TestRunner,
  { sampleCount, seed, report }: { sampleCount: number; seed: number; report: (tried: Tried, index: number) => void },
): Promise<Measured> {
  const mutants = mutantsOf(root, area);
  const sample = takeSample(mutants, sampleCount, seed);
  const clean = await runner.ask({ tests: area.tests });
  if (clean === 'over' || clean.failure !== undefined) {
    const what =
      clean === 'over' ? 'do not come to an end' : `fail (${clean.failure?.test}: ${clean.failure?.problem})`;
    throw new ConfigError(`the unit tests of ${area.name} ${what} without a mutant: mend them first`);
  }
  await requireReach(area, runner);
  const quickestFirst = area.tests.toSorted((one, other) => durationOf(one) - durationOf(other));
  function durationOf(test: string): number {
    return clean === 'over' ? 0 : (clean.durationMsByTest[test] ?? 0);
  }
  const reachOf = openReach(root);
  const reachByTest = new Map(area.tests.map((test) => [test, reachOf(test)]));
  const limitByTest = Object.fromEntries(area.tests.map((test) => [test, limitOf(durationOf(test))]));
  const tried: Tried[] = [];
  for (const mutant of sample) {
    const code = applyMutant(readFileSync(join(root, mutant.file), 'utf8'), mutant);
    const tests = quickestFirst.filter((test) => reachByTest.get(test)?.has(mutant.file));
    const answer =
      tests.length === 0 ? undefined : await runner.ask({ tests, mutant: { path: mutant.file, code }, limitByTest });
    const one: Tried =
      answer === 'over'
        ? { mutant, outcome: 'over' }
        : answer?.failure === undefined
          ? { mutant, outcome: 'survived' }
          : { mutant, outcome: 'failed', by: `${answer.failure.test}: ${answer.failure.problem}` };
    tried.push(one);
    report(one, tried.length);
  }
  return { area: area.name, mutantCount: mutants.length, tried };
}
