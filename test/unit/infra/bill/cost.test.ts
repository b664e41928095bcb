import { expect, test } from 'vitest';
import { type CostEstimate, estimateCost } from '../../../../infra/bill/cost-estimate.ts';
import { footprintOf } from '../../../../infra/bill/run-footprint.ts';
import { functionDefinitions, productParts } from '../../../../infra/functions.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import type { Operation } from '../../../../shared/deployment/operation.ts';
import { operations, priceOfCall } from '../../../../shared/deployment/operations.ts';
import { configurationWith, contextWith } from '../stack/stack-under-test.ts';
import { tellerConfiguration, withoutTeller, withTeller } from '../stack/teller-under-test.ts';

const countOf = ({ lines }: CostEstimate, what: string): number | undefined =>
  lines.find((line) => line.what === what)?.count;

const withSchedules = (light: string, full: string) => {
  const configuration = configurationWith();
  const schedules = { ...configuration.schedules, 'cluster-health-light': light, 'cluster-health-full': full };
  return { ...configuration, schedules };
};

test('an alarm is billed for each metric that it reads', () => {
  const withoutCpu = configurationWith();
  const { cpuUsedPercent: _, ...limits } = withoutCpu.policy.limits;
  const fewer = estimateCost({ ...withoutCpu, policy: { ...withoutCpu.policy, limits } }, 'orders');
  const all = estimateCost(configurationWith(), 'orders');
  expect((countOf(all, 'CloudWatch alarms') ?? 0) - (countOf(fewer, 'CloudWatch alarms') ?? 0)).toBe(2 * 3);
});

test('more brokers cost more', () => {
  const total = (brokerCount: number) => estimateCost(configurationWith({ brokerCount }), 'orders').totalUsd;
  expect(total(6)).toBeGreaterThan(total(3));
});

test('throughput is asked for, each half hour and full run, only where no alarm can add it up', () => {
  const seriesOf = (brokerCount: number, preset: string) => {
    const { lines } = estimateCost(configurationWith({ brokerCount }, preset), 'orders');
    return lines.find(({ what }) => what === 'GetMetricData')?.count ?? 0;
  };
  const more = (brokerCount: number) =>
    seriesOf(brokerCount, 'message-broker') - seriesOf(brokerCount, 'msk-operations') - 2 * 30 * (4 + 15 * brokerCount);
  // Its preset has three full runs a day instead of one.
  expect(more(10)).toBeCloseTo(0, 6);
  expect(more(11)).toBeCloseTo((2 * 24 * 30 + 90) * 11, 6);
});

test.each([
  ['by default', configurationWith(), '8640', '30', '12.5'],
  ['three full checks a day by the preset', configurationWith({}, 'message-broker'), '8640', '90', '12.5'],
  ['by the hour and on weekdays', withSchedules('rate(1 hour)', 'cron(0 9 ? * MON-FRI *)'), '720', '21.43', '40'],
] as const)('runs are those of the schedules: %s', (_name, configuration, light, full, lightSeries) => {
  const formulaOf = (what: string) =>
    estimateCost(configuration, 'orders').lines.find((line) => line.what === what)?.formula;
  expect(formulaOf('Scheduler')).toContain(
    `${light} cluster-health light wake-ups + ${full} cluster-health full wake-ups`,
  );
  expect(formulaOf('Lambda requests')).toContain(
    `${light} cluster-health light runs + ${full} cluster-health full runs`,
  );
  expect(formulaOf('Lambda requests')).toContain(
    `${Math.round((Number(light) + Number(full)) * 100) / 100} kafka-read`,
  );
  expect(formulaOf('GetMetricData')).toContain(
    `${light} cluster-health light × ${lightSeries} series + ${full} cluster-health full × 49`,
  );
});

test('what the schedules wake is billed in proportion', () => {
  const [often, rarely] = ['rate(5 minutes)', 'rate(10 minutes)'].map((light) =>
    estimateCost(withSchedules(light, 'cron(0 9 * * ? *)'), 'orders'),
  );
  if (often === undefined || rarely === undefined) throw new Error('two estimates were asked for');
  for (const [what, less] of [
    ['Scheduler', 4_320],
    ['Lambda requests', 8_640],
    ['S3 writes', 8_640],
    ['EventBridge', 4_320],
    ['GetMetricData', 4_320 * (4 + 3)],
  ] as const)
    expect((countOf(often, what) ?? 0) - (countOf(rarely, what) ?? 0), what).toBeCloseTo(less, 6);
});

