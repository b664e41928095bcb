import { expect, test } from 'vitest';
import { alarmsNotMade, alarmsOf } from '../../../../../../infra/stack/alarms.ts';
import { alarmsNamed, metricsOf, slugsOf } from '../../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../../infra/stack/stack-under-test.ts';

test('every broker up to the configured count has each broker alarm, and none beyond', () => {
  const brokers = alarmsNamed({ brokerCount: 5 }, 'disk-used').filter(({ severity }) => severity === 'critical');
  expect(brokers.map(({ subject }) => subject)).toEqual(['broker-1', 'broker-2', 'broker-3', 'broker-4', 'broker-5']);
  const ids = brokers.flatMap(metricsOf).map(({ dimensions }) => dimensions['Broker ID']);
  expect(ids).toEqual(['1', '2', '3', '4', '5']);
});

test('Express has no alarm on what only Standard brokers emit, and says so', () => {
  const express = contextWith({ brokerKind: 'express' });
  const standardOnly = [
    'disk-used',
    'heap-after-gc',
    'under-replicated',
    'under-min-isr',
    'offline-partitions',
    'network-shaped',
  ];
  expect(standardOnly.filter((slug) => slugsOf({}).has(slug))).toEqual(standardOnly);
  expect(standardOnly.filter((slug) => slugsOf({ brokerKind: 'express' }).has(slug))).toEqual([]);
  expect(alarmsNotMade(express).map(({ what }) => what)).toEqual(expect.arrayContaining(standardOnly));
});

test('Serverless has no alarm on brokers', () => {
  const about = alarmsOf(contextWith({ brokerKind: 'serverless', brokerCount: 0 })).filter(
    ({ owner }) => owner !== 'self',
  );
  expect(about).toEqual([]);
});

test('request handlers alarm on a fraction made a percentage, and only where the monitoring level has it', () => {
  expect(alarmsNamed({}, 'request-handlers-busy')).toEqual([]);
  const [alarm] = alarmsNamed({ monitoringLevel: 'PER_BROKER' }, 'request-handlers-busy');
  expect(alarm).toMatchObject({ signal: { expression: '100 * m1' }, comparison: 'LessThanThreshold', threshold: 30 });
});
