import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitForVerdict } from '../../../cli/approve/verdict.ts';
import { openTarget } from '../../../cli/target.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { fetchProvenCaller } from '../../../shared/aws/caller-proof.ts';
import {
  type ApprovalAnswer,
  type ApprovalDocument,
  type ApprovalRequest,
  approvalKey,
  encodeApproval,
} from '../../../shared/durable/approval.ts';
import { digestOfAnswer, documentOf } from '../../../shared/durable/approval-digest.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { runCommand, stubCredentials } from '../../support/cli/run-command.ts';
import { smallFile } from '../../support/configuration.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';
import { approvalRequest } from '../../support/durable/request.ts';

const bucket = 'mskeeper-approvals';
const runName = 'mskeeper-orders-storage-scaling-run';
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    const asks = withDurableExecution(async (event, context) => {
      const [answered] = await context.createCallback('approval 1', { timeout: { hours: 1 } });
      const answer = JSON.parse(await answered);
      if (event.verdict === 'late') await context.wait('thinking', { hours: 1 });
      if (event.verdict !== 'none') await context.step('answer approval 1', async () => {
        if (event.verdict === 'failed') throw new Error('STS is away');
        return typeof event.verdict === 'object' ? event.verdict : { outcome: answer.decision, by: 'somebody', atMs: 1, digest: answer.digest };
      }, { retryStrategy: () => ({ shouldRetry: false }) }).catch(() => undefined);
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

const approverRole = 'mskeeper-orders-approver-eu-west-1';
const people = account.world.identities;
const [alice, bob] = ['alice', 'bob'].map((name) => people.addUser(name)) as [Credentials, Credentials];
const arnOf = (name: string) => `arn:aws:iam::111122223333:user/${name}`;

const onCall = people.addRole({ name: 'on-call', policies: [], trust: parseTrustPolicy({ Statement: [] }) });
const approvers = [arnOf('alice'), arnOf('bob'), onCall.arn];

/** What the approver's role of infra/stack/approver.ts may, on this test's function; the older one may not see runs. */
const letApprover = (...more: readonly object[]): void => {
  const statements = [
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
  ];
  people.addRole({
    name: approverRole,
    policies: [parsePolicy({ Version: '2012-10-17', Statement: statements })],
    trust: parseTrustPolicy({
      Statement: [{ Effect: 'Allow', Principal: { AWS: approvers }, Action: 'sts:AssumeRole' }],
    }),
  });
};
const seesRuns = [
  { Effect: 'Allow', Action: 'lambda:ListDurableExecutionsByFunction', Resource: functionArn(runName) },
  {
    Effect: 'Allow',
    Action: 'lambda:GetDurableExecutionHistory',
    Resource: `${functionArn(runName)}:*/durable-execution/*/*`,
  },
];

beforeEach(() => letApprover(...seesRuns));

const run = async (args: readonly string[], credentials: Credentials = bob) => {
  stubCredentials(account.client().endpoint, credentials);
  return runCommand(['approve', ...args, '--bucket', bucket, '--file', file]);
};

let requests = 0;
/**
 * Starts a run that waits for a person, and keeps its request as a run does.
 *
 * @param verdict what the run makes of an answer: what it says, unless it is told
 */
const ask = async (more: Partial<ApprovalRequest> = {}, verdict?: unknown) => {
  requests += 1;
  const executionName = `orders-storage-scaling-${requests}`;
  const arn = await account.start(runName, {
    DurableExecutionName: executionName,
    Payload: Buffer.from(JSON.stringify({ verdict })),
  });
  const operations = account.execution(arn).operations.all();
  const [callbackId = ''] = operations.flatMap((each) => each.CallbackDetails?.CallbackId ?? []);
  const request = approvalRequest({
    id: `orders-storage-scaling-${requests}-0`,
    executionName,
    initiator: 'mskeeper/orders/storage-scaling/disk-used/warning',
    // Whole minutes are shown: the machine has most of one to come here.
    requestedAtMs: Date.now() - 60_000,
    timeoutMs: 31 * 60_000 + 59_000,
    plan: { action: 'expand', reason: 'above-threshold', message: 'Expand to 200 GiB.', evidence: { toGiB: 200 } },
    ...more,
  });
  const document = documentOf(request, callbackId);
  const Key = approvalKey('orders', document.id);
  const Body = JSON.stringify(encodeApproval(document));
  await new S3Client(account.client()).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  return { arn, id: document.id, callbackId, document };
};
const resultOf = async (arn: string) => {
  await account.lambda.idle();
  return account.describe(arn);
};

/** Whom STS names for an answer that a run got: asked as the run asks. */
const proven = async ({ arn, document }: Awaited<ReturnType<typeof ask>>) => {
  const { result } = await resultOf(arn);
  const answer = result as ApprovalAnswer;
  const digest = digestOfAnswer(document, answer);
  const environment = { AWS_ENDPOINT_URL: account.client().endpoint };
  const calls = openCallScope(AbortSignal.timeout(10_000));
  return { answer, digest, caller: await fetchProvenCaller(calls, 'eu-west-1', digest, answer.proof, environment) };
};

test('a request is listed with its plan, and answered under the person’s own name, which STS proves', async () => {
  const asked = await ask();
  const { id, callbackId } = asked;
  const list = await run(['orders']);
  expect(list).toMatchObject({ status: 0, errors: '' });
  expect(list.written).toContain(`${id}  storage-scaling, 30 min left\n  plan`);
  expect(list.written).toMatch(/ {2}plan +expand: Expand to 200 GiB\.\n {2}why +above-threshold\n {2}toGiB +200\n/);
  const said = await run(['orders', id, '--comment', 'before the weekend']);
  expect(said).toMatchObject({ status: 0, errors: '' });
  expect(said.written).toContain(`approved by ${arnOf('bob')}\n`);
  const { answer, digest, caller } = await proven(asked);
  expect(answer).toEqual({
    version: 2,
    decision: 'approved',
    comment: 'before the weekend',
    digest,
    proof: expect.any(Object),
  });
  expect(caller).toEqual({ isProven: true, arn: arnOf('bob') });
  for (const text of [list.written, said.written]) {
    expect(text).not.toContain(callbackId);
    expect(text).not.toContain(answer.proof.authorization.slice(-64));
  }
});

test('the signature proves the person over this very answer, and over no other', async () => {
  const [asked, other] = [await ask(), await ask()];
  await run(['orders', asked.id]);
  const { answer } = await proven(asked);
  const environment = { AWS_ENDPOINT_URL: account.client().endpoint };
  const calls = openCallScope(AbortSignal.timeout(10_000));
  for (const digest of [
    digestOfAnswer(other.document, answer),
    digestOfAnswer(asked.document, { decision: 'refused' }),
  ])
    expect(await fetchProvenCaller(calls, 'eu-west-1', digest, answer.proof, environment)).toMatchObject({
      isProven: false,
      why: expect.stringContaining('SignatureDoesNotMatch'),
    });
});

test('a request that was changed in the bucket is told, and cannot be answered', async () => {
  const otherRequest = { outcome: 'void', because: 'other-request' };
  const { arn, id, document } = await ask({}, otherRequest);
  const Key = approvalKey('orders', id);
  const put = (changed: ApprovalDocument) =>
    new S3Client(account.client()).send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(encodeApproval(changed)) }),
    );
  await put({ ...document, plan: { ...document.plan, message: 'Expand to 110 GiB.' } });
  const list = await run(['orders']);
  expect(list.status).toBe(1);
  expect(list.written).toContain(`damaged: ${Key}: `);
  expect(list.written).toContain('was changed after it was asked');
  const answered = await run(['orders', id]);
  expect(answered.status).toBe(2);
  expect(answered.errors).toContain('was changed after it was asked');
  expect(await account.describe(arn)).toMatchObject({ status: 'RUNNING' });
  // Whoever makes it fit again gets an answer to his own words, which the run finds to be none to its question.
  const forged = documentOf(
    approvalRequest({ ...document, timeoutMs: 60_000_000, plan: { ...document.plan, message: 'Expand to 110 GiB.' } }),
    document.callbackId,
  );
  const { timeoutMs: _gone, ...fitting } = forged as ApprovalDocument & { timeoutMs?: number };
  await put(fitting);
  const deceived = await run(['orders', id]);
  expect(deceived.status).toBe(1);
  expect(deceived.written).toContain('counts for nothing: since it was given to something else than what was asked');
  expect(deceived.written).not.toContain('approved by');
  const { result } = await resultOf(arn);
  const answer = result as ApprovalAnswer;
  expect(answer.digest).not.toBe(digestOfAnswer(document, answer));
});

