import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { requireKey } from '../core/store-keys.ts';
import type { CallScope } from '../run/call-scope.ts';
import { toJson } from '../text/json.ts';
import { redactValue } from '../text/redaction.ts';
import { parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';

/** A client for buckets of the function's own region, with our time limits (client.ts). */
export const createStoreClient = (): S3Client => createClient(S3Client);

/** The bucket as one function sees it: `prefixes` are the only places it reads and writes, each ending in `/`. */
export type Store = {
  readonly client: S3Client;
  readonly calls: CallScope;
  readonly bucket: string;
  readonly prefixes: readonly string[];
};

/** What was read, with the version that a conditional write names. */
export type Stored<Value> = { readonly value: Value; readonly etag: string };

/** `absent` writes only where nothing is; an etag only over that version; `always` over anything. */
export type WriteCondition = 'absent' | 'always' | { readonly etag: string };

/** From this size on documents are kept compressed. */
const gzipFromBytes = 64 * 1024;
/** Unpacked documents are read up to this size, so that a small object cannot fill the memory. */
const unpackedBytes = 64 * 1024 * 1024;

const compress = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * Writes a document as JSON, bigints as decimal strings, secrets removed. A new version every time.
 *
 * @returns the new version
 * @throws DependencyError `conflict` where the condition does not hold: somebody else wrote, so read again
 */
export async function writeJson(
  { client, calls, bucket, prefixes }: Store,
  key: string,
  value: unknown,
  condition: WriteCondition,
): Promise<{ readonly etag: string }> {
  const call = 's3:PutObject';
  const plain = Buffer.from(toJson(redactValue(value)));
  const isLarge = plain.length >= gzipFromBytes;
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: requireKey(key, prefixes),
    Body: isLarge ? await compress(plain) : plain,
    ContentType: 'application/json',
    ...(isLarge ? { ContentEncoding: 'gzip' } : {}),
    ...conditionOf(condition),
  });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  if (answer.ETag === undefined) throw new DependencyError(call, 'bad-answer', 'bad answer: no ETag');
  return { etag: answer.ETag };
}

function conditionOf(condition: WriteCondition): { readonly IfNoneMatch?: string; readonly IfMatch?: string } {
  if (condition === 'always') return {};
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

/**
 * Reads a document; undefined where there is none. S3 says `denied` instead of `not-found` to a role that may not list
 * the prefix, so the role needs `s3:ListBucket` there.
 *
 * @throws DependencyError `bad-answer` for a document that is damaged or of another shape
 */
export async function readJson<Value>(
  { client, calls, bucket, prefixes }: Store,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Stored<Value> | undefined> {
  const call = 's3:GetObject';
  const command = new GetObjectCommand({ Bucket: bucket, Key: requireKey(key, prefixes) });
  try {
    const { bytes, etag, encoding } = await callAws(calls, call, async (options) => {
      const answer = await client.send(command, options);
      // Read inside the call: the body arrives after the headers and may hang as well.
      const bytes = await answer.Body?.transformToByteArray();
      return { bytes, etag: answer.ETag, encoding: answer.ContentEncoding, $metadata: answer.$metadata };
    });
    if (bytes === undefined || etag === undefined)
      throw new DependencyError(call, 'bad-answer', `bad answer for ${key}`);
    return { value: parseAnswer(call, schema, await parseBody(call, key, bytes, encoding)), etag };
  } catch (error) {
    if (isNoSuchKey(error)) return undefined;
    throw error;
  }
}

/** A bucket that is not there is no absent document. */
const isNoSuchKey = (error: unknown): boolean =>
  error instanceof DependencyError && error.facts.errorName === 'NoSuchKey';

async function parseBody(call: string, key: string, bytes: Uint8Array, encoding: string | undefined): Promise<unknown> {
  try {
    const plain = encoding === 'gzip' ? await unpack(bytes, { maxOutputLength: unpackedBytes }) : Buffer.from(bytes);
    return JSON.parse(plain.toString('utf8'));
  } catch (cause) {
    throw new DependencyError(call, 'bad-answer', `bad answer: ${key} is damaged`, { cause });
  }
}
