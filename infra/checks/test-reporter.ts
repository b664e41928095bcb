import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import type { TestReport } from './test-report.ts';

const inSeconds = (ms: number): number => ms / 1000;

const reportOf = (module: TestModule): TestReport => {
  const file = module.relativeModuleId;
  const tests = [...module.children.allTests()];
  const countOf = (state: 'passed' | 'failed'): number => tests.filter((test) => test.result().state === state).length;
  const failedCount = countOf('failed');
  const testMs = tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0);
  const { collectDuration, duration } = module.diagnostic();
  return {
    passedCount: countOf('passed'),
    failedCount: failedCount === 0 && module.state() === 'failed' ? 1 : failedCount,
    timed: [
      ...tests.map((test) => ({
        name: `${file} > ${test.fullName}`,
        seconds: inSeconds(test.diagnostic()?.duration ?? 0),
      })),
      { name: `${file} (its hooks)`, seconds: inSeconds(Math.max(0, duration - testMs)) },
      { name: `${file} (its imports)`, seconds: inSeconds(collectDuration) },
    ],
  };
};

/** Writes a TestReport when all tests have run. */
export const reportTo = (path: string): Reporter => ({
  onTestRunEnd: (modules, unhandledErrors) => {
    const reports = modules.map(reportOf);
    const sumOf = (count: (report: TestReport) => number): number =>
      reports.reduce((sum, report) => sum + count(report), 0);
    const whole: TestReport = {
      passedCount: sumOf(({ passedCount }) => passedCount),
      failedCount: sumOf(({ failedCount }) => failedCount) + unhandledErrors.length,
      timed: reports.flatMap(({ timed }) => timed),
    };
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(whole));
  },
});
