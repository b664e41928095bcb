import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { reportTo } from './infra/checks/test-reporter.ts';
import { isDeep } from './test/support/depth.ts';

/**
 * A test waits for what it wants to see, however slow or busy the machine is: these minutes, or the hours of a deep check,
 * only end what hangs.
 */
const patienceMs = (isDeep ? 180 : 5) * 60_000;
const patience = { testTimeout: patienceMs, hookTimeout: patienceMs };
const reportPath = process.env.MSKEEPER_TEST_REPORT;

/** `unit` needs nothing but Node, in one process; `contract` starts processes and speaks to the local stand-in; `integration` starts real brokers. */
export default defineConfig({
  test: {
    reporters: ['default', ...(reportPath === undefined ? [] : [reportTo(reportPath)])],
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: 'test/support/seed.ts',
          // Half of the time went into importing the same modules for each file. Both cores, not all but one.
          pool: 'threads',
          isolate: false,
          maxWorkers: '100%',
        },
      },
      {
        test: {
          ...patience,
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: 'test/support/seed.ts',
        },
      },
      {
        test: {
          ...patience,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/support/seed.ts',
          fileParallelism: false,
        },
      },
    ],
  },
});