test.each<[string, string, (document: ApprovalDocument) => string]>([
  ['the console’s mark of a folder', 'approvals/orders/', () => ''],
  ['a key of no document', 'approvals/orders/a b.json', () => '{}'],
  [
    'a document of another id',
    approvalKey('orders', 'orders-storage-scaling-other'),
    (one) => JSON.stringify(encodeApproval(one)),
  ],
  ['a document in a folder', 'approvals/orders/more/a.json', (one) => JSON.stringify(encodeApproval(one))],
  ['bytes', approvalKey('orders', 'bytes'), () => '\u0000\u001b[2J'],
])('%s is one line of the list, and hides no request', async (_name, Key, bodyOf) => {
  const { id, document } = await ask();
  const s3 = new S3Client(account.client());
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bodyOf(document) }));
  const { status, written } = await run(['orders']);
  expect(status).toBe(1);
  expect(written.match(/^damaged: /gm)).toHaveLength(1);
  expect(written).toContain(`${id}  storage-scaling`);
  expect(written).not.toContain('\u001b');
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
});

test('whoever is no approver cannot take the role, and whoever has it already is told to come as himself', async () => {
  const stranger = await run(['orders'], people.addUser('bob2'));
  expect([stranger.status, stranger.written]).toEqual([2, '']);
  expect(stranger.errors).toContain('sts:AssumeRole: denied');
  const taken = await run(['orders'], people.assumeRole(approverRole, 'bob'));
  expect(taken.status).toBe(2);
  expect(taken.errors).toContain('use your own credentials');
});

