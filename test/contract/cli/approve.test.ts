import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { dispatch } from '../../../cli/dispatch.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { type ApprovalDocument, approvalKey, encodeApproval } from '../../../shared/durable/approval.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { smallFile } from '../../support/configuration.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const bucket = 'mskeeper-approvals';
const runName = 'mskeeper-orders-storage-scaling-run';
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    const asks = withDurableExecution(async (event, context) => {
      const answer = JSON.parse(await context.waitForCallback('ask', async () => {}, { timeout: { hours: 1 } }));
      if (answer.comment === 'and watch') await context.wait('watching', { hours: 1 });
      return answer;
    });
    export { asks as '${runName}' };`,
  functions: { [runName]: { DurableConfig: { ExecutionTimeout: 86_400 } } },
});
createSts(account.world);

const directory = await mkdtemp(join(tmpdir(), 'mskeeper-approve-'));
const file = join(directory, 'mskeeper.yml');
beforeAll(async () => {
  await writeFile(file, smallFile());
  await createResource(account.world, 'AWS::S3::Bucket', { BucketName: bucket });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

/** What the approver's role of infra/stack/approver.ts may, on this test's function; the older one may not see runs. */
const approver = (...more: readonly object[]): Credentials =>
  account.role(
    'mskeeper-orders-approver-eu-west-1',
    ...more,
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/approvals/orders/*` },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { 's3:prefix': 'approvals/orders/*' } },
    },
    {
      Effect: 'Allow',
      Action: ['lambda:SendDurableExecutionCallbackSuccess', 'lambda:SendDurableExecutionCallbackFailure'],
      Resource: `${functionArn(runName)}:*`,
    },
  );
const seesRuns = [
  { Effect: 'Allow', Action: 'lambda:ListDurableExecutionsByFunction', Resource: functionArn(runName) },
  {
    Effect: 'Allow',
    Action: 'lambda:GetDurableExecutionHistory',
    Resource: `${functionArn(runName)}:*/durable-execution/*/*`,
  },
];

