import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFile } from '../../support/durable/bundle.ts';
import { runWhole } from '../../support/durable/killed-run.ts';
import { fixtureFunction, fixtureWorlds } from '../../support/durable/trial.ts';

const dayMs = 86_400_000;

test('a week of looking at 60 brokers, each for itself, stays under 3,000 operations', async () => {
  const archive = await bundleFile(join(import.meta.dirname, 'fixtures', 'sixty-brokers.ts'));
  const { execution, trace } = await runWhole({
    open: fixtureWorlds(archive),
    functionName: fixtureFunction,
    payload: {},
    effectsOf: () => ({}),
  });
  const { usage, startedAtMs, endedAtMs = 0 } = execution;
  expect(trace.status).toBe('SUCCEEDED');
  expect((endedAtMs - startedAtMs) / dayMs).toBeGreaterThan(6.5);
  // Every look is metered, whatever the history calls one operation; the start is the one besides.
  expect(trace.result).toEqual({ looks: usage.operationCount - 1 });
  expect(usage.operationCount).toBeLessThan(3000);
  expect(usage.operationCount).toBeGreaterThan(60 * 30);
});
