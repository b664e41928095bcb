import { expect, test } from 'vitest';
import { alarmsOf } from '../../../infra/stack/alarms.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { alarmResource } from '../../../shared/deployment/alarm.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { contextWith } from '../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
const watch = createCloudWatch(aws.world, { putEvent: async () => {} });
const minuteMs = 60_000;

/** The alarm on the silence of the critical, light schedule, as the stack has it, under a name of its own. */
const openHeartbeat = async (AlarmName: string) => {
  const context = contextWith();
  const heartbeat = alarmsOf(context).find(({ slug, severity }) => slug === 'heartbeat' && severity === 'critical');
  if (heartbeat === undefined) throw new Error('the light schedule has no heartbeat alarm');
  expect(heartbeat.sentence).toContain('15 min');
  const { AlarmName: own, ...properties } = alarmResource(context, heartbeat).Properties;
  expect(own).toContain('heartbeat');
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', { ...properties, AlarmName, AlarmActions: [] });
  watch.start();
  const startMs = aws.clock.nowMs();
  const advanceTo = (minutes: number) => aws.clock.advanceTo(startMs + minutes * minuteMs);
  const at = () => ({ atMs: aws.clock.nowMs() });
  const stateAt = async (minutes: number) => {
    await advanceTo(minutes);
    return watch.alarms.get(AlarmName)?.state.value;
  };
  /** A scheduled run that finished says what it did: 1 light, 2 full. */
  const finish = (value: 1 | 2) =>
    watch.publish(
      {
        namespace: 'mskeeper',
        name: 'ScheduledRunCompleted',
        dimensions: { Cluster: 'orders', Procedure: 'cluster-health' },
      },
      value,
      at(),
    );
  /** Runs that alarms woke, and that left them to another: Lambda counts good invocations, and no error. */
  const leave = (count: number) => {
    const dimensions = { FunctionName: 'mskeeper-orders-cluster-health' };
    watch.publish({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }, count, at());
    watch.publish({ namespace: 'AWS/Lambda', name: 'Errors', dimensions }, 0, at());
  };
  return { advanceTo, stateAt, finish, leave };
};

test('a heartbeat that stops alarms after the time that its text says, not two periods later', async () => {
  const { advanceTo, stateAt, finish } = await openHeartbeat('silence');
  for (const minutes of [0, 5, 10, 15]) {
    await advanceTo(minutes);
    finish(1);
  }
  expect(await stateAt(20)).toBe('OK');
  expect(await stateAt(25)).toBe('OK');
  expect(await stateAt(30)).toBe('OK');
  expect(await stateAt(31)).toBe('ALARM');
});

test('a storm of alarms that are left to a run which never finishes hides no silent schedule', async () => {
  const { advanceTo, stateAt, finish, leave } = await openHeartbeat('storm');
  finish(1);
  for (let minute = 1; minute <= 31; minute += 1) {
    await advanceTo(minute);
    leave(60);
  }
  expect(await stateAt(31)).toBe('ALARM');
});

test('a full run is a light one, and more', async () => {
  const { advanceTo, stateAt, finish } = await openHeartbeat('full');
  for (const minutes of [0, 5, 10, 15, 20, 25]) {
    await advanceTo(minutes);
    finish(2);
  }
  expect(await stateAt(31)).toBe('OK');
});
