import { readFileSync } from 'node:fs';
import { z } from 'zod';

const timed = z.object({
  /** File and name. */
  name: z.string(),
  seconds: z.number(),
});

const testReport = z.object({
  passedCount: z.number(),
  /** Failed tests, files that failed beside their tests, and errors that belong to none. */
  failedCount: z.number(),
  timed: z.array(timed),
});

/** How many tests of a part passed and failed, and how long each took, its file's hooks and imports among them. */
export type TestReport = Readonly<z.infer<typeof testReport>>;

const drillReport = z.object({
  scenarios: z.array(
    z.object({ name: z.string(), outcome: z.enum(['passed', 'failed']), durationSeconds: z.number() }),
  ),
});

/** What our reporter wrote at a path. */
export const readTestReport = (path: string): TestReport => testReport.parse(JSON.parse(readFileSync(path, 'utf8')));

/** A drill's report.json: each scenario is a test. */
export const readDrillReport = (path: string): TestReport => {
  const { scenarios } = drillReport.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    passedCount: scenarios.filter(({ outcome }) => outcome === 'passed').length,
    failedCount: scenarios.filter(({ outcome }) => outcome === 'failed').length,
    timed: scenarios.map(({ name, durationSeconds }) => ({ name: `drill ${name}`, seconds: durationSeconds })),
  };
};
