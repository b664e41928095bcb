import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFile } from '../../support/durable-bundle.ts';
import { type KillReport, killEverywhere } from '../../support/durable-kill.ts';
import { fixtureFunction, fixtureTopicArn, fixtureWorlds } from '../../support/durable-trial.ts';

const killFixture = async (name: string, payload: unknown = {}): Promise<KillReport> =>
  killEverywhere({
    open: fixtureWorlds(await bundleFile(join(import.meta.dirname, 'fixtures', `${name}.ts`))),
    functionName: fixtureFunction,
    payload,
    countEffects: ({ aws }) => ({
      objects: aws.calls.of('s3:PutObject').filter(({ outcome }) => outcome === 'ok').length,
      messages: aws.calls.of('sns:Publish').filter(({ outcome }) => outcome === 'ok').length,
    }),
  });
const kinds = ({ findings }: KillReport) => [...new Set(findings.map(({ kind }) => kind))];

test('a safe function ends the same and acts once, wherever it is killed', async () => {
  const report = await killFixture('safe', { key: 'once' });
  expect(report.findings).toEqual([]);
  expect(report.trace).toMatchObject({ status: 'SUCCEEDED', result: { isFirst: true, looks: 3 } });
  expect(report.effects).toEqual({ objects: 1, messages: 0 });
  expect(report.invocationCount).toBe(4);
  expect(report.killedAt).toContain('the start of invocation 4');
  expect(report.killedAt.filter((at) => at.startsWith('before '))).toHaveLength(report.checkpointCount);
  expect(report.killedAt.filter((at) => at.startsWith('after '))).toHaveLength(report.checkpointCount);
  expect(report.checkpointCount).toBeGreaterThanOrEqual(8);
});

test.each([
  ['the clock', 'clock', 'deadlineMs'],
  ['chance', 'chance', 'keep'],
  ['the environment', 'environment', 'place'],
])('a function that asks %s between steps fails', async (_what, name, trace) => {
  const report = await killFixture(name);
  expect(kinds(report)).toEqual(['replay-unsafe']);
  expect(report.findings[0]?.message).toContain(trace);
});

test('a function whose effect is not idempotent fails where it is killed between the effect and its checkpoint', async () => {
  const report = await killFixture('twice', { topicArn: fixtureTopicArn });
  expect(kinds(report)).toEqual(['other-effects']);
  expect(report.findings.map(({ at, message }) => [at.replace(/ \(.*$/, ''), message])).toContainEqual([
    'before STEP SUCCEED of tell',
    'messages: 1 ≠ 2',
  ]);
});
