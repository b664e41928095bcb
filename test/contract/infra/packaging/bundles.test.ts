import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { clientsOf, functionDefinitions } from '../../../../infra/functions.ts';
import { bundleFunction, bytesByPackage, ownFilesOf } from '../../../../infra/packaging/bundle.ts';
import { prepareTrial } from '../../../../infra/packaging/bundle-trial.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

/** Packages that speak to something. */
const isClient = (name: string): boolean =>
  /^(@aws-sdk\/client-|kafkajs$|aws-msk-iam-sasl-signer-js$|@platformatic\/|aws-sdk$)/.test(name);

describe.each(functionDefinitions.map((definition) => [definition.slug, definition] as const))(
  '%s',
  (_slug, definition) => {
    test('its bundle holds the clients that it speaks through, and no other', async () => {
      const clients = [...bytesByPackage(await bundleFunction(definition)).keys()].filter(isClient);
      expect(clients.toSorted()).toEqual([...clientsOf(definition)].toSorted());
    });

    test('its bundle holds the product only: nothing of the local world, tests or packaging', async () => {
      const own = ownFilesOf(await bundleFunction(definition));
      expect(own.filter((path) => !/^(functions|shared)\//.test(path))).toEqual([]);
    });

    test('its bundle loads on this Node as Lambda loads it, and has a handler', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mskeeper-bundle-'));
      try {
        const where = { clusterKey: 'orders', slug: definition.slug, folder };
        const { file, environment } = await prepareTrial(await bundleFunction(definition), configurationWith(), where);
        const script = `import(${JSON.stringify(file)}).then(({ handler }) => process.stdout.write(typeof handler))`;
        const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: environment });
        expect(stdout).toBe('function');
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  },
);
