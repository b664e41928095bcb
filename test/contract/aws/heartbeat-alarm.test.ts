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
  const metric = {
    namespace: 'mskeeper',
    name: 'RunCompleted',
    dimensions: { Cluster: 'orders', Procedure: 'cluster-health' },
  };
  const stateAt = async (minutes: number) => {
    await aws.clock.advanceTo(START_MS + minutes * minuteMs);
    return watch.alarms.get('heartbeat')?.state.value;
  };
  for (const minutes of [0, 5, 10, 15]) {
    await aws.clock.advanceTo(START_MS + minutes * minuteMs);
    watch.publish(metric, 1, { atMs: START_MS + minutes * minuteMs });
  }
  expect(name).toContain('heartbeat');
  expect(await stateAt(20)).toBe('OK');
  expect(await stateAt(30)).toBe('OK');
  expect(await stateAt(31)).toBe('ALARM');
});
