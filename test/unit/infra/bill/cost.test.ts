import { expect, test } from 'vitest';
import { type CostEstimate, estimateCost } from '../../../../infra/bill/cost-estimate.ts';
import { priceByOperation } from '../../../../infra/bill/price-list.ts';
import { footprintBySlug } from '../../../../infra/bill/run-footprint.ts';
import { functionDefinitions } from '../../../../infra/procedures.ts';
import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { configurationWith, contextWith } from '../stack/stack-under-test.ts';

const countOf = ({ lines }: CostEstimate, what: string): number | undefined =>
  lines.find((line) => line.what === what)?.count;

const withSchedules = (light: string, full: string) => {
  const configuration = configurationWith();
  const schedules = { ...configuration.schedules, 'cluster-health-light': light, 'cluster-health-full': full };
  return { ...configuration, schedules };
};

test('an alarm is billed for each metric that it reads', () => {
  const cpu = alarmsOf(contextWith()).filter(({ slug }) => slug === 'cpu-used').length;
  const withoutCpu = configurationWith();
  const { cpuUsedPercent: _, ...limits } = withoutCpu.policy.limits;
  const fewer = estimateCost({ ...withoutCpu, policy: { ...withoutCpu.policy, limits } }, 'orders');
  const all = estimateCost(configurationWith(), 'orders');
  expect((countOf(all, 'CloudWatch alarms') ?? 0) - (countOf(fewer, 'CloudWatch alarms') ?? 0)).toBe(2 * cpu);
});

test('more brokers cost more', () => {
  const total = (brokerCount: number) => estimateCost(configurationWith({ brokerCount }), 'orders').totalUsd;
  expect(total(6)).toBeGreaterThan(total(3));
});

test.each([
  ['by default', configurationWith(), '8640', '30'],
  ['three full checks a day by the preset', configurationWith({}, 'message-broker'), '8640', '90'],
  ['by the hour and on weekdays', withSchedules('rate(1 hour)', 'cron(0 9 ? * MON-FRI *)'), '720', '21.43'],
] as const)('runs are those of the schedules: %s', (_name, configuration, light, full) => {
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
    `${light} cluster-health light × 11 series + ${full} cluster-health full × 41`,
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
    ['GetMetricData', 47_520],
  ] as const)
    expect((countOf(often, what) ?? 0) - (countOf(rarely, what) ?? 0), what).toBeCloseTo(less, 6);
});

test('every function of the stack has counted runs, one for each of its schedules, and nothing else has', () => {
  const uncounted = functionDefinitions.filter(({ slug }) => !Object.hasOwn(footprintBySlug, slug));
  expect(uncounted.map(({ slug }) => slug)).toEqual([]);
  for (const { slug, schedules } of functionDefinitions)
    expect(Object.keys(footprintBySlug[slug] ?? {}), slug).toEqual(
      expect.arrayContaining(schedules.map(({ scope }) => scope)),
    );
  const known = functionDefinitions.map(({ slug }) => slug);
  expect(Object.keys(footprintBySlug).filter((slug) => !known.includes(slug))).toEqual([]);
});

const definitionOf = (slug: string) => {
  const found = functionDefinitions.find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`the stack has no function ${slug}`);
  return found;
};
const arm = definitionOf('kafka-read');

test('a function whose run nobody has counted is no free function, it is an error by its name', () => {
  const definitions = [...functionDefinitions, { ...arm, slug: 'disk-review' }];
  const estimate = () => estimateCost(configurationWith(), 'orders', { definitions, footprintBySlug });
  expect(estimate).toThrow(ConfigError);
  expect(estimate).toThrow('what a run of disk-review');
});

test('so is a schedule of a known function whose run nobody has counted', () => {
  const schedules = [{ key: 'cluster-health-full', scope: 'deep', maxAgeSeconds: 60 }] as const;
  const definitions = [{ ...definitionOf('cluster-health'), schedules }, arm];
  const estimate = () => estimateCost(configurationWith(), 'orders', { definitions, footprintBySlug });
  expect(estimate).toThrow('what a run of cluster-health, deep, calls');
});

test('a function that nothing wakes in a quiet month costs no run', () => {
  const definitions = [...functionDefinitions, { ...arm, slug: 'incident' }];
  const given = { definitions, footprintBySlug: { ...footprintBySlug, incident: {} } };
  expect(estimateCost(configurationWith(), 'orders', given)).toEqual(estimateCost(configurationWith(), 'orders'));
});

test('a call whose price nobody has looked up is an error by its name', () => {
  const light = footprintBySlug['cluster-health']?.light;
  const full = footprintBySlug['cluster-health']?.full;
  if (light === undefined || full === undefined) throw new Error('cluster-health has no counted runs');
  const costly = { ...light, callCountByOperation: { ...light.callCountByOperation, 'dynamodb:Scan': 1 } };
  const given = {
    definitions: functionDefinitions,
    footprintBySlug: { ...footprintBySlug, 'cluster-health': { light: costly, full } },
  };
  expect(() => estimateCost(configurationWith(), 'orders', given)).toThrow('cluster-health calls dynamodb:Scan');
});

test('what is not billed by the call is counted by what it is billed by', () => {
  const { cluster } = contextWith();
  for (const byScope of Object.values(footprintBySlug))
    for (const footprint of Object.values(byScope)) {
      const counted = {
        'by-metric': footprint.metricsRequested(cluster),
        'by-event': footprint.eventCount,
        'by-invoked-run': Object.values(footprint.invocationCountBySlug).reduce((sum, count) => sum + count, 0),
      };
      const called = Object.keys(footprint.callCountByOperation).map((operation) => priceByOperation[operation]);
      for (const [price, count] of Object.entries(counted))
        expect(count > 0, price).toBe(called.some((one) => one === price));
    }
});

test('every guess in the sum is named as one', () => {
  const { assumptions, lines } = estimateCost(configurationWith(), 'orders');
  expect(assumptions).toContain('a run of kafka-read invoked is billed for 5 s');
  for (const { formula } of lines) expect(/ (s|KiB)\b/.test(formula)).toBe(formula.includes('(assumed)'));
});

test('what an enlargement costs is told beside the sum, and more with more brokers', () => {
  const told = (brokerCount: number) =>
    estimateCost(configurationWith({ brokerCount }), 'orders').assumptions.find((one) => one.includes('enlargement'));
  expect(told(3)).toMatch(/^not in the sum: .* durable operations .*, 0\.00\d USD without its logs and metrics$/);
  expect(told(3)).toContain(`× ${definitionOf('storage-scaling-run').memoryMiB} MiB ×`);
  expect(told(30)).not.toBe(told(3));
});