test('a refusal reaches the run, and JSON says so without the power to answer', async () => {
  const { arn, id, callbackId } = await ask();
  const { status, written } = await run(['orders', id, '--refuse', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(written)).toMatchObject({
    cluster: 'orders',
    request: { id, plan: { action: 'expand' } },
    answer: { decision: 'refused', by: arnOf('bob') },
    isAccepted: true,
    verdict: 'counts',
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
  letApprover();
  const older = await run(['orders']);
  expect(older.status).toBe(0);
  expect(older.written).toMatch(new RegExp(`${id}[^]*answered\\? +lambda:ListDurableExecutionsByFunction: .*denied`));
  letApprover(...seesRuns.slice(0, 1));
  const { written } = await run(['orders', '--json']);
  expect(JSON.parse(written).requests).toContainEqual(
    expect.objectContaining({
      id,
      state: 'unknown',
      why: expect.stringContaining('lambda:GetDurableExecutionHistory'),
    }),
  );
  letApprover(...seesRuns);
  const lost = await ask({ executionName: 'orders-storage-scaling-none' });
  expect((await run(['orders'])).written).toMatch(new RegExp(`${lost.id}[^]*answered\\? +.*knows no run`));
  for (const text of [older.written, written]) expect(text).not.toContain(callbackId);
});

describe('what the run makes of an answer that Lambda took', () => {
  test.each<[string, unknown, number, string]>([
    [
      'by whoever may not',
      { outcome: 'void', because: 'stranger', by: arnOf('bob') },
      1,
      'is none of approverPrincipals',
    ],
    [
      'that STS does not know',
      { outcome: 'void', because: 'unproven', detail: 'too old' },
      1,
      'nobody knows who gave it: too old',
    ],
    ['while STS is away', 'failed', 1, 'STS could not be asked who gave it'],
    ['and ends without a word of it', 'none', 3, 'without judging it'],
    ['in words of another release', { outcome: 'perhaps' }, 3, 'says nothing that can be read of it'],
  ])('%s is said, and no yes', async (_what, verdict, status, words) => {
    const { id, callbackId } = await ask({}, verdict);
    const said = await run(['orders', id]);
    expect(said.status).toBe(status);
    expect(said.written.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(said.written).not.toMatch(/^approved by/m);
    expect(said.written).not.toContain(callbackId);
    const again = await ask({}, verdict);
    const json = JSON.parse((await run(['orders', again.id, '--json'])).written);
    expect(json).toMatchObject({ isAccepted: true, verdict: status === 1 ? 'void' : 'unseen' });
  });

  test('is not seen by a role that may not look: the answer was sent, and that is all that is said', async () => {
    letApprover();
    const { id, arn } = await ask();
    const { status, written } = await run(['orders', id]);
    expect(status).toBe(3);
    expect(written.replaceAll(/\s+/g, ' ')).toMatch(
      /sent: approved by arn:\S+; whether it counts was not seen: lambda:ListDurableExecutionsByFunction: denied/,
    );
    expect(await resultOf(arn)).toMatchObject({ result: { decision: 'approved' } });
  });

  test('is waited for, and not for ever', async () => {
    const { arn, document } = await ask({}, 'late');
    letApprover(...seesRuns);
    const { context } = openTarget(file, 'orders');
    const client = account.lambdaClient();
    await client.send(
      new SendDurableExecutionCallbackSuccessCommand({
        CallbackId: document.callbackId,
        Result: Buffer.from('{"decision":"approved","digest":"d"}'),
      }),
    );
    const where = { client, calls: openCallScope(AbortSignal.timeout(60_000)), context };
    expect(await waitForVerdict(where, document, { longestMs: 300, pauseMs: 50 })).toEqual({
      verdict: 'unseen',
      why: `${document.executionName} has not judged it within 0 s`,
    });
    const waited = waitForVerdict(where, document, { longestMs: 60_000, pauseMs: 50 });
    // It sleeps by then: its time is counted from there.
    await account.lambda.idle();
    await account.pass(3_600_000);
    expect(await waited).toEqual({ verdict: 'counts' });
    expect(await resultOf(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });
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
  const asked = await ask({ mayInitiatorApprove: false, initiator: arnOf('alice') });
  const { status, written } = await run(['orders', asked.id], alice);
  expect(status).toBe(1);
  expect(written).toContain(
    `not answered: ${arnOf('alice')} set it going and may not approve it: somebody else has to`,
  );
  expect(await account.describe(asked.arn)).toMatchObject({ status: 'RUNNING' });
  expect(await run(['orders', asked.id, '--refuse'], alice)).toMatchObject({ status: 0 });
  expect(await proven(asked)).toMatchObject({
    answer: { decision: 'refused' },
    caller: { isProven: true, arn: arnOf('alice') },
  });
});

test('a yes of a session that a tool named is refused before it is spent, with what to set; a no is sent', async () => {
  for (const name of ['aws-sdk-js-1700000000000', 'botocore-session-1700000000', '1700000000']) {
    const asked = await ask({ mayInitiatorApprove: true });
    const credentials = people.assumeRole('on-call', name);
    const { status, written } = await run(['orders', asked.id], credentials);
    expect(status).toBe(1);
    expect(written.replaceAll(/\s+/g, ' ')).toMatch(
      /not answered: \S+ is a session that a tool named.*role_session_name/,
    );
    expect(await account.describe(asked.arn)).toMatchObject({ status: 'RUNNING' });
    expect(await run(['orders', asked.id, '--refuse'], credentials)).toMatchObject({ status: 0 });
    const { id } = await ask();
    expect(await run(['orders', id], people.assumeRole('on-call', 'carol'))).toMatchObject({ status: 0 });
  }
});

test('whoever approved before is told that another person has to', async () => {
  const { id } = await ask({ yesesNeeded: 2, approvers: [arnOf('bob')], isInitiatorProven: false });
  const list = await run(['orders']);
  expect(list.written).toContain('(not proven), who may not approve it');
  expect(list.written).toContain('2 different people have to approve it');
  const { status, written } = await run(['orders', id]);
  expect(status).toBe(1);
  expect(written).toContain(`${arnOf('bob')} approved it before: another person has to`);
  expect(await run(['orders', id], alice)).toMatchObject({ status: 0 });
});

test('a request whose time is over is neither listed nor answered', async () => {
  const { arn, id } = await ask({ timeoutMs: 1 });
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
  people.addRole({
    name: approverRole,
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] })],
    trust: parseTrustPolicy({
      Statement: [{ Effect: 'Allow', Principal: { AWS: arnOf('bob') }, Action: 'sts:AssumeRole' }],
    }),
  });
  const { status, written } = await run(['orders', id]);
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
