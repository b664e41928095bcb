import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { addCoreServices } from '../../../../local/aws/core-services.ts';
import type { Credentials } from '../../../../local/aws/iam/identities.ts';
import { openAudit } from '../../../../shared/acting/audit.ts';
import { readAuditRetention } from '../../../../shared/acting/audit-retention.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import { dayMs } from '../../../../shared/core/units.ts';
import { bucketLogicalId } from '../../../../shared/deployment/names.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { plannedAtMs } from '../../../support/acting/door.ts';
import { START_MS, serveAws } from '../../../support/aws/aws.ts';
import { createResource } from '../../../support/aws/aws-resource.ts';
import { makePolicies } from '../../../support/aws/resource-policies.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
addCoreServices(aws.world);
const wide = { Effect: 'Allow', Action: '*', Resource: '*' };
const breakGlassRole = 'arn:aws:iam::111122223333:role/break-glass';
const stack = buildStack(
  configurationWith({ stack: { breakGlassRole, auditRetention: { mode: 'governance', days: 30 } } }),
  'orders',
);
let Bucket = '';
const credentials: { stranger?: Credentials; mender?: Credentials } = {};

// S3 judges how long a version is kept by its own clock: it and the function's say the same.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: START_MS }));
afterAll(() => void vi.useRealTimers());

beforeAll(async () => {
  const arnOf = await makePolicies(aws.world, stack.resources);
  Bucket = arnOf(bucketLogicalId).replace('arn:aws:s3:::', '');
  credentials.stranger = aws.role('ci', wide);
  credentials.mender = aws.role('break-glass', wide);
});

const clientOf = (owner: Credentials | undefined) => new S3Client(aws.client(owner));
const actor = () =>
  clientOf(
    aws.world.identities.assumeRole(
      'mskeeper-orders-storage-scaling-run-eu-west-1',
      'mskeeper-orders-storage-scaling-run',
    ),
  );
const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

/** The audit as a function on Lambda has it: with the environment that the stack gives it, under its role. */
const openOwnAudit = (environment: Readonly<Record<string, string | undefined>>) => {
  const retention = readAuditRetention(environment);
  const calls = openCallScope(new AbortController().signal);
  const store = {
    client: actor(),
    calls,
    bucket: Bucket,
    prefixes: ['audit/orders/'],
    ...(retention && { retention }),
  };
  return openAudit(store, 'orders');
};
const environmentOf = (slug: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(stack.functions[slug]?.environment ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

const recordOf = (cause: string): ActRecord => ({
  version: 1,
  cluster: 'orders',
  procedure: 'storage-scaling',
  cause,
  mode: 'act',
  plan: { action: 'expand', reason: 'above-threshold', message: 'Volumes grow.', evidence: {} },
  target: { toGiB: 600 },
  plannedAtMs,
  plannedState: { currentVersion: 'K1' },
  isDisruptive: false,
  isLocked: true,
  tries: [],
});
const claimOf = (cause: string) => ({ procedure: 'storage-scaling', cause, plannedAtMs });
const keyOf = (cause: string) => `audit/orders/storage-scaling/2026/11/21/${cause}.json`;
const newestOf = (Key: string) => clientOf(credentials.mender).send(new HeadObjectCommand({ Bucket, Key }));

test('every version of a record is kept as configured, its claim too, and nobody deletes one but who may bypass it', async () => {
  const cause = 'orders-storage-scaling-1';
  const audit = openOwnAudit(environmentOf('storage-scaling-run'));
  const beganAtMs = Date.now();
  await audit.applyClaim(claimOf(cause));
  const { etag } = await audit.applyRecord(claimOf(cause), recordOf(cause), 'absent');
  const first = await newestOf(keyOf(cause));
  await audit.applyRecord(claimOf(cause), { ...recordOf(cause), mode: 'plan' }, { etag });
  const second = await newestOf(keyOf(cause));
  const claim = await newestOf(`audit/orders/storage-scaling/causes/${cause}.json`);
  expect(second.VersionId).not.toBe(first.VersionId);
  for (const [Key, one] of [
    [keyOf(cause), first],
    [keyOf(cause), second],
    [`audit/orders/storage-scaling/causes/${cause}.json`, claim],
  ] as const) {
    expect(one.ObjectLockMode).toBe('GOVERNANCE');
    const untilMs = one.ObjectLockRetainUntilDate?.getTime() ?? 0;
    // S3 keeps whole seconds.
    expect(untilMs).toBeGreaterThanOrEqual(beganAtMs + 30 * dayMs - 1_000);
    expect(untilMs).toBeLessThanOrEqual(Date.now() + 30 * dayMs);
    const gone = { Bucket, Key, VersionId: one.VersionId };
    for (const who of [actor(), clientOf(credentials.stranger), clientOf(credentials.mender)])
      await expect(who.send(new DeleteObjectCommand(gone))).rejects.toMatchObject(denied);
    const bypassed = new DeleteObjectCommand({ ...gone, BypassGovernanceRetention: true });
    for (const who of [actor(), clientOf(credentials.stranger)])
      await expect(who.send(bypassed)).rejects.toMatchObject(denied);
  }
  const last = new DeleteObjectCommand({
    Bucket,
    Key: keyOf(cause),
    VersionId: first.VersionId,
    BypassGovernanceRetention: true,
  });
  await clientOf(credentials.mender).send(last);
});

test('a record without its lock is not taken, nor one that is locked otherwise, nor a lock outside of the audit', async () => {
  const s3 = actor();
  const put = (more: object, Key = keyOf('orders-storage-scaling-2')) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}', IfNoneMatch: '*', ...more }));
  const until = (days: number) => new Date(Date.now() + days * dayMs);
  const governance = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: until(30) };
  await expect(put({})).rejects.toMatchObject(denied);
  await expect(put({ ...governance, ObjectLockMode: 'COMPLIANCE' })).rejects.toMatchObject(denied);
  await expect(put({ ...governance, ObjectLockRetainUntilDate: until(36_000) })).rejects.toMatchObject(denied);
  for (const key of ['budget/orders.json', 'approvals/orders/a-1.json'])
    await expect(put(governance, key)).rejects.toMatchObject(denied);
  await put(governance);
  const retention = (Key: string, more: object = {}) =>
    new PutObjectRetentionCommand({
      Bucket,
      Key,
      Retention: { Mode: 'GOVERNANCE', RetainUntilDate: until(1) },
      ...more,
    });
  const shorter = retention(keyOf('orders-storage-scaling-2'), { BypassGovernanceRetention: true });
  await expect(s3.send(shorter)).rejects.toMatchObject(denied);
  const stranger = clientOf(credentials.stranger);
  await expect(stranger.send(retention(keyOf('orders-storage-scaling-2')))).rejects.toMatchObject(denied);
});

