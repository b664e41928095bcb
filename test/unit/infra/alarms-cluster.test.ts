import { expect, test } from 'vitest';
import { alarmsNamed } from './alarms-under-test.ts';

test('a missing controller is an emergency with ZooKeeper, where silence counts, and only wakes a look on KRaft', () => {
  expect(alarmsNamed({ metadataMode: 'zookeeper' }, 'no-controller')).toMatchObject([
    { severity: 'emergency', comparison: 'LessThanThreshold', threshold: 1, missing: { treatment: 'breaching' } },
  ]);
  expect(alarmsNamed({ metadataMode: 'kraft' }, 'no-controller')).toMatchObject([
    { severity: 'warning', missing: { treatment: 'notBreaching' } },
  ]);
});

test('unreachable brokers alarm at the first verdict of the light check, and stay until the next one', () => {
  expect(alarmsNamed({}, 'brokers-unreachable')).toMatchObject([
    { severity: 'critical', threshold: 0, evaluationPeriods: 1, missing: { treatment: 'ignore' } },
    { severity: 'emergency', threshold: 2, evaluationPeriods: 1 },
  ]);
});
