import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { auditKey } from '../../../shared/acting/core/keys.ts';
import { type ApprovalDocument, approvalKey, encodeApproval } from '../../../shared/durable/approval.ts';
import { digestOfRequest } from '../../../shared/durable/approval-digest.ts';
import { brokersOf, type CliWorld, openCliWorld } from '../../support/cli/cli-world.ts';
import { runCommand, stubCredentials } from '../../support/cli/run-command.ts';
import { brokerView, clusterView, partitionView, topicView } from '../../support/health/builders.ts';
import { hostile, hostileName } from '../../support/hostile.ts';

/**
 * Every command of the registry, however it is called, in an account in which everything that somebody else may name or say
 * is hostile: documents of the bucket and their keys, AWS's own sentences, names of the cluster, the stack and the brokers,
 * words of the command line. A command that is new is called like the others.
 */
let world: CliWorld;
let role: Credentials;
const name = hostileName('bob');
const nowMs = Date.now();

const plan = { action: name, reason: name, message: name, evidence: { plan: name, [name]: name, toGiB: 200 } };
const record = {
  version: 1,
  cluster: 'orders',
  procedure: 'storage-scaling',
  cause: 'forged',
  mode: 'act',
  plan,
  target: { topic: name },
  plannedAtMs: nowMs - 60_000,
  plannedState: { version: name },
  isDisruptive: false,
  isLocked: true,
  approval: { by: name, atMs: nowMs - 120_000 },
  tries: [{ id: name, execution: name, atMs: nowMs - 60_000, seenState: { version: name } }],
  end: { id: 'x', atMs: nowMs, execution: 'e', decision: 'stopped', reason: 'api-refused', message: name },
};
const unsigned: ApprovalDocument = {
  version: 2,
  id: 'forged-0',
  cluster: 'orders',
  procedure: name,
  executionName: name,
  initiator: name,
  isInitiatorProven: true,
  mayInitiatorApprove: true,
  approvers: [name],
  yesesNeeded: 2,
  configuration: 'c'.repeat(64),
  requestedAtMs: nowMs - 60_000,
  expiresAtMs: nowMs + 3_600_000,
  plan,
  callbackId: 'power',
  digest: '',
};
/** As its run would have written it: what only lies there is damaged, and not shown. */
const asWritten: ApprovalDocument = JSON.parse(JSON.stringify(unsigned));
const approval = encodeApproval({ ...asWritten, digest: digestOfRequest(asWritten) });

const clientOf = () => ({
  endpoint: world.standIn.url,
  region: 'eu-west-1',
  credentials: world.standIn.world.identities.admin,
  forcePathStyle: true,
});

const openHostileWorld = async (): Promise<void> => {
  world = await openCliWorld({ cluster: { kafkaVersion: name, brokers: brokersOf([1, 2, 3]), instanceType: name } });
  await world.deploy();
  const { standIn } = world;
  const found = new GetFunctionConfigurationCommand({ FunctionName: 'mskeeper-orders-cluster-health' });
  const { Environment } = await new LambdaClient(clientOf()).send(found);
  const Bucket = Environment?.Variables?.MSKEEPER_BUCKET ?? '';
  const s3 = new S3Client(clientOf());
  const put = (Key: string, document: unknown) =>
    s3.send(
      new PutObjectCommand({ Bucket, Key, Body: typeof document === 'string' ? document : JSON.stringify(document) }),
    );
  await put(auditKey('orders', 'storage-scaling', record.plannedAtMs, 'forged'), record);
  await put(auditKey('orders', 'storage-scaling', record.plannedAtMs, 'broken'), `{"${name}`);
  await put(approvalKey('orders', 'forged-0'), approval);
  await put(approvalKey('orders', 'strange-0'), { ...approval, [name]: name });
  await put(`approvals/orders/${name.toWellFormed()}.json`, approval);
  const view = clusterView({
    brokers: [1, 2, 3].map((id) => brokerView(id, { host: name })),
    topics: [topicView(name, [partitionView(0)])],
  });
  await world.show(view);
  standIn.world.identities.addRole({
    name: 'operator',
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })],
    trust: parsePolicy({ Statement: [] }),
  });
  standIn.world.identities.addRole({
    name: 'mskeeper-orders-approver-eu-west-1',
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })],
    trust: parseTrustPolicy({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/operator' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  role = standIn.world.identities.assumeRole('operator', 'bob');
};

/** As `CliWorld.run`, with colours and a width as on a terminal. */
const run = async (args: readonly string[], look: { readonly hasColors: boolean; readonly columns?: number }) => {
  stubCredentials(world.standIn.url, role);
  return runCommand(args, commands, look);
};

const ownColors = new RegExp(`${String.fromCharCode(0x1b)}\\[(?:3[1236]|39|90)m`, 'g');
const withoutColors = (text: string): string => text.replaceAll(ownColors, '');

/** Nothing that a terminal obeys, and no line that begins as the hostile one wants one to. */
const expectSomethingHarmless = (text: string, call: string): void => {
  expect(text, call).not.toBe('');
  for (const line of withoutColors(text).split('\n')) {
    expect(line, call).not.toMatch(hostile);
    expect(line, call).not.toMatch(/^\s*plan\s+none: nothing will be changed/);
  }
};

const ways: readonly (readonly string[])[] = [
  [],
  ['orders'],
  ['orders', 'forged-0'],
  ['orders', 'strange-0'],
  ['orders', name],
  [name],
  ['--help'],
  [`--${name}`],
  ['orders', '--bucket', name],
];

test('no command prints anything hostile, as a table, in colours or as JSON', async () => {
  await openHostileWorld();
  const file = ['--file', world.configurationFile];
  const looks = [
    { more: [], look: { hasColors: false } },
    { more: [], look: { hasColors: true, columns: 80 } },
    { more: ['--json'], look: { hasColors: false } },
  ] as const;
  const printed: Record<string, string> = {};
  for (const command of Object.keys(commands))
    for (const way of ways)
      for (const { more, look } of looks) {
        const { written, errors } = await run([command, ...way, ...more, ...file], look);
        expectSomethingHarmless(written + errors, [command, ...way, ...more].join(' '));
        if (way.length === 1 && way[0] === 'orders' && more.length === 0 && !look.hasColors) printed[command] = written;
      }
  // The hostile words were there to be printed.
  for (const command of ['history', 'approve']) expect(printed[command]).toContain('bob\\u{1b}[2K');
  expect(printed.approve?.match(/^ {2}plan /gm)).toHaveLength(1);
}, 300_000);

test('nor what AWS says in hostile words, whichever call it is', async () => {
  await openHostileWorld();
  for (const command of Object.keys(commands))
    for (const service of ['kafka', 's3', 'lambda', 'sts', 'monitoring', 'iam', 'sns', 'ssm']) {
      const lift = world.standIn.world.faults.inject({ operation: `${service}:*`, fault: 'deny', message: name });
      const { written, errors } = await run([command, 'orders', '--file', world.configurationFile], {
        hasColors: true,
      });
      lift();
      expectSomethingHarmless(written + errors, `${command} while ${service} denies`);
    }
}, 300_000);
