import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { channelsFileName } from '../../../../shared/configuration/bundled-channels.ts';
import { ownAlarmsFileName } from '../../../../shared/core/own-alarms.ts';

const program = new URL('../../../../infra/package.ts', import.meta.url).pathname;
const runPackage = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args], { env: {} });

describe('what CloudFormation deploys', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mskeeper-package-'));
    await runPackage('--output', join(folder, 'first'));
    await runPackage('--output', join(folder, 'second'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a template, without credentials in the environment, with every handler where its bundle has it', async () => {
    const template = await readTemplate(join(folder, 'first'));
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions.map(({ Properties }) => [Properties.Handler, Properties.Runtime])).toEqual(
      functionDefinitions.map(({ handler }) => [handler, 'nodejs24.x']),
    );
  });

  test('every function logs into a group of its own, and every group forgets after 30 days', async () => {
    const { Resources } = await readTemplate(join(folder, 'first'));
    const resources = Object.values(Resources);
    const groups = resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(functionDefinitions.length);
    expect(groups.map(({ LogGroupName }) => LogGroupName).toSorted()).toEqual(
      functions.map(({ Properties }) => logGroupOf(Properties)).toSorted(),
    );
    expect(groups.map(({ LogGroupName, RetentionInDays }) => [LogGroupName, RetentionInDays])).toEqual(
      groups.map(({ LogGroupName }) => [LogGroupName, 30]),
    );
  });

  test.each(functionDefinitions.map(({ slug, handler, tellsPeople }) => [slug, handler, tellsPeople] as const))(
    'a zip of %s with its bundle, the configuration, the list of alarms and the licences at the root, who tells people with the channels, and nothing else',
    async (slug, handler, tellsPeople) => {
      const zip = await readFile(join(folder, 'first', `${slug}.zip`));
      expect(namesIn(zip).toSorted()).toEqual(
        [
          handler.replace(/\.handler$/, '.mjs'),
          'mskeeper.json',
          ownAlarmsFileName,
          ...(tellsPeople ? [channelsFileName] : []),
          'LICENSE',
          'NOTICE',
        ].toSorted(),
      );
    },
  );

  test('the same zips from the same sources, so that what did not change is not deployed', async () => {
    const hashes = async (name: string) =>
      Promise.all(
        (await readdir(join(folder, name)))
          .filter((file) => file.endsWith('.zip'))
          .map(async (file) =>
            createHash('sha256')
              .update(await readFile(join(folder, name, file)))
              .digest('hex'),
          ),
      );
    expect(await hashes('first')).toEqual(await hashes('second'));
  });
});

describe('packaging refuses', () => {
  test('a cluster that mskeeper.yml does not have', async () => {
    await expect(runPackage('--cluster', 'nowhere')).rejects.toThrow('no cluster "nowhere" in mskeeper.yml');
  });

  test('--all together with --cluster', async () => {
    await expect(runPackage('--all', '--cluster', 'orders')).rejects.toThrow('--all and --cluster exclude each other');
  });

  test('an option that it does not know', async () => {
    await expect(runPackage('--colour')).rejects.toThrow("Unknown option '--colour'");
  });

  test('a configuration that is not there', async () => {
    await expect(runPackage('--configuration', '/nowhere.yml')).rejects.toThrow('/nowhere.yml: cannot be read');
  });
});

test('--help says what it does', async () => {
  expect((await runPackage('--help')).stdout).toContain('--all');
});

type PackagedTemplate = {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties: {
          readonly FunctionName?: string;
          readonly Handler?: string;
          readonly Runtime?: string;
          readonly LoggingConfig?: { readonly LogGroup?: string };
          readonly LogGroupName?: string;
          readonly RetentionInDays?: number;
        };
      }
    >
  >;
};

async function readTemplate(output: string): Promise<PackagedTemplate> {
  return JSON.parse(await readFile(join(output, 'cloudformation-template-update-stack.json'), 'utf8'));
}

/** Lambda's own rule where a function names no group. */
function logGroupOf({ FunctionName, LoggingConfig }: { FunctionName?: string; LoggingConfig?: { LogGroup?: string } }) {
  return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
}

/** Names in a zip's central directory: entries of 46 bytes and the name, each after its signature. */
function namesIn(zip: Buffer): readonly string[] {
  const names: string[] = [];
  for (
    let from = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
    from >= 0;
    from = zip.indexOf('PK\u0001\u0002', from + 46, 'latin1')
  ) {
    names.push(zip.toString('utf8', from + 46, from + 46 + zip.readUInt16LE(from + 28)));
  }
  return names;
}
