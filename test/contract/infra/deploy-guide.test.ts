import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { estimateCost } from '../../../infra/bill/cost-estimate.ts';
import { resolveConfiguration } from '../../../infra/configuration/resolve-configuration.ts';
import { exampleConfiguration, exampleFile } from '../../../infra/docs/example.ts';
import type { StackParts } from '../../../infra/functions.ts';
import { smallFile } from '../../support/configuration.ts';
import { firstParts } from '../../unit/infra/stack/alarms-under-test.ts';
import { configurationWith } from '../../unit/infra/stack/stack-under-test.ts';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
const command = new URL('../../../infra/cost.ts', import.meta.url).pathname;

test('the guide’s table of more brokers is what the command counts for them', () => {
  const counts = [3, 30, 60];
  const estimates = counts.map((brokerCount) => estimateCost(configurationWith({ brokerCount }), 'orders'));
  const usdOf = ({ lines }: (typeof estimates)[number], name: string) =>
    (lines.find(({ what }) => what === name)?.usd ?? Number.NaN).toFixed(2);
  const rows = estimates.map(
    (estimate, index) =>
      `| ${counts[index]} | ${usdOf(estimate, 'CloudWatch alarms')} | ${usdOf(estimate, 'GetMetricData')} | ${estimate.totalUsd.toFixed(2)} |`,
  );
  const table = ['| brokers | alarms, USD | GetMetricData, USD | together, USD |', '|--:|--:|--:|--:|', ...rows].join(
    '\n',
  );
  expect(/<!-- cost by brokers -->\n([\s\S]*?)\n?<!-- \/cost by brokers -->/.exec(guide)?.[1]).toBe(table);
});

test('a month keeps to its goals: of the first procedures, for each further broker, and of all', () => {
  // At PER_BROKER, the level with the most metrics.
  const total = (brokerCount: number, parts?: StackParts) =>
    estimateCost(configurationWith({ brokerCount, monitoringLevel: 'PER_BROKER' }), 'orders', parts).totalUsd;
  // Of these about two are what hears of words that went astray, and of a storage alarm that nobody answered.
  expect(total(3, firstParts)).toBeLessThan(9);
  expect((total(60, firstParts) - total(3, firstParts)) / 57).toBeLessThanOrEqual(0.9);
  expect(total(3)).toBeLessThanOrEqual(16);
});

test('the commands that the guide names print the numbers that it shows', async () => {
  const commands = [...guide.matchAll(/`npm run cost -- (--configuration [^`]+)`/g)].map(([, args = '']) => args);
  expect(commands).toEqual([`--configuration ${exampleFile}`, `--configuration ${exampleFile} --brokers 30`]);
  const [usual = '', ofThirty = ''] = await Promise.all(
    commands.map(async (args) => (await promisify(execFile)(process.execPath, [command, ...args.split(' ')])).stdout),
  );
  const shown = /<!-- cost -->\n([\s\S]*?)\n<!-- \/cost -->/.exec(guide)?.[1];
  expect(usual).toBe(`orders\n\n${shown}\n`);
  const [, together] = /\| \*\*together\*\* .*\*\*(.+)\*\* \|/.exec(ofThirty) ?? [];
  expect(/<!-- cost by brokers -->[\s\S]*\n\| 30 \|.* (\S+) \|\n/.exec(guide)?.[1]).toBe(together);
});

test('the example is the smallest configuration that there is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mskeeper-cost-'));
  try {
    const file = join(folder, 'mskeeper.yml');
    await writeFile(file, smallFile());
    expect(exampleConfiguration()).toEqual(resolveConfiguration(file));
    const { stdout: json } = await promisify(execFile)(process.execPath, [command, '--configuration', file, '--json']);
    expect(JSON.parse(json)).toEqual({ orders: estimateCost(configurationWith(), 'orders') });
  } finally {
    await rm(folder, { recursive: true });
  }
});
