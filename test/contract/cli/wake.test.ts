import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { runCommand, stubCredentials } from '../../support/cli/run-command.ts';
import { smallFile } from '../../support/configuration.ts';
import { serveDurable } from '../../support/durable/account.ts';

const intake = 'mskeeper-orders-storage-scaling';
const account = await serveDurable({
  source: `
    let last;
    const answers = async (event) => {
      const { wakeId, proof } = event.signed;
      if (Object.keys(event).join() !== 'source,procedure,scope,signed') throw new Error('more than was signed');
      if (last === wakeId || !proof.authorization.includes('/eu-west-1/sts/')) throw new Error('no new wake');
      last = wakeId;
      return { outcome: 'started', executionName: 'orders-storage-scaling-7' };
    };
    export { answers as '${intake}' };`,
  functions: {},
  plainFunctions: [intake],
});

const directory = await mkdtemp(join(tmpdir(), 'mskeeper-wake-'));
const file = join(directory, 'mskeeper.yml');
beforeAll(() => writeFile(file, smallFile()));
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const alice = account.world.identities.addUser('alice');
const run = async (args: readonly string[], credentials = account.world.identities.admin) => {
  stubCredentials(account.client().endpoint, credentials);
  return runCommand(['wake', ...args, '--file', file]);
};

test('a procedure is woken under one’s own name, each time by another wake', async () => {
  const by = 'arn:aws:iam::111122223333:user/local-admin';
  expect(await run(['orders', 'storage-scaling'])).toEqual({
    status: 0,
    written: `started orders-storage-scaling-7, woken by ${by}\n`,
    errors: '',
  });
  const { written } = await run(['orders', 'storage-scaling', '--json']);
  expect(JSON.parse(written)).toEqual({
    cluster: 'orders',
    procedure: 'storage-scaling',
    by,
    outcome: 'started',
    executionName: 'orders-storage-scaling-7',
  });
});

test('who may not invoke the function is told so', async () => {
  const { status, errors } = await run(['orders', 'storage-scaling'], alice);
  expect(status).toBe(2);
  expect(errors).toContain(`lambda:Invoke ${intake}: denied`);
});

test('a session that a tool named is told to take its own name, before anything is woken', async () => {
  const { identities } = account.world;
  identities.addRole({ name: 'on-call', policies: [], trust: parseTrustPolicy({ Statement: [] }) });
  const { status, written, errors } = await run(
    ['orders', 'storage-scaling'],
    identities.assumeRole('on-call', 'aws-sdk-js-1700000000000'),
  );
  expect([status, written]).toEqual([2, '']);
  expect(errors).toMatch(/aws-sdk-js-1700000000000 is a session that a tool named.*role_session_name/);
});

test.each([
  [['orders'], 'name what to wake'],
  [['orders', 'cluster-health'], 'procedures are storage-scaling'],
  [['order', 'storage-scaling'], 'did you mean orders?'],
])('%j is refused in a line', async (args, said) => {
  const { status, written, errors } = await run(args);
  expect([status, written]).toEqual([2, '']);
  expect(errors).toContain(said);
});
