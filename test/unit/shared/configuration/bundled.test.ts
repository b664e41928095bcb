import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import { travellingOf } from '../../../../infra/packaging/travelling.ts';
import { readBundledConfiguration, readConfigurationText } from '../../../../shared/configuration/bundled.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

let directory: string;

const travelling = (text: string) => {
  const { configuration, mistakes } = judge(text);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return travellingOf(configuration, 'orders');
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mskeeper-bundle-'));
  await writeFile(join(directory, 'mskeeper.json'), JSON.stringify(travelling(smallFile())));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.each(presetNames)('what travels with %s is read back unchanged', async (preset) => {
  const configuration = travelling(smallFile({}, `policy: { preset: ${preset} }\n`));
  const path = join(directory, `${preset}.json`);
  await writeFile(path, JSON.stringify(configuration));
  const bundled = readBundledConfiguration({ MSKEEPER_CONFIGURATION_FILE: path, MSKEEPER_CLUSTER: 'orders' });
  expect(bundled).toEqual({ configuration, clusterKey: 'orders', cluster: configuration.clusters.orders });
});

test('the file lies at the root of the bundle', () => {
  const { cluster } = readBundledConfiguration({ LAMBDA_TASK_ROOT: directory, MSKEEPER_CLUSTER: 'orders' });
  expect(cluster.name).toBe('orders-live');
});

const wrongFiles: Readonly<Record<string, string>> = {
  'garbage.json': 'version: 1',
  'other.json': '{"version":2,"clusters":[]}',
  'empty.json': '',
};

test.each<[name: string, environment: Record<string, string>, message: RegExp]>([
  ['nothing says where it is', {}, /MSKEEPER_CONFIGURATION_FILE and LAMBDA_TASK_ROOT are not set/],
  ['it is not there', { LAMBDA_TASK_ROOT: '/nowhere' }, /\/nowhere\/mskeeper\.json: cannot be read: ENOENT/],
  ['no cluster is named', { LAMBDA_TASK_ROOT: '.' }, /MSKEEPER_CLUSTER is "", but .* has only: orders/],
  [
    'the cluster is unknown',
    { LAMBDA_TASK_ROOT: '.', MSKEEPER_CLUSTER: 'payments' },
    /"payments", but .* only: orders/,
  ],
  ['the cluster is no key of its own', { LAMBDA_TASK_ROOT: '.', MSKEEPER_CLUSTER: 'toString' }, /has only: orders/],
  ['it is no JSON', { MSKEEPER_CONFIGURATION_FILE: 'garbage.json' }, /garbage\.json: is not JSON/],
  ['it is empty', { MSKEEPER_CONFIGURATION_FILE: 'empty.json' }, /empty\.json: is not JSON/],
  [
    'it is of another version',
    { MSKEEPER_CONFIGURATION_FILE: 'other.json' },
    /other\.json:[\s\S]*at version[\s\S]*at clusters/,
  ],
])('a function does not start where %s', async (_name, environment, message) => {
  const { MSKEEPER_CONFIGURATION_FILE: file, LAMBDA_TASK_ROOT: taskRoot } = environment;
  if (file !== undefined) await writeFile(join(directory, file), wrongFiles[file] ?? '');
  const read = () =>
    readBundledConfiguration({
      ...environment,
      ...(file !== undefined && { MSKEEPER_CONFIGURATION_FILE: join(directory, file) }),
      ...(taskRoot === '.' && { LAMBDA_TASK_ROOT: directory }),
    });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
});

test('a file that is not UTF-8 is told, and read as no other letters; a mark of byte order is none', async () => {
  const path = join(directory, 'other-letters.json');
  for (const bytes of [
    Buffer.from('\uFEFF{"version": 1}', 'utf16le'),
    Buffer.from('{"timeZone": "Zürich"}', 'latin1'),
  ]) {
    await writeFile(path, bytes);
    expect(() => readConfigurationText(path)).toThrow(ConfigError);
    expect(() => readConfigurationText(path)).toThrow('other-letters.json: is not UTF-8');
  }
  await writeFile(path, '\uFEFF{"timeZone": "Zürich"}');
  expect(readConfigurationText(path)).toBe('{"timeZone": "Zürich"}');
});
