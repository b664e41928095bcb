import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { type CliWorld, openCliWorld } from '../../support/cli/cli-world.ts';

const program = join(import.meta.dirname, '../../../cli/mskeeper.ts');

/** The command as npm starts it, its standard output read to the end or closed after the first bytes. */
const start = async (world: CliWorld | undefined, args: readonly string[], shouldCloseEarly = false) => {
  const credentials = world?.standIn.world.identities.admin;
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env.PATH,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(world !== undefined && { AWS_ENDPOINT_URL: world.standIn.url }),
      ...(credentials !== undefined && {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      }),
    },
  });
  let written = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  if (shouldCloseEarly) child.stdout.destroy();
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, written, errors };
};

test('the program prints a plain table to a pipe, and ends by itself with the doctor’s status', async () => {
  const world = await openCliWorld();
  const healthy = await start(world, ['doctor', '--file', world.configurationFile]);
  expect(healthy).toMatchObject({ status: 0, errors: '' });
  expect(healthy.written).toMatch(/^ok +credentials /);
  expect(healthy.written).not.toContain('\u001b');
  world.standIn.ssm.remove('/mskeeper/channels/team-mail');
  const sick = await start(world, ['doctor', 'orders', '--file', world.configurationFile, '--json']);
  expect(sick).toMatchObject({ status: 1, errors: '' });
  expect(JSON.parse(sick.written)).toMatchObject({ cluster: 'orders', worst: 'failed' });
});

test('a reader that stops early is no error', async () => {
  const world = await openCliWorld();
  const args = ['conformance', '--file', world.configurationFile];
  expect(await start(world, args, true)).toMatchObject({ errors: '' });
});

test('a wrong file ends with 2 and its mistakes', async () => {
  const { status, written, errors } = await start(undefined, ['doctor', '--file', '/no/such/mskeeper.yml']);
  expect([status, written]).toEqual([2, '']);
  expect(errors).toMatch(/^\/no\/such\/mskeeper\.yml: cannot be read: ENOENT.*\n$/);
});
