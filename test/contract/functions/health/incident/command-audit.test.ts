import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type CommandRecord, openCommandAudit } from '../../../../../functions/health/incident/command-audit.ts';
import { createS3 } from '../../../../../local/aws/services/s3/s3.ts';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { serveAws } from '../../../../support/aws/aws.ts';
import { createResource } from '../../../../support/aws/aws-resource.ts';

const aws = serveAws();
createS3(aws.world);
const bucket = 'mskeeper-commands';
beforeAll(() =>
  createResource(aws.world, 'AWS::S3::Bucket', {
    BucketName: bucket,
    VersioningConfiguration: { Status: 'Enabled' },
  }),
);
beforeEach(() => aws.world.faults.clear());

/** What the rows of the audit in shared/deployment/operations.ts give incident, and nothing more. */
const role = () =>
  aws.role(
    'mskeeper-orders-incident',
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: [`arn:aws:s3:::${bucket}/audit/orders/incident/*`],
    },
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${bucket}`] },
  );

const open = () =>
  openCommandAudit(
    {
      client: new S3Client({ ...aws.client(role()), forcePathStyle: true, maxAttempts: 2 }),
      calls: openCallScope(AbortSignal.timeout(60_000)),
      bucket,
      prefixes: ['audit/orders/incident/'],
    },
    'orders',
  );

const admin = () => new S3Client({ ...aws.client(), forcePathStyle: true });
const keysUnder = async (prefix: string) =>
  ((await admin().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))).Contents ?? []).map(
    ({ Key }) => Key,
  );
const documentAt = async (Key: string): Promise<unknown> => {
  const { Body } = await admin().send(new GetObjectCommand({ Bucket: bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? '');
};

let drawn = 0;
const recordOf = (askedAtMs: number): CommandRecord => {
  drawn += 1;
  return {
    version: 1,
    cluster: 'orders',
    procedure: 'incident',
    commandId: `3f1c1b54-6a3e-4b0e-9a55-${String(drawn).padStart(12, '0')}`,
    command: 'ack',
    incidentId: '3',
    forMinutes: 30,
    by: 'arn:aws:sts::111122223333:assumed-role/on-call/alice@example.com',
    askedAtMs,
    execution: 'run-1',
  };
};
const end = { atMs: Date.UTC(2026, 10, 28, 3), outcome: 'done', message: 'alice deals with it.' } as const;

test('a command lies under its day, by the letter, with how it ended written over its beginning', async () => {
  const record = recordOf(Date.UTC(2026, 10, 28, 2, 59));
  const key = `audit/orders/incident/2026/11/28/command-${record.commandId}.json`;
  const begun = await open().begin(record);
  expect(await documentAt(key)).toEqual(record);
  await open().end({ ...record, end }, begun?.etag ?? '');
  expect(await documentAt(key)).toEqual({ ...record, end });
});

test('an id counts once, on whichever day it comes again, and what was kept stays', async () => {
  const record = recordOf(Date.UTC(2026, 10, 28, 23, 59));
  await open().begin(record);
  const before = await keysUnder('audit/orders/incident/');
  const tomorrow = {
    ...record,
    askedAtMs: record.askedAtMs + 5 * 60_000,
    by: 'arn:aws:iam::111122223333:user/mallory',
  };
  expect([await open().begin(record), await open().begin(tomorrow)]).toEqual([undefined, undefined]);
  expect(await keysUnder('audit/orders/incident/')).toEqual(before);
});

test('of two at once one counts', async () => {
  const record = recordOf(Date.UTC(2026, 10, 28, 3));
  const both = await Promise.all([open().begin(record), open().begin(record)]);
  expect(both.filter((one) => one !== undefined)).toHaveLength(1);
});

test('an answer of S3’s that is lost makes nobody’s command a second one', async () => {
  aws.world.faults.inject({ operation: 's3:PutObject', fault: 'lost-answer', times: 1 });
  expect(await open().begin(recordOf(Date.UTC(2026, 10, 28, 3)))).toEqual({ etag: expect.any(String) });
});

test('what cannot be written is an error that names the call', async () => {
  aws.world.faults.inject({ operation: 's3:PutObject', fault: 'deny' });
  await expect(open().begin(recordOf(Date.UTC(2026, 10, 28, 3)))).rejects.toMatchObject({
    call: 's3:PutObject',
    failure: 'denied',
  });
});
