import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatJsonSchema } from '../../../../infra/configuration/json-schema.ts';
import { formatPath } from '../../../../infra/configuration/mistake.ts';
import { judgeFile, resolveConfiguration } from '../../../../infra/configuration/resolve-configuration.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { smallFile } from '../../../support/configuration.ts';

const root = new URL('../../../../', import.meta.url).pathname;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mskeeper-configuration-'));
  await writeFile(join(directory, 'bad.yml'), smallFile({ region: '    region: us-east-1' }, 'timezone: UTC\n'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a wrong file is a ConfigError that lists every mistake', () => {
  const resolve = () => resolveConfiguration(join(directory, 'bad.yml'));
  expect(resolve).toThrow(ConfigError);
  expect(resolve).toThrow(/clusters\.orders\.region[\s\S]*timezone/);
});

test('a sound file whose stack AWS would refuse is wrong, and told by its cluster and the setting', async () => {
  const approvers = Array.from(
    { length: 50 },
    (_, index) => `arn:aws:iam::111122223333:role/platform/on-call-${index}`,
  );
  const file = join(directory, 'approvers.yml');
  await writeFile(file, smallFile({}, `approverPrincipals: [${approvers.join(', ')}]\n`));
  const { configuration, mistakes } = judgeFile(file);
  expect(configuration).toBeUndefined();
  expect(mistakes.map(({ line, path, message }) => `${line} ${formatPath(path)}: ${message}`)).toEqual([
    expect.stringMatching(/^3 clusters\.orders: [\s\S]*AWS takes 2048: shorten approverPrincipals in mskeeper\.yml$/),
  ]);
});

test('the committed mskeeper.schema.json is the one that the schema makes', async () => {
  expect(await readFile(join(root, 'mskeeper.schema.json'), 'utf8')).toBe(formatJsonSchema());
});

test('the committed mskeeper.yml names its schema for editors', async () => {
  const [first] = (await readFile(join(root, 'mskeeper.yml'), 'utf8')).split('\n');
  expect(first).toBe('# yaml-language-server: $schema=./mskeeper.schema.json');
});

test('the committed mskeeper.yml starts with authentication, not with a cluster that lets anybody in', async () => {
  expect(await readFile(join(root, 'mskeeper.yml'), 'utf8')).toContain('authentication: { kind: iam }');
});

test('what the committed mskeeper.yml shows for a cluster whose broker ids have gaps is sound', async () => {
  const text = await readFile(join(root, 'mskeeper.yml'), 'utf8');
  const file = join(directory, 'gaps.yml');
  await writeFile(file, text.replace('# brokerIds:', 'brokerIds:'));
  expect(resolveConfiguration(file).clusters.orders).toMatchObject({ brokerCount: 3, brokerIds: [1, 3, 4] });
});
