// A process of its own, kept warm: it runs the unit tests of one area again and again, each time with another mutant in one
// module. The mutant stands in the answer of a plugin and nowhere else, so no file is ever written. The files of one question
// share their modules, as in the project `unit` of vitest.config.ts: two thirds of the time went into importing them again.
import { join, relative } from 'node:path';
import process from 'node:process';
import { BaseSequencer, createVitest, type TestModule, type TestSpecification, type Vitest } from 'vitest/node';
import type { Answer, Question, TestLimit } from './test-runner.ts';

const root = join(import.meta.dirname, '../../..');

/** Exit status of a process whose tests did not come to an end. */
const overStatus = 75;

let active: { readonly path: string; readonly code: string } | undefined;

// A property that fails under a mutant has said enough: it need not look for a smaller case (test/support/depth.ts).
process.env.MSKEEPER_MUTATION = '1';
// In a deep check, too, a mutant meets the usual number of random cases: a hundred times as many take hours.
delete process.env.MSKEEPER_DEEP;

/** Called as each file has its turn, before it is loaded. */
let beginTest = (_test: string): void => undefined;

/** In the order in which they were asked for. */
class AskedSequencer extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    return specifications;
  }
}

const vitest: Vitest = await createVitest(
  {
    root,
    config: false,
    watch: false,
    silent: true,
    reporters: [{ onTestModuleQueued: ({ moduleId }) => beginTest(relative(root, moduleId)) }],
    include: ['test/unit/**/*.test.ts'],
    setupFiles: ['test/support/seeded-cases.ts'],
    pool: 'threads',
    maxWorkers: 1,
    fileParallelism: false,
    isolate: false,
    sequence: { sequencer: AskedSequencer },
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

type Ran = Pick<Answer, 'durationMsByTest' | 'failure'>;

/** Runs the files one after the other until one fails. What each took is without what an earlier one had imported. */
const run = async (tests: readonly string[]): Promise<Ran> => {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(tests.map(specificationOf));
  // Vitest tells of every file that it ran since it was started.
  const byPath = new Map(testModules.map((one) => [one.moduleId, one]));
  const ran = tests.map((test) => ({ test, testModule: byPath.get(join(root, test)) }));
  const failed = ran.find(({ testModule }) => testModule === undefined || !testModule.ok());
  const failure =
    failed === undefined
      ? unhandledErrors.length === 0
        ? undefined
        : { test: tests.join(', '), problem: 'an error that no test caught' }
      : { test: failed.test, problem: problemOf(failed.testModule) };
  return {
    durationMsByTest: Object.fromEntries(ran.map(({ test, testModule }) => [test, durationMsOf(testModule)])),
    failure,
  };
};

const durationMsOf = (testModule: TestModule | undefined): number => {
  if (testModule === undefined) return 0;
  const { collectDuration, duration } = testModule.diagnostic();
  return collectDuration + duration;
};

const problemOf = (testModule: TestModule | undefined): string => {
  const [failed] = testModule === undefined ? [] : testModule.children.allTests('failed');
  return failed?.fullName ?? 'the file cannot be loaded';
};

/** A loop of the mutant's blocks the tests' thread, not this one; what a file used of the processor says so on any machine. */
const guard = (limitByTest: NonNullable<Question['limitByTest']>): (() => void) => {
  const usedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let limit: TestLimit | undefined;
  let before = { cpuMs: 0, atMs: 0 };
  beginTest = (test) => {
    limit = limitByTest[test];
    before = { cpuMs: usedMs(), atMs: performance.now() };
  };
  const timer = setInterval(() => {
    if (limit === undefined) return;
    const isOver = usedMs() - before.cpuMs > limit.mostCpuMs || performance.now() - before.atMs > limit.mostWaitMs;
    if (isOver) process.exit(overStatus);
  }, 250);
  return () => clearInterval(timer);
};

process.on('message', async (question: Question) => {
  const stop = guard(question.limitByTest ?? {});
  place(question.mutant && { path: join(root, question.mutant.path), code: question.mutant.code });
  const { durationMsByTest, failure } = await run(question.tests);
  stop();
  const answer: Answer = { durationMsByTest, failure };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
