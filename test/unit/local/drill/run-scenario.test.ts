import { expect, test } from 'vitest';
import { runScenario } from '../../../../local/drill/run-scenario.ts';
import type { Scenario, Stage } from '../../../../local/drill/scenario.ts';
import { drillWorld } from '../../../support/drill/world.ts';

const scenario = (run: (stage: Stage) => Promise<void>): Scenario => ({
  name: 'one',
  title: 'One thing.',
  runbookRows: ['H1'],
  needsOwnBrokers: false,
  run,
});
const observer = { onMoment: () => {}, onSettled: () => {}, onConclusion: () => {} };
const never = new AbortController().signal;
const comesTrue = async ({ expectations }: Stage): Promise<void> => {
  expectations.expectNothing('nothing is wrong', () => []);
};

test('a scenario whose sentences all came true has passed, with its figures and conclusions', async () => {
  const run = async (stage: Stage): Promise<void> => {
    await comesTrue(stage);
    stage.measure('records', 3);
    stage.conclude('All is well.');
  };
  const report = await runScenario(scenario(run), drillWorld(), never, observer);
  expect(report).toMatchObject({ outcome: 'passed', measurements: { records: 3 }, conclusions: ['All is well.'] });
  expect(report.failure).toBeUndefined();
});

test('a scenario that cannot go on has failed, and keeps what it saw until then', async () => {
  const run = async (stage: Stage): Promise<void> => {
    await comesTrue(stage);
    throw new Error('the tool is not there');
  };
  const report = await runScenario(scenario(run), drillWorld(), never, observer);
  expect(report.outcome).toBe('failed');
  expect(report.failure).toContain('the tool is not there');
  expect(report.expectations.map(({ text }) => text)).toContain('nothing is wrong');
});

test('a part of the world that breaks meanwhile fails the scenario and is named', async () => {
  const failures: string[] = [];
  const world = { ...drillWorld(), failures: () => failures };
  const run = async (stage: Stage): Promise<void> => {
    await comesTrue(stage);
    failures.push('The pump failed: AccessDenied: no');
  };
  const report = await runScenario(scenario(run), world, never, observer);
  expect(report.outcome).toBe('failed');
  expect(report.expectations.at(-1)).toMatchObject({ isMet: false, seen: 'The pump failed: AccessDenied: no' });
});

test('a part that broke before is not held against this scenario', async () => {
  const report = await runScenario(scenario(comesTrue), drillWorld({}, { failures: ['earlier'] }), never, observer);
  expect(report.outcome).toBe('passed');
});

test('an interruption is thrown on, and makes no report', async () => {
  const interruption = new AbortController();
  const run = async ({ expectations }: Stage): Promise<void> => {
    interruption.abort();
    await expectations.expect(
      'never',
      60,
      () => undefined,
      () => '',
    );
  };
  await expect(runScenario(scenario(run), drillWorld(), interruption.signal, observer)).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('every broker has a row from the start, one that is down among them', async () => {
  const report = await runScenario(scenario(comesTrue), drillWorld({}, { deadBroker: 2 }), never, observer);
  expect(report.moments.map(({ label }) => label)).toEqual(['broker 1 serves', 'broker 2 is down', 'broker 3 serves']);
});

test('what led to a sentence is told before the sentence', async () => {
  const inbox: object[] = [];
  const told: string[] = [];
  const run = async ({ expectations }: Stage): Promise<void> => {
    inbox.push({ protocol: 'sms', topicArn: 'a:t-critical', subject: 'Broken', message: '', atMs: 1_000_000 });
    expectations.expectNothing('nothing is wrong', () => []);
  };
  await runScenario(scenario(run), drillWorld({ sns: { inbox, undelivered: [] } }), never, {
    ...observer,
    onMoment: ({ label }) => void told.push(label),
    onSettled: ({ text }) => void told.push(text),
  });
  expect(told.slice(3, 5)).toEqual(['told sms on critical: Broken', 'nothing is wrong']);
});
