import { join } from 'node:path';
import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';
import { bundleFile } from '../../support/durable/bundle.ts';
import { type KillReport, killEverywhere } from '../../support/durable/kill.ts';
import type { DurableTrial } from '../../support/durable/killed-run.ts';
import { type FixtureWorld, fixtureFunction, fixtureTopicArn, fixtureWorlds } from '../../support/durable/trial.ts';

const killFixture = async (
  name: string,
  payload: unknown = {},
  more: Partial<DurableTrial<FixtureWorld>> = {},
): Promise<KillReport> =>
  killEverywhere({
    open: fixtureWorlds(await bundleFile(join(import.meta.dirname, 'fixtures', `${name}.ts`))),
    functionName: fixtureFunction,
    payload,
    effectsOf: ({ aws }) => ({
      objects: aws.calls.of('s3:PutObject').filter(({ outcome }) => outcome === 'ok').length,
      messages: aws.calls.of('sns:Publish').filter(({ outcome }) => outcome === 'ok').length,
    }),
    ...more,
  });
const kinds = ({ findings }: KillReport) => [...new Set(findings.map(({ kind }) => kind))];

test('a safe function ends the same and acts once, wherever it is killed', async () => {
  const report = await killFixture('safe', { key: 'once' });
  expect(report.findings).toEqual([]);
  expect(report.trace).toMatchObject({ status: 'SUCCEEDED', result: { isFirst: true, looks: 2 } });
  expect(report.effects).toEqual({ objects: 1, messages: 0 });
  expect(report.invocationCount).toBe(3);
  expect(report.killedAt).toContain('the start of invocation 3');
  expect(report.killedAt).toContain('the answer of invocation 3');
  expect(report.killedAt.filter((at) => at.startsWith('before '))).toHaveLength(report.checkpointCount);
  expect(report.killedAt.filter((at) => at.startsWith('after '))).toHaveLength(report.checkpointCount);
  expect(report.checkpointCount).toBeGreaterThanOrEqual(7);
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
  const report = await killFixture('twice', { topicArn: fixtureTopicArn }, { killsPerRun: 3 });
  expect(kinds(report)).toEqual(['other-effects']);
  expect(report.findings.map(({ at, message }) => [at.replace(/ \(.*$/, ''), message])).toContainEqual([
    'before STEP SUCCEED of tell',
    'messages: 1 ≠ 2',
  ]);
});

/** Whoever is asked says yes, at once. */
const sayYes = async ({ aws, url }: FixtureWorld, { operations }: DurableExecution): Promise<void> => {
  const waiting = operations.all().find(({ Type, Status }) => Type === 'CALLBACK' && Status === 'STARTED');
  if (waiting === undefined) return;
  const client = new LambdaClient({ endpoint: url, region: aws.region, credentials: aws.identities.admin });
  const CallbackId = waiting.CallbackDetails?.CallbackId;
  await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: Buffer.from('"yes"') }));
};

test('a function that asks a person hears the answer once, wherever it is killed', async () => {
  const report = await killFixture('asks', {}, { whileWaiting: sayYes });
  expect(report.findings).toEqual([]);
  expect(report.trace).toMatchObject({ status: 'SUCCEEDED', result: { answer: '"yes"' } });
});
