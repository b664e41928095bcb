import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTarget } from '../../../cli/target.ts';
import { smallFile } from '../../support/configuration.ts';

let folder = '';
let one = '';
let two = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-target-'));
  one = join(folder, 'one.yml');
  two = join(folder, 'two.yml');
  await writeFile(one, smallFile());
  const second = smallFile()
    .split('\n')
    .slice(2)
    .join('\n')
    .replace('  orders:', '  payments:')
    .replace('orders-live', 'pay');
  await writeFile(two, smallFile({}, second));
});
afterAll(() => rm(folder, { recursive: true }));

test('the only cluster needs no name, and clients speak to its Region', async () => {
  const { context, clientOf } = openTarget(one, undefined);
  expect(context.clusterKey).toBe('orders');
  class Client {
    readonly settings: { readonly region?: string };
    constructor(settings: { readonly region?: string }) {
      this.settings = settings;
    }
  }
  expect(clientOf(Client).settings.region).toBe('eu-west-1');
});

test('of several clusters one is named, with the nearest suggested', () => {
  expect(openTarget(two, 'payments').context.cluster.name).toBe('pay');
  expect(() => openTarget(two, undefined)).toThrow(`name a cluster of ${two}: orders, payments`);
  expect(() => openTarget(two, 'order')).toThrow(`${two} has no cluster "order"; did you mean orders?`);
  expect(() => openTarget(two, 'zzz')).toThrow(`${two} has no cluster "zzz"; it has orders, payments`);
});
