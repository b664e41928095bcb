import * as S3 from '@aws-sdk/client-s3';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { addCoreServices } from '../../../../local/aws/core-services.ts';
import type { Credentials } from '../../../../local/aws/iam/identities.ts';
import { bucketLogicalId } from '../../../../shared/deployment/names.ts';
import { serveAws } from '../../../support/aws/aws.ts';
import { makePolicies } from '../../../support/aws/resource-policies.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
addCoreServices(aws.world);
const wide = { Effect: 'Allow', Action: '*', Resource: '*' };
const breakGlassRole = 'arn:aws:iam::111122223333:role/break-glass';
let Bucket = '';
let arnOf = (_logicalId: string): string => '';
const credentials: { stranger?: Credentials; mender?: Credentials } = {};

beforeAll(async () => {
  const { resources } = buildStack(configurationWith({ stack: { breakGlassRole, accessLog: 'own' } }), 'orders');
  arnOf = await makePolicies(aws.world, resources);
  Bucket = arnOf(bucketLogicalId).replace('arn:aws:s3:::', '');
  credentials.stranger = aws.role('ci', wide);
  credentials.mender = aws.role('break-glass', wide);
});

const clientOf = (owner: Credentials | undefined) => new S3Client(aws.client(owner));
const roleOf = (slug: string) =>
  aws.world.identities.assumeRole(`mskeeper-orders-${slug}-eu-west-1`, `mskeeper-orders-${slug}`);
const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

const keys = [
  'state/cluster-health/orders.json',
  'state/storage-scaling/orders.json',
  'state/forecast/orders.json',
  'audit/orders/storage-scaling/2026/03/01/a.json',
  'budget/orders.json',
  'approvals/orders/a-1.json',
  'receipts/orders/a.json',
  'reports/cluster-health/orders/2026/03/01/090000-r.json',
];

test.each(keys)('who may do anything anywhere changes nothing at %s', async (Key) => {
  const s3 = clientOf(credentials.stranger);
  const commands = [
    new PutObjectCommand({ Bucket, Key, Body: '{}' }),
    new PutObjectCommand({ Bucket, Key, Body: '{}', IfNoneMatch: '*' }),
    new PutObjectCommand({ Bucket, Key, Body: '{}', IfMatch: '"v1"' }),
    new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/elsewhere` }),
    new CreateMultipartUploadCommand({ Bucket, Key }),
    new DeleteObjectCommand({ Bucket, Key }),
    new DeleteObjectCommand({ Bucket, Key, VersionId: 'v1' }),
    new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [] } }),
    new PutObjectRetentionCommand({ Bucket, Key, BypassGovernanceRetention: true, Retention: { Mode: 'GOVERNANCE' } }),
  ];
  for (const command of commands)
    await expect(s3.send(command as PutObjectCommand), command.constructor.name).rejects.toMatchObject(denied);
});

/** What the SDK can do beside reading, by name, and what it needs of a request's path and query. */
const changes = Object.entries(S3).flatMap(([name, Command]) =>
  /^(Complete|Copy|Create|Delete|Put|Rename|Restore|Update|Upload).*Command$/.test(name)
    ? [[name, Command] as const]
    : [],
);
/** Of directory buckets, of a bucket that is not there yet, and of many objects: S3 answers the last with a list of errors. */
const leftOut = ['CreateBucketCommand', 'CreateSessionCommand', 'DeleteObjectsCommand', 'RenameObjectCommand'];

test.each([
  ['the audit', bucketLogicalId],
  ['the log of accesses', 'AccessLogBucket'],
])(
  'nor does any operation of S3’s that changes a bucket or an object get through at the bucket of %s',
  async (_of, id) => {
    const s3 = clientOf(credentials.stranger);
    const own = arnOf(id).replace('arn:aws:s3:::', '');
    const input = {
      Bucket: own,
      Key: 'audit/orders/storage-scaling/2026/03/01/a.json',
      CopySource: `${own}/elsewhere`,
      UploadId: 'u',
      PartNumber: 1,
      Id: 'i',
      Policy: '{}',
      AnnotationName: 'a',
      Body: '{}',
      IfNoneMatch: '*',
    };
    const tried = changes.filter(([name]) => !leftOut.includes(name));
    expect(tried.length).toBeGreaterThan(50);
    for (const [name, Command] of tried) {
      const command = new (Command as typeof PutObjectCommand)(input);
      await expect(s3.send(command), name).rejects.toMatchObject(denied);
    }
  },
);

test('a copy into a folder that wants conditions is denied without one, and with one S3 does not have it', async () => {
  const s3 = clientOf(roleOf('cluster-health'));
  const copy = { Bucket, Key: 'state/cluster-health/orders.json', CopySource: `${Bucket}/elsewhere` };
  await expect(s3.send(new CopyObjectCommand(copy))).rejects.toMatchObject(denied);
  await expect(s3.send(new CopyObjectCommand({ ...copy, IfNoneMatch: '*' }))).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
});

test('a function writes what is its own, on a condition alone, and deletes nothing', async () => {
  const s3 = clientOf(roleOf('cluster-health'));
  const Key = 'state/cluster-health/orders.json';
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}', ...more }));
  await expect(put({})).rejects.toMatchObject(denied);
  const { ETag } = await put({ IfNoneMatch: '*' });
  await put({ IfMatch: ETag });
  await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(s3.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject(denied);
  const other = new PutObjectCommand({
    Bucket,
    Key: 'state/storage-scaling/orders.json',
    Body: '{}',
    IfNoneMatch: '*',
  });
  await expect(s3.send(other)).rejects.toMatchObject(denied);
  const read = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await read.Body?.transformToString()).toBe('{}');
});

test('the break-glass role mends: it writes over anything, and takes away an old version', async () => {
  const s3 = clientOf(credentials.mender);
  const Key = 'audit/orders/storage-scaling/2026/03/01/b.json';
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  await expect(s3.send(new DeleteBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotImplemented' });
});
