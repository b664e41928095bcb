import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../../local/aws/delivery.ts';
import { createEventBridge } from '../../../../local/aws/services/eventbridge/eventbridge.ts';
import { createS3 } from '../../../../local/aws/services/s3/s3.ts';
import { createSsm } from '../../../../local/aws/services/ssm/ssm.ts';
import { applyAct } from '../../../../shared/acting/act.ts';
import { openActDoor } from '../../../../shared/acting/door-on-aws.ts';
import type { Mode } from '../../../../shared/core/policy.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { keepReceipt } from '../../../../shared/telling/receipt.ts';
import { plannedAtMs, planRequest } from '../../../support/acting/door.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../../support/aws/aws.ts';
import { createResource } from '../../../support/aws/aws-resource.ts';
import { eventually } from '../../../support/eventually.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
createS3(aws.world);
const parameters = createSsm(aws.world);
createEventBridge(aws.world);
const told: Delivery[] = [];
aws.world.addReceiver('lambda', async (delivery) => void told.push(delivery));

const bucket = 'mskeeper-acts';
const busName = 'mskeeper-orders';
const switchName = '/mskeeper/kill-switch';
const admin = () => new S3Client(aws.client());

beforeAll(async () => {
  await createResource(aws.world, 'AWS::S3::Bucket', {
    BucketName: bucket,
    VersioningConfiguration: { Status: 'Enabled' },
  });
  await createResource(aws.world, 'AWS::Events::EventBus', { Name: busName });
  await createResource(aws.world, 'AWS::Events::Rule', {
    Name: 'all',
    EventBusName: busName,
    EventPattern: { source: ['mskeeper'] },
    Targets: [{ Id: 'watch', Arn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:watch` }],
  });
});
const claimName = '/mskeeper/claims/orders/8c4ba1f2';
const stackId = `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/mskeeper-orders/1`;

beforeEach(() => {
  parameters.put(switchName, 'off');
  parameters.put(claimName, stackId);
  aws.world.faults.clear();
  told.length = 0;
});

const allow = (action: string[], ...resources: string[]) => ({ Effect: 'Allow', Action: action, Resource: resources });
/** What the rows of audit, budget, kill switch and bus in shared/deployment/operations.ts give, and nothing more. */
const actingRole = () =>
  aws.role(
    'mskeeper-orders-storage-scaling-run',
    allow(
      ['ssm:GetParameter'],
      ...[switchName, claimName].map((name) => `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter${name}`),
    ),
    allow(
      ['s3:GetObject', 's3:PutObject'],
      `arn:aws:s3:::${bucket}/audit/orders/storage-scaling/*`,
      `arn:aws:s3:::${bucket}/budget/orders.json`,
    ),
    allow(['s3:GetObject'], `arn:aws:s3:::${bucket}/receipts/orders/*`),
    allow(['s3:ListBucket'], `arn:aws:s3:::${bucket}`),
    allow(['events:PutEvents'], `arn:aws:events:${REGION}:${ACCOUNT_ID}:event-bus/${busName}`),
  );

let causes = 0;
const nextCause = (): string => {
  causes += 1;
  return `orders-storage-scaling-${causes}`;
};

/** A door as a function on Lambda opens it, with a role of its own. */
const openDoor = (mode: Mode = 'act', actsPerHour = 50, mustTell = false) => {
  const base = configurationWith();
  const { orders } = base.clusters;
  if (orders === undefined) throw new Error('the configuration has the cluster orders');
  const configuration = {
    ...base,
    modes: { ...base.modes, 'storage-scaling': mode },
    actionBudget: { actsPerHour },
    killSwitch: { parameter: switchName },
    policy: { ...base.policy, mustTell },
  };
  const credentials = actingRole();
  const calls = openCallScope(new AbortController().signal);
  return openActDoor(
    { calls, procedure: 'storage-scaling', runId: 'run-1', addMetric: () => undefined },
    {
      bundled: { configuration, clusterKey: 'orders', cluster: orders },
      execution: 'arn:aws:lambda:eu-west-1:111122223333:function:f:1/durable-execution/orders-1/x',
      bucket,
      busName,
      claim: { parameter: claimName, stackId },
      s3: new S3Client(aws.client(credentials)),
      ssm: new SSMClient(aws.client(credentials)),
      eventBridge: new EventBridgeClient(aws.client(credentials)),
    },
  );
};

const readRecord = async (cause: string): Promise<unknown> => {
  const Key = `audit/orders/storage-scaling/2026/11/21/${cause}.json`;
  const { Body } = await admin().send(new GetObjectCommand({ Bucket: bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? '');
};
const events = () => told.map(({ payload }) => JSON.parse(payload));

test('an act under the role that a function has leaves its record, its claim, its place in the budget and an event', async () => {
  const cause = nextCause();
  const { request, sent } = planRequest({ cause });
  const door = openDoor();
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  const execution = `${door.execution}-2`;
  expect(await applyAct(request, { ...door, execution })).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  expect(sent.count).toBe(1);
  expect(await readRecord(cause)).toMatchObject({
    cause,
    plannedAtMs,
    tries: [{ seenState: { version: 'K1', sizeGiB: 100 } }],
    end: { decision: 'acted', outcome: { operationArn: 'arn:op-1' } },
  });
  const { Contents = [] } = await admin().send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual([
    `audit/orders/storage-scaling/2026/11/21/${cause}.json`,
    `audit/orders/storage-scaling/causes/${cause}.json`,
    'budget/orders.json',
  ]);
  await expect.poll(() => events().length).toBe(1);
  expect(events()[0]).toMatchObject({
    source: 'mskeeper',
    'detail-type': 'mskeeper act',
    resources: [expect.stringContaining(':cluster/orders-live/')],
    detail: { cause, auditKey: `audit/orders/storage-scaling/2026/11/21/${cause}.json`, end: { decision: 'acted' } },
  });
  // The execution that closed the record asks again only where it was cut off, perhaps before the bus heard.
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  await expect.poll(() => events().length).toBe(2);
  expect(events()[1].detail).toEqual(events()[0].detail);
  expect(sent.count).toBe(1);
});

test('where the policy wants people to hear first, the bus is asked to tell them, and a receipt lets the act through', async () => {
  const cause = nextCause();
  const { request, sent } = planRequest({ cause });
  const nowMs = Date.now();
  const asked = { ...request, plannedAtMs: nowMs };
  const door = openDoor('act', 50, true);
  const key = `${cause}/about-to-act`;
  expect(await applyAct(asked, door)).toMatchObject({
    decision: 'stopped',
    reason: 'not-told',
    awaits: { cluster: 'orders', key, sinceMs: nowMs },
  });
  await eventually(() =>
    expect(events()).toContainEqual(
      expect.objectContaining({
        'detail-type': 'mskeeper notice',
        detail: expect.objectContaining({
          procedure: 'storage-scaling',
          runId: 'run-1',
          notice: expect.objectContaining({ key, topic: 'operations', isIntent: true }),
        }),
      }),
    ),
  );
  expect(sent.count).toBe(0);
  const calls = openCallScope(new AbortController().signal);
  await keepReceipt({ client: admin(), calls, bucket, prefixes: ['receipts/orders/'] }, 'orders', key, Date.now());
  expect(await applyAct(asked, door)).toMatchObject({ decision: 'acted' });
  expect(sent.count).toBe(1);
});

test('mode plan keeps a record and tells of a plan', async () => {
  const cause = nextCause();
  const { request, sent } = planRequest({ cause });
  expect(await applyAct(request, openDoor('plan'))).toEqual({ decision: 'would-act' });
  expect(await readRecord(cause)).toMatchObject({ mode: 'plan', tries: [], end: { decision: 'would-act' } });
  await expect.poll(() => events().map((event) => event['detail-type'])).toEqual(['mskeeper plan']);
  expect(sent.count).toBe(0);
});

test('two runs of a cause at once make one call, and S3 decides who', async () => {
  const cause = nextCause();
  const { request, sent } = planRequest({ cause, isLocked: false });
  const decisions = await Promise.all([1, 2, 3].map(() => applyAct(request, openDoor())));
  expect(sent.count).toBe(1);
  expect(decisions.filter(({ decision }) => decision === 'acted').length).toBeGreaterThanOrEqual(1);
  for (const decision of decisions) {
    expect('reason' in decision ? decision.reason : decision.decision).toMatch(/^(acted|outcome-unknown)$/);
  }
  expect(await readRecord(cause)).toMatchObject({ end: { decision: 'acted' } });
});

test('several causes at once each get their own place in the budget, and no more places than there are', async () => {
  await admin().send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'budget/orders.json',
      Body: JSON.stringify({ version: 1, reservations: [] }),
    }),
  );
  const decisions = await Promise.all(
    [1, 2, 3, 4, 5].map(() => applyAct(planRequest({ cause: nextCause() }).request, openDoor('act', 3))),
  );
  const outcomes = decisions.map((one) => ('reason' in one ? one.reason : one.decision));
  expect(outcomes.toSorted()).toEqual(['acted', 'acted', 'acted', 'budget', 'budget']);
});

describe('the kill switch, read each time', () => {
  const decide = async () => {
    const { request, sent } = planRequest({ cause: nextCause() });
    const decision = await applyAct(request, openDoor());
    return { reason: 'reason' in decision ? decision.reason : decision.decision, sent: sent.count, decision };
  };

  test.each([
    ['on', 'kill-switch'],
    ['OFF', 'kill-switch-unknown'],
    ['off ', 'kill-switch-unknown'],
    ['', 'kill-switch-unknown'],
  ])('%j stops', async (value, reason) => {
    parameters.put(switchName, value);
    expect(await decide()).toMatchObject({ reason, sent: 0 });
  });

  test('an encrypted value, a missing parameter, a denied one and one that hangs all stop, and say what to do', async () => {
    parameters.put(switchName, 'off', 'SecureString');
    expect(await decide()).toMatchObject({ reason: 'kill-switch-unknown', sent: 0 });
    parameters.remove(switchName);
    expect((await decide()).decision).toMatchObject({ message: expect.stringContaining('does not exist') });
    parameters.put(switchName, 'off');
    for (const fault of ['deny', 'throttle', 'hang', 'garbage', 'server-error'] as const) {
      const lift = aws.world.faults.inject({ operation: 'ssm:GetParameter', fault });
      expect(await decide()).toMatchObject({ reason: 'kill-switch-unknown', sent: 0 });
      lift();
    }
    expect(await decide()).toMatchObject({ reason: 'acted', sent: 1 });
  });
});

describe('a damaged document', () => {
  const put = (Key: string, Body: string) => admin().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const read = async (Key: string) =>
    (await admin().send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();

  test.each(['{', '{"version":2,"reservations":[]}', '{"version":1,"reservations":[{"cause":"a"}]}', '[]'])(
    'a budget %j stops and stays as it is',
    async (damaged) => {
      await put('budget/orders.json', damaged);
      const { request, sent } = planRequest({ cause: nextCause() });
      expect(await applyAct(request, openDoor())).toMatchObject({ reason: 'budget-unknown' });
      expect(sent.count).toBe(0);
      expect(await read('budget/orders.json')).toBe(damaged);
      await put('budget/orders.json', '{"version":1,"reservations":[]}');
    },
  );

  test('a record, or one of another cause under this key, stops and stays as it is', async () => {
    const other = nextCause();
    await applyAct(planRequest({ cause: other }).request, openDoor());
    for (const damaged of ['{"version":1}', JSON.stringify(await readRecord(other))]) {
      const cause = nextCause();
      const key = `audit/orders/storage-scaling/2026/11/21/${cause}.json`;
      await put(key, damaged);
      const { request, sent } = planRequest({ cause });
      expect(await applyAct(request, openDoor())).toMatchObject({ reason: 'audit-unknown' });
      expect(sent.count).toBe(0);
      expect(await read(key)).toBe(damaged);
    }
  });
});

test('a store that does not answer stops before the call, whatever the fault', async () => {
  for (const operation of ['s3:GetObject', 's3:PutObject']) {
    for (const fault of ['deny', 'throttle', 'server-error', 'garbage'] as const) {
      const lift = aws.world.faults.inject({ operation, fault, roleName: 'mskeeper-orders-storage-scaling-run' });
      const { request, sent } = planRequest({ cause: nextCause() });
      expect(await applyAct(request, openDoor())).toMatchObject({ decision: 'stopped' });
      expect(sent.count).toBe(0);
      lift();
    }
  }
});

test('a cause that was planned on another day is the same cause', async () => {
  const cause = nextCause();
  const first = planRequest({ cause });
  await applyAct(first.request, openDoor());
  const later = planRequest({ cause, plannedAtMs: plannedAtMs + 86_400_000 });
  expect(await applyAct(later.request, openDoor())).toMatchObject({ decision: 'acted', requestId: 'r-1' });
  expect(later.sent.count).toBe(0);
});

test.each([
  [
    'names another stack',
    () => parameters.put(claimName, stackId.replace('orders', 'orders-eu')),
    'another stack keeps',
  ],
  ['is not there', () => parameters.remove(claimName), 'does not exist, so nothing acts: .*make the parameter again'],
  [
    'is not told',
    () => aws.world.faults.inject({ operation: 'ssm:GetParameter', fault: 'server-error', times: 9 }),
    'says neither on nor off|cannot be read',
  ],
])('nothing acts where the claim on the cluster %s', async (_what, spoil, words) => {
  spoil();
  const { request, sent } = planRequest({ cause: nextCause() });
  const decision = await applyAct(request, openDoor());
  expect(decision).toMatchObject({ decision: 'stopped', message: expect.stringMatching(words) });
  expect(sent.count).toBe(0);
});
