import { expect, test } from 'vitest';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

const window = (more: string, lines: Readonly<Record<string, string>> = {}) =>
  smallFile(lines, `maintenanceWindows:\n  - { name: swap, impact: high, ${more} }\n`);
const once = 'every: once, from: 2027-01-31T02:00:00Z, to: 2027-01-31T04:00:00Z';

test('a one-off may name what it explains, brokers or the whole cluster', () => {
  const { configuration } = judge(window(`${once}, brokers: [2, 3], cluster: true`));
  expect(configuration?.maintenanceWindows).toEqual([
    expect.objectContaining({ every: 'once', brokers: [2, 3], cluster: true }),
  ]);
});

test.each([
  'every: day, from: "02:00", to: "04:00"',
  'every: week, on: sunday, from: "02:00", to: "04:00"',
  'every: month, nth: 1, on: sunday, from: "02:00", to: "04:00"',
])('one that repeats may not, and is told why: %s', (times) => {
  const why =
    'belongs to every: once. A window that repeats permits acts and holds no symptom: a broker that dies in it pages';
  expect(mistakesOf(window(`${times}, brokers: [2], cluster: true`))).toEqual([
    `11 maintenanceWindows[0].brokers: ${why}`,
    `11 maintenanceWindows[0].cluster: ${why}`,
  ]);
});

test.each<[more: string, mistakes: readonly string[], lines?: Readonly<Record<string, string>>]>([
  ['brokers: [4]', ['11 maintenanceWindows[0].brokers[0]: is the id of no broker: there are 1, 2, 3']],
  ['brokers: [2, 2]', ['11 maintenanceWindows[0].brokers[1]: stands in this list already']],
  ['brokers: []', ['11 maintenanceWindows[0].brokers: must be at least 1 items']],
  ['brokers: 2', ['11 maintenanceWindows[0].brokers: must be a list, is a number']],
  ['cluster: false', ['11 maintenanceWindows[0].cluster: must be true']],
  ['brokers: [9]', ['7 clusters.orders.brokerCount: must be at least 1'], { 'brokerCount:': '    brokerCount: 0' }],
])('what no broker is cannot be explained: %s', (more, mistakes, lines = {}) => {
  expect(mistakesOf(window(`${once}, ${more}`, lines))).toEqual(mistakes);
});
