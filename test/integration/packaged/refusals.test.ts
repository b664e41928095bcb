import { expect, test } from 'vitest';
import alarm from '../../events/alarm-single-metric.json' with { type: 'json' };
import { fullCheck, type PackagedStack, usePackagedStack } from '../../support/aws/packaged-stack.ts';

const stack = usePackagedStack();
/** Nobody listens on the discard port: what is refused here must be refused before any broker is asked. */
const address = '127.0.0.1:9';
const alarmNamed = (alarmName: string) => ({ ...alarm, detail: { ...alarm.detail, alarmName } });

const expectRefused = async ({ standIn, check }: PackagedStack, event: unknown, words: RegExp): Promise<void> => {
  const outcome = await check(event);
  expect(outcome).toMatchObject({ functionError: 'Unhandled', errorType: 'InvalidEventError' });
  expect(outcome.errorMessage).toMatch(words);
  expect(standIn.world.calls.all).toEqual([]);
};

test('events of another shape and alarms nobody knows are refused by name, and nothing is called', async () => {
  const opened = await stack.open({ address });
  await expectRefused(opened, { hello: 'world' }, /source: Invalid input: expected one of "mskeeper.schedule"/);
  await expectRefused(opened, { ...fullCheck, scope: 'weekly' }, /scope/);
  await expectRefused(opened, { ...fullCheck, procedure: 'disk-review' }, /procedure/);
  await expectRefused(opened, alarmNamed('somebody-elses-alarm'), /alarm/i);
  const foreign = await opened.invoke('kafka-read', { hello: 'world' });
  expect(foreign).toMatchObject({ functionError: 'Unhandled', errorType: 'InvalidEventError' });
});

test('an alarm of its own wakes a light run, so that the refusal above is about the name', async () => {
  const { check } = await stack.open({ address });
  const outcome = await check(alarmNamed('mskeeper/trial/cluster-health/disk-used/critical/brokers-1-to-10'));
  expect(outcome.errorMessage).toBeUndefined();
  expect(outcome.report?.worst).toBe('emergency');
});

test('a configuration that is wrong ends the run with every mistake and its path', async () => {
  // The boundary under test: a package whose configuration was bent by hand.
  const bent = { brokerCount: 'three', role: 'boss' } as unknown as { brokerCount: number };
  const { check } = await stack.open({ address, cluster: bent });
  const outcome = await check();
  expect(outcome).toMatchObject({ functionError: 'Unhandled', errorType: 'ConfigError' });
  expect(outcome.errorMessage).toMatch(/clusters\.trial\.brokerCount/);
  expect(outcome.errorMessage).toMatch(/clusters\.trial\.role/);
});

test('metrics that nobody emitted are unknown, each by its name, and never ok', async () => {
  const { check } = await stack.open({ address });
  const { report } = await check();
  for (const name of ['disk-used', 'cpu-used', 'memory-used', 'heap-after-gc', 'root-disk-used'])
    expect(report?.findings.filter((one) => one.check === name)).toMatchObject([
      { severity: 'unknown', reason: 'no-data' },
    ]);
});
