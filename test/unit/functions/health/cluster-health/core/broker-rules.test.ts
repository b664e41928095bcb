import { expect, test } from 'vitest';
import { planBrokerAlarms } from '../../../../../../functions/health/cluster-health/alarms/broker.ts';
import {
  brokerRules,
  isBrokerRule,
  limitOfRule,
  metricsOfRule,
  minutesOf,
} from '../../../../../../functions/health/cluster-health/core/broker-rules.ts';
import { mskMetricsOf } from '../../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../../infra/stack/stack-under-test.ts';

const presets = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'];

test.each(presets)('what an alarm of %s watches of a broker is what a look that it wakes asks', (preset) => {
  const { alarms } = planBrokerAlarms(contextWith({ monitoringLevel: 'PER_BROKER' }, preset));
  expect(alarms.length).toBeGreaterThan(0);
  for (const alarm of alarms) {
    const watched = new Set(mskMetricsOf(alarm).map(({ name }) => name));
    expect([...watched].toSorted()).toEqual([...metricsOfRule(alarm.slug)].toSorted());
  }
});

test.each(presets)('an alarm of %s rings at a threshold of the limit that the look judges by', (preset) => {
  const context = contextWith({ monitoringLevel: 'PER_BROKER' }, preset);
  for (const { slug, severity, threshold } of planBrokerAlarms(context).alarms) {
    if (!isBrokerRule(slug)) throw new Error(`${slug} is no rule of a broker`);
    const level = severity;
    expect(limitOfRule(context.configuration.policy, brokerRules[slug])?.[level]).toBe(threshold);
  }
});

test.each(['notice', 'warning', 'critical', 'emergency'] as const)(
  'a series reaches back as far as the longest time of any level: here of %s',
  (level) => {
    expect(minutesOf({ warningForMinutes: 1, criticalForMinutes: 2, [`${level}ForMinutes`]: 45 })).toBe(45);
  },
);

test('a rule about the cluster or a topic asks nothing of a broker', () => {
  expect(metricsOfRule('no-controller')).toEqual([]);
  expect(metricsOfRule('constructor')).toEqual([]);
});
