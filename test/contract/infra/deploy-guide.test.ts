import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { estimateCost } from '../../../infra/bill/cost-estimate.ts';
import { smallFile } from '../../support/configuration.ts';
import { configurationWith } from '../../unit/infra/stack/stack-under-test.ts';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
const command = new URL('../../../infra/cost.ts', import.meta.url).pathname;

test('the guide’s table of more brokers is what the command counts for them, and keeps to its goals', () => {
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
  // At PER_BROKER, the level with the most metrics.
  const total = (brokerCount: number) =>
    estimateCost(configurationWith({ brokerCount, monitoringLevel: 'PER_BROKER' }), 'orders').totalUsd;
  expect(total(3)).toBeLessThan(7);
  expect((total(60) - total(3)) / 57).toBeLessThanOrEqual(0.9);
});

test('the costs in the guide are what the command prints for the smallest configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mskeeper-cost-'));
  try {
    const file = join(folder, 'mskeeper.yml');
    await writeFile(file, smallFile());
    const { stdout } = await promisify(execFile)(process.execPath, [command, '--configuration', file]);
    const shown = /<!-- cost -->\n([\s\S]*?)\n<!-- \/cost -->/.exec(guide)?.[1];
    expect(stdout).toBe(`orders\n\n${shown}\n`);
    const { stdout: json } = await promisify(execFile)(process.execPath, [command, '--configuration', file, '--json']);
    expect(JSON.parse(json)).toEqual({ orders: estimateCost(configurationWith(), 'orders') });
  } finally {
    await rm(folder, { recursive: true });
  }
});