const definitionOf = (slug: string) => {
  const found = functionDefinitions.find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`the stack has no function ${slug}`);
  return found;
};
const arm = definitionOf('kafka-read');

test('a schedule of a known function whose run nobody has counted is no free run, it is an error by its name', () => {
  const health = definitionOf('cluster-health');
  const schedules = health.schedules.map((schedule) => ({ ...schedule, scope: 'deep' }));
  const estimate = () =>
    estimateCost(configurationWith(), 'orders', { ...productParts, functions: [{ ...health, schedules }, arm] });
  expect(estimate).toThrow(ConfigError);
  expect(estimate).toThrow('a run of cluster-health, deep, calls cloudwatch:DescribeAlarms');
});

test('a function that nothing wakes in a quiet month costs no run', () => {
  const functions = [...functionDefinitions, { ...arm, slug: 'incident', procedure: 'incident' }];
  const { lines } = estimateCost(configurationWith(), 'orders', { ...productParts, functions });
  const runLines = (all: CostEstimate['lines']) => all.filter(({ what }) => !what.startsWith('CloudWatch'));
  expect(runLines(lines)).toEqual(runLines(estimateCost(configurationWith(), 'orders').lines));
});

test('a call that is no row of the operations is an error by its name', () => {
  const health = definitionOf('cluster-health');
  const functions = [{ ...health, calls: { ...health.calls, 'dynamodb:Scan': 1 } }, arm];
  expect(() => estimateCost(configurationWith(), 'orders', { ...productParts, functions })).toThrow(
    'no operation "dynamodb:Scan"',
  );
});

test('rows of one operation are billed alike', () => {
  for (const { signedAs, price } of Object.values<Operation>(operations))
    if (signedAs !== undefined) expect(priceOfCall(signedAs), signedAs).toBe(price);
});

test('what is not billed by the call is counted by what it is billed by', () => {
  const context = contextWith();
  for (const definition of functionDefinitions)
    for (const scope of definition.schedules.map((one) => one.scope)) {
      const footprint = footprintOf(definition, scope);
      const counted = {
        'by-metric': footprint.metricsRequested(context, 1),
        'by-event': footprint.eventCount,
        'by-invoked-run': Object.values(footprint.invocationCountBySlug).reduce((sum, count) => sum + count, 0),
      };
      const called = Object.keys(footprint.callCountByOperation).map(priceOfCall);
      for (const [price, count] of Object.entries(counted))
        expect(count > 0, `${definition.slug} ${scope} ${price}`).toBe(called.some((one) => one === price));
    }
});

test('every guess in the sum is named as one', () => {
  const { assumptions, lines } = estimateCost(configurationWith(), 'orders');
  expect(assumptions).toContain('a run of kafka-read invoked is billed for 5 s, and logs 8 KiB');
  for (const { formula } of lines) expect(/ (s|KiB)\b/.test(formula)).toBe(formula.includes('(assumed)'));
});

test('what an enlargement costs is told beside the sum, and more with more brokers', () => {
  const told = (brokerCount: number) =>
    estimateCost(configurationWith({ brokerCount }), 'orders').assumptions.find((one) => one.includes('enlargement'));
  expect(told(3)).toMatch(/^not in the sum: .* durable operations .*, 0\.00\d USD without its logs and metrics$/);
  expect(told(3)).toContain(`× ${definitionOf('storage-scaling-run').memoryMiB} MiB ×`);
  expect(told(30)).not.toBe(told(3));
});

test('whoever tells people costs at most 3 USD more a month, fallback and queue with it', () => {
  const without = estimateCost(configurationWith(), 'orders', withoutTeller);
  const withIt = estimateCost(tellerConfiguration(), 'orders', withTeller);
  expect(countOf(without, 'Composite alarms')).toBeUndefined();
  expect(countOf(without, 'SQS')).toBeUndefined();
  expect(countOf(withIt, 'Composite alarms')).toBe(2);
  // Five polls at once, each held for 20 s.
  expect(countOf(withIt, 'SQS')).toBe(5 * 3 * 60 * 24 * 30);
  expect((countOf(withIt, 'Scheduler') ?? 0) - (countOf(without, 'Scheduler') ?? 0)).toBe(60 * 24 * 30 + 30);
  // Its second schedule has no metric and no alarm of its own.
  expect(countOf(withIt, 'CloudWatch metrics of mskeeper')).toBe(
    (countOf(without, 'CloudWatch metrics of mskeeper') ?? 0) + 1,
  );
  expect(withIt.totalUsd - without.totalUsd).toBeGreaterThan(1);
  expect(withIt.totalUsd - without.totalUsd).toBeLessThan(3);
});
