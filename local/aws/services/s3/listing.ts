import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { AwsError } from '../../service.ts';
import { type Bucket, currentObject, type StoredObject } from './bucket.ts';

type Listing = Omit<ListObjectsV2CommandOutput, '$metadata'>;

/** A page of keys in UTF-8 order, with the keys beyond the delimiter rolled up. Source: S3 API, ListObjectsV2. */
export function listObjects(bucket: Bucket, input: ListObjectsV2CommandInput): Listing {
  const { Prefix = '', Delimiter, MaxKeys = 1000 } = input;
  const after = input.ContinuationToken === undefined ? input.StartAfter : keyOfToken(input.ContinuationToken);
  const objects = [...bucket.versions.keys()]
    .filter((key) => key.startsWith(Prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((key) => currentObject(bucket, key) ?? []);
  const entries = new Map<string, StoredObject | undefined>();
  for (const object of objects) {
    const cut = Delimiter === undefined ? -1 : object.key.indexOf(Delimiter, Prefix.length);
    if (cut < 0) entries.set(object.key, object);
    else entries.set(object.key.slice(0, cut + (Delimiter ?? '').length), undefined);
  }
  const remaining = [...entries].filter(
    ([name]) => after === undefined || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
  );
  const page = remaining.slice(0, MaxKeys);
  const isTruncated = page.length < remaining.length;
  const lastName = page.at(-1)?.[0];
  const prefixes = page.filter(([, object]) => object === undefined).map(([name]) => ({ Prefix: name }));
  const contents = page.flatMap(([, object]) => (object ? [toSdkObject(object)] : []));
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(Delimiter !== undefined && { Delimiter }),
    ...(contents.length > 0 && { Contents: contents }),
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
    ...(isTruncated &&
      lastName !== undefined && { NextContinuationToken: Buffer.from(`after:${lastName}`).toString('base64url') }),
  };
}

function keyOfToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect');
}

function toSdkObject(object: StoredObject) {
  return {
    Key: object.key,
    ETag: object.etag,
    Size: object.body.length,
    LastModified: new Date(object.modifiedMs),
    StorageClass: 'STANDARD' as const,
  };
}
