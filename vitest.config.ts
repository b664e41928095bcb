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
/** One printed seed for all that is drawn at random. */
const seeded = { globalSetup: 'test/support/seed.ts', setupFiles: 'test/support/seeded-cases.ts' };
const reportPath = process.env.MSKEEPER_TEST_REPORT;

/** Integration tests on real brokers, by what stands around these: each kind has a process and brokers of its own. */
const integration = {
  brokers: ['test/integration/{local-kafka,shared,functions}/**/*.test.ts'],
  packaged: ['test/integration/{packaged,durable}/**/*.test.ts'],
  world: ['test/integration/drill/**/*.test.ts'],
};

/** `unit` needs nothing but Node, in one process; `contract` starts processes and speaks to the local stand-in; the rest starts real brokers. */
export default defineConfig({
  test: {
    reporters: ['default', ...(reportPath === undefined ? [] : [reportTo(reportPath)])],
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          ...seeded,
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
          ...seeded,
        },
      },
      ...Object.entries(integration).map(([name, include], index) => ({
        test: {
          ...patience,
          name,
          include,
          ...seeded,
          // One process for all files, one after another, so that they can share brokers (test/support/kafka/shared-kafka.ts).
          isolate: false,
          fileParallelism: false,
          sequence: { groupOrder: 1 + index },
        },
      })),
    ],
  },
});
