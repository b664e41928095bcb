import { expect, test } from 'vitest';
import type { Limit } from '../../../../../../shared/core/policy.ts';
import type { StackContext } from '../../../../../../shared/deployment/names.ts';
import {
  alarmsNamed,
  tabledAlarmsNotMade,
  tabledAlarmsOf,
  tabledContextWith,
} from '../../../../infra/stack/alarms-under-test.ts';

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

const withLimit = (limit: Limit | undefined): StackContext => {
  const { configuration, ...context } = tabledContextWith();
  const { brokersUnreachable: _, ...others } = configuration.policy.limits;
  const limits = { ...others, ...(limit !== undefined && { brokersUnreachable: limit }) };
  return { ...context, configuration: { ...configuration, policy: { ...configuration.policy, limits } } };
};

test.each([
  ['the preset’s one minute, which a verdict outlasts', { critical: 0, criticalForMinutes: 1 }, []],
  ['half an hour', { critical: 0, criticalForMinutes: 30 }, ['30 min of brokers-unreachable']],
] as const)('a time named for unreachable brokers is kept or told as not kept: %s', (_name, limit, told) => {
  const about = tabledAlarmsNotMade(withLimit(limit)).map(({ what }) => what);
  expect(about.filter((what) => what.includes('brokers-unreachable'))).toEqual(told);
});

test('unreachable brokers that the policy switches off have no alarm', () => {
  const slugs = (limit: Limit | undefined) => tabledAlarmsOf(withLimit(limit)).map(({ slug }) => slug);
  expect(slugs({ critical: 0 })).toContain('brokers-unreachable');
  expect(slugs(undefined)).not.toContain('brokers-unreachable');
});