const run = async (args: readonly string[], credentials = approver(...seesRuns)) => {
  vi.stubEnv('AWS_ENDPOINT_URL', account.client().endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  const said = { written: '', errors: '' };
  const status = await dispatch(['approve', ...args, '--bucket', bucket, '--file', file], commands, {
    write: (text) => {
      said.written += text;
    },
    writeError: (text) => {
      said.errors += text;
    },
    hasColors: false,
  });
  return { status, ...said };
};

let requests = 0;
/** Starts a run that waits for a person, and keeps its request as a run does. */
const ask = async (more: Partial<ApprovalDocument> = {}) => {
  requests += 1;
  const executionName = `orders-storage-scaling-${requests}`;
  const arn = await account.start(runName, { DurableExecutionName: executionName });
  const operations = account.execution(arn).operations.all();
  const [callbackId = ''] = operations.flatMap((each) => each.CallbackDetails?.CallbackId ?? []);
  const document: ApprovalDocument = {
    version: 1,
    id: `orders-storage-scaling-${requests}-0`,
    cluster: 'orders',
    procedure: 'storage-scaling',
    executionName,
    initiator: 'alarm mskeeper-orders-storage-scaling-disk',
    mayInitiatorApprove: true,
    requestedAtMs: Date.now() - 60_000,
    // Whole minutes are shown: the machine has most of one to come here.
    expiresAtMs: Date.now() + 30 * 60_000 + 59_000,
    plan: { action: 'expand', reason: 'above-threshold', message: 'Expand to 200 GiB.', evidence: { toGiB: 200 } },
    callbackId,
    ...more,
  };
  const Key = approvalKey('orders', document.id);
  const Body = JSON.stringify(encodeApproval(document));
  await new S3Client(account.client()).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  return { arn, id: document.id, callbackId };
};
const resultOf = async (arn: string) => {
  await account.lambda.idle();
  return account.describe(arn);
};

test('a request is listed with its plan, and answered under the approver’s own name', async () => {
  const { arn, id, callbackId } = await ask();
  const list = await run(['orders']);
  expect(list).toMatchObject({ status: 0, errors: '' });
  expect(list.written).toContain(`${id}  storage-scaling, 30 min left\n  plan`);
  expect(list.written).toMatch(/ {2}plan +expand: Expand to 200 GiB\.\n {2}why +above-threshold\n {2}toGiB +200\n/);
  const answer = await run(['orders', id, '--comment', 'before the weekend']);
  expect(answer).toMatchObject({ status: 0, errors: '' });
  expect(answer.written).toMatch(
    /approved by arn:aws:sts::111122223333:assumed-role\/mskeeper-orders-approver-eu-west-1\//,
  );
  expect(await resultOf(arn)).toMatchObject({
    status: 'SUCCEEDED',
    result: {
      decision: 'approved',
      by: expect.stringContaining(':assumed-role/mskeeper-orders-approver-eu-west-1/'),
      atMs: expect.any(Number),
      comment: 'before the weekend',
    },
  });
  for (const text of [list.written, answer.written]) expect(text).not.toContain(callbackId);
});

test('a refusal reaches the run, and JSON says so without the power to answer', async () => {
  const { arn, id, callbackId } = await ask();
  const { status, written } = await run(['orders', id, '--refuse', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(written)).toMatchObject({
    cluster: 'orders',
    request: { id, plan: { action: 'expand' } },
    answer: { decision: 'refused' },
    isAccepted: true,
  });
  expect(written).not.toContain(callbackId.slice(0, 8));
  expect(await resultOf(arn)).toMatchObject({ result: { decision: 'refused' } });
});

const idsListed = async (): Promise<readonly string[]> =>
  JSON.parse((await run(['orders', '--json'])).written).requests.map((one: { readonly id: string }) => one.id);

test('what was answered is no longer listed, whether its run has ended or goes on', async () => {
  const [ended, goesOn, waits] = [await ask(), await ask(), await ask()];
  expect(await idsListed()).toEqual(expect.arrayContaining([ended.id, goesOn.id, waits.id]));
  await run(['orders', ended.id]);
  await run(['orders', goesOn.id, '--comment', 'and watch']);
  expect(await resultOf(ended.arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await resultOf(goesOn.arn)).toMatchObject({ status: 'RUNNING' });
  const ids = await idsListed();
  expect(ids).toContain(waits.id);
  expect(ids).not.toContain(ended.id);
  expect(ids).not.toContain(goesOn.id);
});

test('where Lambda does not say whether it was answered, a request is listed and the doubt with it', async () => {
  const { id, callbackId } = await ask();
  const older = await run(['orders'], approver());
  expect(older.status).toBe(0);
  expect(older.written).toMatch(new RegExp(`${id}[^]*answered\\? +lambda:ListDurableExecutionsByFunction: .*denied`));
  const { written } = await run(['orders', '--json'], approver(...seesRuns.slice(0, 1)));
  expect(JSON.parse(written).requests).toContainEqual(
    expect.objectContaining({
      id,
      state: 'unknown',
      why: expect.stringContaining('lambda:GetDurableExecutionHistory'),
    }),
  );
  const lost = await ask({ executionName: 'orders-storage-scaling-none' });
  expect((await run(['orders'])).written).toMatch(new RegExp(`${lost.id}[^]*answered\\? +.*knows no run`));
  for (const text of [older.written, written]) expect(text).not.toContain(callbackId);
});

test('a second answer is not taken, says why, and does not quote the callback', async () => {
  const { id, callbackId } = await ask();
  await run(['orders', id]);
  const again = await run(['orders', id, '--refuse']);
  expect(again.status).toBe(1);
  expect(again.written).toMatch(/not answered: lambda:SendDurableExecutionCallbackSuccess: /);
  expect(again.written).not.toContain(callbackId);
});

test('whoever set the run going may not approve it where the policy says so, and may refuse it', async () => {
  const name = 'mskeeper-orders-approver-eu-west-1';
  const { arn, id } = await ask({ mayInitiatorApprove: false, initiator: name });
  const { status, written } = await run(['orders', id]);
  expect(status).toBe(1);
  expect(written).toContain(`not answered: ${name} set it going and may not approve it: somebody else has to`);
  expect(await account.describe(arn)).toMatchObject({ status: 'RUNNING' });
  expect(await run(['orders', id, '--refuse'])).toMatchObject({ status: 0 });
  expect(await resultOf(arn)).toMatchObject({ result: { decision: 'refused' } });
});

test('a request whose time is over is neither listed nor answered', async () => {
  const { arn, id } = await ask({ expiresAtMs: Date.now() - 1 });
  expect((await run(['orders', '--json'])).written).not.toContain(id);
  expect(await run(['orders', id])).toMatchObject({
    status: 1,
    written: expect.stringContaining('its time was over at'),
  });
  expect(await account.describe(arn)).toMatchObject({ status: 'RUNNING' });
});

test('a damaged request is named and hides no other', async () => {
  const { id } = await ask();
  const Key = approvalKey('orders', 'broken');
  await new S3Client(account.client()).send(new PutObjectCommand({ Bucket: bucket, Key, Body: '{"version":2}' }));
  const { status, written } = await run(['orders']);
  expect(status).toBe(1);
  expect(written).toContain(`damaged: ${Key}: `);
  expect(written).toContain(id);
  await new S3Client(account.client()).send(new DeleteObjectCommand({ Bucket: bucket, Key }));
});

test('a role that may not answer is told so, and the run goes on waiting', async () => {
  const { arn, id } = await ask();
  const reader = account.role('reader', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
  const { status, written } = await run(['orders', id], reader);
  expect(status).toBe(1);
  expect(written).toMatch(/not answered: .*denied/);
  expect(await account.describe(arn)).toMatchObject({ status: 'RUNNING' });
});

test.each([
  [['orders', 'none-such'], 'nothing of orders waits under the id none-such'],
  [['orders', '../orders/x'], '"../orders/x" is no request\'s id'],
  [['orders', '--refuse'], 'name what to answer'],
  [['order'], 'did you mean orders?'],
  [['orders', 'a', 'b'], '"b" is a word too many'],
  [['orders', '--yes'], '--help lists the options'],
])('%j is refused in a line', async (args, said) => {
  const { status, written, errors } = await run(args);
  expect([status, written]).toEqual([2, '']);
  expect(errors).toContain(said);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

test('--help says it all and asks nobody', async () => {
  const { status, written } = await run(['--help']);
  expect(status).toBe(0);
  expect(written).toContain('npm run mskeeper -- approve <cluster> <id>');
});
