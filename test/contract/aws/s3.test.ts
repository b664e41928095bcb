import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { HttpRequest } from '@smithy/core/protocols';
import { beforeAll, describe, expect, test } from 'vitest';
import { createS3 } from '../../../local/aws/services/s3/s3.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
createS3(aws.world);
const Bucket = 'mskeeper-reports';
const s3 = () => new S3Client(aws.client());
const put = (Key: string, Body: string, more: object = {}) =>
  s3().send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

beforeAll(async () => {
  const versioned = { BucketName: Bucket, VersioningConfiguration: { Status: 'Enabled' } };
  await createResource(aws.world, 'AWS::S3::Bucket', versioned);
  await createResource(aws.world, 'AWS::S3::BucketPolicy', {
    Bucket,
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/sealed/*` },
      ],
    },
  });
});

describe('S3 over REST-XML', () => {
  test('gives back an object byte by byte, with its type and metadata', async () => {
    await put('reports/a b/ü+1.json', '{"ok":"ü"}', { ContentType: 'application/json', Metadata: { run: 'r-1' } });
    const got = await s3().send(new GetObjectCommand({ Bucket, Key: 'reports/a b/ü+1.json' }));
    expect(await got.Body?.transformToString()).toBe('{"ok":"ü"}');
    expect(got).toMatchObject({
      ContentType: 'application/json',
      Metadata: { run: 'r-1' },
      LastModified: new Date(START_MS),
    });
  });

  test('a create-only write fails with 412 when the object exists', async () => {
    await put('state/once', '1', { IfNoneMatch: '*' });
    const again = put('state/once', '2', { IfNoneMatch: '*' });
    await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  test('a write that expects a version fails with 412 when another came first', async () => {
    const first = await put('state/lock', '1');
    await put('state/lock', '2', { IfMatch: first.ETag });
    const stale = put('state/lock', '3', { IfMatch: first.ETag });
    await expect(stale).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    await expect(put('state/none', '1', { IfMatch: first.ETag })).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('a missing object is the SDK’s NoSuchKey, and a 404 without a body for HEAD', async () => {
    await expect(s3().send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toBeInstanceOf(NoSuchKey);
    const head = s3().send(new HeadObjectCommand({ Bucket, Key: 'none' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    const elsewhere = s3().send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k' }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('answers a client that does not send the mark of the JavaScript SDK', async () => {
    const plain = s3();
    plain.middlewareStack.add(
      (next) => (sent) => {
        if (HttpRequest.isInstance(sent.request)) delete sent.request.query['x-id'];
        return next(sent);
      },
      { step: 'build', priority: 'low' },
    );
    await plain.send(new PutObjectCommand({ Bucket, Key: 'plain/a', Body: 'kept' }));
    const got = await plain.send(new GetObjectCommand({ Bucket, Key: 'plain/a' }));
    expect(await got.Body?.transformToString()).toBe('kept');
    // What another operation of the same path asks for is not taken for this one.
    const part = plain.send(new UploadPartCommand({ Bucket, Key: 'plain/a', PartNumber: 1, UploadId: 'u', Body: 'x' }));
    await expect(part).rejects.toMatchObject({ name: 'NotImplemented' });
    const copy = plain.send(new CopyObjectCommand({ Bucket, Key: 'plain/b', CopySource: `${Bucket}/plain/a` }));
    await expect(copy).rejects.toMatchObject({ name: 'NotImplemented' });
    await plain.send(new DeleteObjectCommand({ Bucket, Key: 'plain/a' }));
    await expect(plain.send(new HeadObjectCommand({ Bucket, Key: 'plain/a' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=0-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=4-2', '0123456789', undefined],
    ['lines=1-2', '0123456789', undefined],
  ])('gives the part that %s names', async (Range, body, ContentRange) => {
    await put('ranges/a', '0123456789');
    const got = await s3().send(new GetObjectCommand({ Bucket, Key: 'ranges/a', Range }));
    expect(await got.Body?.transformToString()).toBe(body);
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
  });

  test('a part behind the end, and a read on a condition that does not hold, are refused', async () => {
    const { ETag = '' } = await put('ranges/b', '0123456789');
    const get = (more: object) => s3().send(new GetObjectCommand({ Bucket, Key: 'ranges/b', ...more }));
    await expect(get({ Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get({ IfMatch: '"another"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(get({ IfNoneMatch: '"another"', IfMatch: ETag })).resolves.toMatchObject({ ETag });
  });

  test.each([
    ['ChecksumCRC32', 'y/Q5Jg=='],
    ['ChecksumCRC32C', '4waSgw=='],
    ['ChecksumCRC64NVME', 'rosUhgp5mIg='],
    ['ChecksumSHA1', '98O8HYCOBHMqCTZhw7cpEgYm9MI='],
  ])('compares %s with the body', async (name, checksum) => {
    if (name !== 'ChecksumSHA1') await put('checksums/a', '123456789', { [name]: checksum });
    const wrong = put('checksums/a', '12345678', { [name]: checksum });
    await expect(wrong).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('tells size and type of an object without its body', async () => {
    await put('reports/head.json', '12345', { ContentType: 'application/json' });
    const head = await s3().send(new HeadObjectCommand({ Bucket, Key: 'reports/head.json' }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'application/json' });
  });

  test('lists in key order, page by page, and rolls up at the delimiter', async () => {
    for (const day of ['03', '01', '02']) for (const run of ['x', 'y']) await put(`list/${day}/${run}`, day);
    const keys: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client: s3(), pageSize: 4 }, { Bucket, Prefix: 'list/' })) {
      keys.push(...(page.Contents ?? []).map((object) => object.Key));
    }
    expect(keys).toEqual(['list/01/x', 'list/01/y', 'list/02/x', 'list/02/y', 'list/03/x', 'list/03/y']);
    const days = await s3().send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }));
    expect(days.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/01/', 'list/02/', 'list/03/']);
    expect(days.KeyCount).toBe(3);
    const empty = await s3().send(new ListObjectsV2Command({ Bucket, Prefix: 'nothing/' }));
    expect(empty).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('a deleted object of a versioned bucket can still be read by its version', async () => {
    const { VersionId } = await put('versions/a', 'kept');
    await expect(s3().send(new DeleteObjectCommand({ Bucket, Key: 'versions/a' }))).resolves.toMatchObject({
      DeleteMarker: true,
    });
    await expect(s3().send(new GetObjectCommand({ Bucket, Key: 'versions/a' }))).rejects.toBeInstanceOf(NoSuchKey);
    const old = await s3().send(new GetObjectCommand({ Bucket, Key: 'versions/a', VersionId }));
    expect(await old.Body?.transformToString()).toBe('kept');
  });

  test('the role’s prefix and the bucket’s explicit deny are both kept', async () => {
    const writer = new S3Client(
      aws.client(
        aws.role(
          'writer',
          { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` },
          {
            Effect: 'Allow',
            Action: 's3:ListBucket',
            Resource: `arn:aws:s3:::${Bucket}`,
            Condition: { StringLike: { 's3:prefix': 'state/*' } },
          },
        ),
      ),
    );
    await writer.send(new PutObjectCommand({ Bucket, Key: 'open/a', Body: 'x' }));
    const sealed = writer.send(new PutObjectCommand({ Bucket, Key: 'sealed/a', Body: 'x' }));
    await expect(sealed).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /is not authorized to perform: s3:PutObject .* with an explicit deny in a resource-based policy/,
      ),
      $metadata: { httpStatusCode: 403 },
    });
    await writer.send(new ListObjectsV2Command({ Bucket, Prefix: 'state/' }));
    await expect(writer.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(writer.send(new GetObjectCommand({ Bucket, Key: 'open/a' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('who may not list the bucket is denied a missing object instead of being told', async () => {
    const reader = (...more: object[]) =>
      aws.client(
        aws.role('reader', { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }, ...more),
      );
    const get = new GetObjectCommand({ Bucket, Key: 'missing' });
    await expect(new S3Client(reader()).send(get)).rejects.toMatchObject({ name: 'AccessDenied' });
    const listing = { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` };
    await expect(new S3Client(reader(listing)).send(get)).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('keeps a packed object packed', async () => {
    const packed = gzipSync('{"report":1}');
    await s3().send(new PutObjectCommand({ Bucket, Key: 'packed', Body: packed, ContentEncoding: 'gzip' }));
    const got = await s3().send(new GetObjectCommand({ Bucket, Key: 'packed' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(gunzipSync((await got.Body?.transformToByteArray()) ?? new Uint8Array()).toString()).toBe('{"report":1}');
  });

  test('a body of a stream arrives whole through chunked encoding', async () => {
    const { Readable } = await import('node:stream');
    const Body = Readable.from([Buffer.from('first '), Buffer.from('second')]);
    await s3().send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 12 }));
    const got = await s3().send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(await got.Body?.transformToString()).toBe('first second');
    expect(got.ContentEncoding).toBeUndefined();
  });
});