test('a bucket without locks takes no record that should be kept: nothing acts without its evidence', async () => {
  const bucket = 'company-unlocked';
  await createResource(aws.world, 'AWS::S3::Bucket', {
    BucketName: bucket,
    VersioningConfiguration: { Status: 'Enabled' },
  });
  const retention = readAuditRetention({ MSKEEPER_AUDIT_RETENTION: 'COMPLIANCE 30' });
  if (retention === undefined) throw new Error('no retention');
  const calls = openCallScope(new AbortController().signal);
  const client = clientOf(credentials.stranger);
  const audit = openAudit({ client, calls, bucket, prefixes: ['audit/orders/'], retention }, 'orders');
  const written = audit.applyRecord(
    claimOf('orders-storage-scaling-3'),
    recordOf('orders-storage-scaling-3'),
    'absent',
  );
  await expect(written).rejects.toThrow('Object Lock');
});

test('nothing of it is in a template that does not ask for it', () => {
  const plain = buildStack(configurationWith(), 'orders');
  expect(JSON.stringify(plain)).not.toMatch(/ObjectLock|PutObjectRetention|AUDIT_RETENTION/);
});

test.each(['', 'GOVERNANCE', 'GOVERNANCE 0', 'governance 30', 'COMPLIANCE 30 days', 'COMPLIANCE 1e3'])(
  'an environment that says %j of it stops the function instead of keeping less',
  (text) => {
    expect(() => readAuditRetention({ MSKEEPER_AUDIT_RETENTION: text })).toThrow('deploy the stack again');
  },
);

test('every function that writes records is told how long they are kept, and no other', () => {
  const told = Object.keys(stack.functions).filter((slug) => 'MSKEEPER_AUDIT_RETENTION' in environmentOf(slug));
  expect(told).toEqual(['incident', 'storage-scaling-run']);
  expect(environmentOf('storage-scaling-run').MSKEEPER_AUDIT_RETENTION).toBe('GOVERNANCE 30');
});
