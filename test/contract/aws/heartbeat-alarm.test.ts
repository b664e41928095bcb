import { expect, test } from 'vitest';
import { alarmsOf } from '../../../infra/stack/alarms.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { alarmResource } from '../../../shared/deployment/alarm.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { contextWith } from '../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
const watch = createCloudWatch(aws.world, { putEvent: async () => {} });
const minuteMs = 60_000;

test('a heartbeat that stops alarms after the time that its text says, not two periods later', async () => {
  const context = contextWith();
  const heartbeat = alarmsOf(context).find(({ slug, severity }) => slug === 'heartbeat' && severity === 'critical');
  if (heartbeat === undefined) throw new Error('the light schedule has no heartbeat alarm');
  expect(heartbeat.sentence).toContain('15 min');
  const { AlarmName: name, ...properties } = alarmResource(context, heartbeat).Properties;
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
    ...properties,
    AlarmName: 'heartbeat',
    AlarmActions: [],
  });
  watch.start();
  const dimensions = { FunctionName: 'mskeeper-orders-cluster-health' };
  /** Lambda counts the errors of each invocation, a good one's as 0. */
  const invoke = (minutes: number, errors: 0 | 1) => {
    const at = { atMs: START_MS + minutes * minuteMs };
    watch.publish({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }, 1, at);
    watch.publish({ namespace: 'AWS/Lambda', name: 'Errors', dimensions }, errors, at);
  };
  const stateAt = async (minutes: number) => {
    await aws.clock.advanceTo(START_MS + minutes * minuteMs);
    return watch.alarms.get('heartbeat')?.state.value;
  };
  for (const minutes of [0, 5, 10, 15]) {
    await aws.clock.advanceTo(START_MS + minutes * minuteMs);
    invoke(minutes, 0);
  }
  expect(name).toContain('heartbeat');
  expect(await stateAt(20)).toBe('OK');
  // Runs that fail are no sign of life.
  invoke(20, 1);
  expect(await stateAt(25)).toBe('OK');
  invoke(25, 1);
  expect(await stateAt(30)).toBe('OK');
  expect(await stateAt(31)).toBe('ALARM');
});
