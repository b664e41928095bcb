import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { type Clock, realClock } from '../../../local/clock.ts';
import { START_MS } from '../../support/aws/aws.ts';
import { bundleSource } from '../../support/durable/bundle.ts';
import { fixtureFunction, openFixture } from '../../support/durable/trial.ts';
import { eventually } from '../../support/eventually.ts';

const archive = await bundleSource(`
  import { withDurableExecution } from '@aws/durable-execution-sdk-js';
  export const handler = withDurableExecution(async ({ seconds }, context) => {
    const before = await context.step('before', async () => Date.now());
    await context.wait('pause', { seconds });
    return (await context.step('after', async () => Date.now())) - before;
  });`);

test.each<[string, () => Clock, number]>([
  ["the machine's clock", realClock, 1],
  [
    'a clock that is sixty times as fast',
    () =>
      acceleratedClock(START_MS, 60, (failure) => {
        throw failure;
      }),
    60,
  ],
])('a wait ends by %s', async (_what, open, seconds) => {
  const directory = await mkdtemp(join(tmpdir(), 'durable-clock-'));
  const { lambda, close } = await openFixture(archive, open(), directory);
  try {
    const payload = Buffer.from(JSON.stringify({ seconds }));
    await lambda.invoke({ functionName: fixtureFunction, payload, invocationType: 'Event' });
    const execution = await eventually(() => {
      const [ended] = lambda.durable.executions().filter(({ status }) => status !== 'RUNNING');
      if (ended === undefined) throw new Error('it runs');
      return ended;
    });
    expect(execution.status).toBe('SUCCEEDED');
    // By the world's own time, of which the function's clock is a part.
    expect(Number(execution.result)).toBeGreaterThan(seconds * 900);
    expect(execution.usage.invocationCount).toBe(2);
    expect((execution.endedAtMs ?? 0) - execution.startedAtMs).toBeGreaterThanOrEqual(seconds * 1000);
  } finally {
    await close();
    await rm(directory, { recursive: true, force: true });
  }
});
