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
