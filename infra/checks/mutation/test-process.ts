// A process of its own, kept warm: it runs the unit tests of one area again and again, each time with another mutant in one
// module. The mutant stands in the answer of a plugin and nowhere else, so no file is ever written.
import { join } from 'node:path';
import process from 'node:process';
import { createVitest, type Vitest } from 'vitest/node';
import type { Answer, Question } from './test-runner.ts';

const root = join(import.meta.dirname, '../../..');

/** Exit status of a process whose tests did not come to an end. */
const overStatus = 75;

let active: { readonly path: string; readonly code: string } | undefined;

const vitest: Vitest = await createVitest(
  {
    root,
    config: false,
    watch: false,
    silent: true,
    reporters: [{}],
    include: ['test/unit/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 1,
    fileParallelism: false,
    // A test that waits for what never comes is ended by its own limit; this one is for a busy machine.
    testTimeout: 60_000,
    bail: 1,
    // It would keep mutants on the disk, and hand them to whoever runs these tests next.
    fsModuleCache: false,
  },
  {
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        load: (id) => (id.split('?')[0] === active?.path ? active?.code : undefined),
      },
    ],
  },
);
await vitest.standalone();

const specificationOf = (test: string) => vitest.getRootProject().createSpecification(join(root, test));

/** Puts a mutant in, or takes the last one out. */
const place = (next: typeof active): void => {
  for (const one of [active, next]) if (one !== undefined) vitest.invalidateFile(one.path);
  active = next;
};

const run = async (test: string): Promise<{ readonly problem?: string; readonly durationMs: number }> => {
  const begun = performance.now();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specificationOf(test)]);
  const durationMs = performance.now() - begun;
  // Vitest tells of every file that it ran since it was started.
  const testModule = testModules.find(({ moduleId }) => moduleId === join(root, test));
  if (testModule?.ok() && unhandledErrors.length === 0) return { durationMs };
  const failed = testModule === undefined ? undefined : [...testModule.children.allTests('failed')][0];
  return { durationMs, problem: failed?.fullName ?? 'the file cannot be loaded' };
};

/** A loop of the mutant's blocks the tests' thread, not this one; what it used of the processor says so on any machine. */
const guard = (mostCpuMs: number | undefined, mostWaitMs: number | undefined): (() => void) => {
  if (mostCpuMs === undefined || mostWaitMs === undefined) return () => undefined;
  const before = process.cpuUsage();
  const begun = performance.now();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 > mostCpuMs || performance.now() - begun > mostWaitMs) process.exit(overStatus);
  }, 250);
  return () => clearInterval(timer);
};

process.on('message', async (question: Question) => {
  const stop = guard(question.mostCpuMs, question.mostWaitMs);
  const before = process.cpuUsage();
  place(question.mutant && { path: join(root, question.mutant.path), code: question.mutant.code });
  const durationMsByTest: Record<string, number> = {};
  let failure: Answer['failure'];
  for (const test of question.tests) {
    const { problem, durationMs } = await run(test);
    durationMsByTest[test] = durationMs;
    if (problem === undefined) continue;
    failure = { test, problem };
    break;
  }
  stop();
  const { user, system } = process.cpuUsage(before);
  const answer: Answer = { durationMsByTest, cpuMs: (user + system) / 1000, failure };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
