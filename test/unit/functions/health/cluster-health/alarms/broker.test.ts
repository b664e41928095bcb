import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBrokerAlarms } from '../../../../../../functions/health/cluster-health/alarms/broker.ts';
import type { Alarm } from '../../../../../../shared/deployment/alarm.ts';
import {
  alarmsNamed,
  metricsOf,
  slugsOf,
  tabledAlarmsNotMade,
  tabledAlarmsOf,
  tabledContextWith,
} from '../../../../infra/stack/alarms-under-test.ts';

const idsOf = (alarm: Alarm) => [...new Set(metricsOf(alarm).map(({ dimensions }) => Number(dimensions['Broker ID'])))];

test('brokers are watched by tens, by fives where a rule takes two metrics', () => {
  const shown = (slug: string) =>
    alarmsNamed({ brokerCount: 12 }, slug)
      .filter(({ severity }) => severity === 'critical')
      .map((alarm) => [alarm.subject, idsOf(alarm)]);
  expect(shown('under-replicated')).toEqual([
    ['brokers-1-to-10', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['brokers-11-to-20', [11, 12]],
  ]);
  expect(shown('cpu-used')).toEqual([
    ['brokers-1-to-5', [1, 2, 3, 4, 5]],
    ['brokers-6-to-10', [6, 7, 8, 9, 10]],
    ['brokers-11-to-15', [11, 12]],
  ]);
});

test('after a removal the brokers that are left keep the alarms that they had', () => {
  const alarms = (brokerIds: readonly number[]) =>
    alarmsNamed({ brokerCount: brokerIds.length, brokerIds }, 'under-replicated');
  const before = alarms([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const after = alarms([1, 2, 4, 5, 7, 8, 10, 11, 12]);
  expect(after.map(({ subject }) => subject)).toEqual(before.map(({ subject }) => subject));
  expect(after.map(idsOf)).toEqual([
    [1, 2, 4, 5, 7, 8, 10],
    [11, 12],
  ]);
  expect(after[0]?.sentence).toMatch(/^a broker of 1, 2, 4, 5, 7, 8, 10: .+ mskeeper's look names it\.$/);
});

test('for any list of ids every broker is in just one group of each rule, and a group has ten metrics at most', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 2_147_483_647 }), { minLength: 1, maxLength: 90 });
  fc.assert(
    fc.property(ids, fc.constantFrom('cpu-used', 'disk-used', 'under-min-isr'), (unsorted, slug) => {
      const brokerIds = unsorted.toSorted((left, right) => left - right);
      const alarms = alarmsNamed({ brokerCount: brokerIds.length, brokerIds }, slug);
      expect(alarms.flatMap(idsOf)).toEqual(brokerIds);
      expect(alarms.every((alarm) => metricsOf(alarm).length <= 10)).toBe(true);
      expect(new Set(alarms.map(({ subject }) => subject)).size).toBe(alarms.length);
    }),
    { numRuns: 30 },
  );
});

test('the worst broker counts: the highest above a limit, the lowest below a floor', () => {
  const context = tabledContextWith({ monitoringLevel: 'PER_BROKER' });
  const floors = { requestHandlerIdlePercent: { critical: 10 } };
  const policy = { ...context.configuration.policy, floors };
  const { alarms } = planBrokerAlarms({ ...context, configuration: { ...context.configuration, policy } });
  const expressionOf = (slug: string) =>
    alarms.flatMap(({ slug: own, signal }) => (own === slug && signal.kind === 'math' ? [signal] : []))[0];
  expect(expressionOf('under-min-isr')).toMatchObject({ expression: 'MAX([m1, m2, m3])' });
  expect(expressionOf('request-handlers-busy')).toMatchObject({ expression: '100 * MIN([m1, m2, m3])' });
  expect(expressionOf('cpu-used')).toMatchObject({
    expression: 'MAX([e1, e2, e3])',
    stepById: { e1: 'm1_1 + m1_2', e2: 'm2_1 + m2_2', e3: 'm3_1 + m3_2' },
  });
});

test('a broker alone is its own series, since CloudWatch’s MAX makes a number of one', () => {
  const signals = (slug: string) =>
    alarmsNamed({ brokerCount: 1 }, slug).map(({ signal }) =>
      signal.kind === 'math' ? signal.expression : signal.kind,
    );
  expect(signals('under-min-isr')).toEqual(['metric']);
  expect(signals('cpu-used')).toEqual(['m1_1 + m1_2']);
  expect(signals('disk-used')).toEqual(['FILL(m1, REPEAT)']);
});

test('warnings and memory have no alarm, and packaging says who judges them', () => {
  const { alarms, notMade } = planBrokerAlarms(tabledContextWith());
  expect(alarms.filter(({ severity }) => severity === 'warning')).toEqual([]);
  expect(notMade.filter(({ because }) => because === 'cluster-health judges it every half hour')).toEqual(
    [
      'disk-used warning',
      'cpu-used warning',
      'memoryUsedPercent',
      'heap-after-gc warning',
      'slow-producers warning',
      'network-shaped warning',
    ].map((what) => ({ what, because: 'cluster-health judges it every half hour' })),
  );
});

test('Express has no alarm on what only Standard brokers emit, and says so', () => {
  const express = tabledContextWith({ brokerKind: 'express' });
  const alarmed = ['disk-used', 'under-replicated', 'under-min-isr', 'offline-partitions'];
  const standardOnly = [...alarmed, 'heap-after-gc', 'network-shaped'];
  expect(alarmed.filter((slug) => slugsOf({}).has(slug))).toEqual(alarmed);
  expect(standardOnly.filter((slug) => slugsOf({ brokerKind: 'express' }).has(slug))).toEqual([]);
  expect(tabledAlarmsNotMade(express).map(({ what }) => what)).toEqual(expect.arrayContaining(standardOnly));
});

test('Serverless has no alarm on brokers', () => {
  const about = tabledAlarmsOf(tabledContextWith({ brokerKind: 'serverless', brokerCount: 0 })).filter(
    ({ owner }) => owner !== 'self',
  );
  expect(about).toEqual([]);
});
