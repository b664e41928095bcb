import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { ask } from '../core/known.ts';
import { asideKey, requireKey } from '../core/store-keys.ts';
import type { CallScope } from '../run/call-scope.ts';
import { parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';
import { documentBytes, encodeDocument } from './document.ts';

/** A client for buckets of the function's own region, with our time limits (client.ts). */
export const createStoreClient = (): S3Client => createClient(S3Client);

/** The bucket as one function sees it: `prefixes` are the only places it reads and writes, each ending in `/`. */
export type Store = {
  readonly client: S3Client;
  readonly calls: CallScope;
  readonly bucket: string;
  readonly prefixes: readonly string[];
  readonly retention?: Retention;
};

/** Each version that is written is kept from deletion until then (S3 Object Lock); the bucket must have locks. */
export type Retention = { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly untilMs: () => number };

/** What was read, with the version that a conditional write names. */
export type Stored<Value> = { readonly value: Value; readonly etag: string };

/** `absent` writes only where nothing is; an etag only over that version. Without one of them the bucket takes no write. */
export type Precondition = 'absent' | { readonly etag: string };

/** `always` is over anything, of which what cannot be read is kept (`replaceUnreadable`). */
export type WriteCondition = Precondition | 'always';

/** From this size on documents are kept compressed. */
const gzipFromBytes = 64 * 1024;

const compress = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * Writes a document as JSON, bigints as decimal strings, secrets removed. A new version every time.
 *
 * @param schema of whoever reads it: what it would not read is not written. Left out for what only people and others read
 * @returns the new version
 * @throws DependencyError `conflict` where the condition does not hold: somebody else wrote, so read again; `bad-answer` for a
 *   document that could not be read again
 */
export async function writeJson(
  store: Store,
  key: string,
  value: unknown,
  condition: Precondition,
  schema: z.ZodType = z.unknown(),
): Promise<{ readonly etag: string }> {
  requireKey(key, store.prefixes);
  const plain = encodeDocument(key, value, schema);
  const isLarge = plain.length >= gzipFromBytes;
  const encoding = isLarge ? 'gzip' : undefined;
  return putObject(store, key, { bytes: isLarge ? await compress(plain) : plain, encoding }, condition);
}

/**
 * Writes a document under a key that names what happens once: what lies there already was written for the same, by this run
 * before its answer was lost or it was cut off. So it is done; and who may not read there need not.
 *
 * @throws DependencyError as `writeJson`, but never for what lies there
 */
export async function writeOnce(
  store: Store,
  key: string,
  value: unknown,
  schema: z.ZodType = z.unknown(),
): Promise<void> {
  try {
    await writeJson(store, key, value, 'absent', schema);
  } catch (error) {
    if (!liesThere(error)) throw error;
  }
}

/** Of a 409 nobody knows: whoever else writes it just now may fail. */
const liesThere = (error: unknown): error is DependencyError =>
  error instanceof DependencyError && error.facts.httpStatus === 412;

type RawObject = { readonly bytes: Uint8Array; readonly encoding: string | undefined };

/**
 * One write. Where S3's answer is lost, the SDK writes once more and is refused for what it wrote itself: so a refused repeat
 * that finds the very bytes has written.
 */
async function putObject(
  store: Store,
  key: string,
  object: RawObject,
  condition: Precondition,
): Promise<{ readonly etag: string }> {
  try {
    return await putOnce(store, key, object, condition);
  } catch (error) {
    const isRepeat = liesThere(error) && (error.facts.attempts ?? 1) > 1;
    const there = isRepeat ? await ask(() => getObject(store, key)) : undefined;
    const found = there?.isKnown === true ? there.value : undefined;
    if (found !== undefined && Buffer.compare(found.bytes, object.bytes) === 0) return { etag: found.etag };
    throw error;
  }
}

async function putOnce(
  { client, calls, bucket, prefixes, retention }: Store,
  key: string,
  { bytes, encoding }: RawObject,
  condition: Precondition,
): Promise<{ readonly etag: string }> {
  const call = 's3:PutObject';
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: requireKey(key, prefixes),
    Body: bytes,
    ContentType: 'application/json',
    ...(encoding !== undefined && { ContentEncoding: encoding }),
    ...conditionOf(condition),
    // S3 takes it with a checksum alone, which the SDK sends with every write.
    ...(retention !== undefined && {
      ObjectLockMode: retention.mode,
      ObjectLockRetainUntilDate: new Date(retention.untilMs()),
    }),
  });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  if (answer.ETag === undefined) throw new DependencyError(call, 'bad-answer', 'bad answer: no ETag');
  return { etag: answer.ETag };
}

function conditionOf(condition: Precondition): { readonly IfNoneMatch?: string; readonly IfMatch?: string } {
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

/**
 * Reads a document; undefined where there is none. S3 says `denied` instead of `not-found` to a role that may not list
 * the prefix, so the role needs `s3:ListBucket` there.
 *
 * @throws DependencyError `bad-answer` for a document that is damaged or of another shape
 */
export async function readJson<Value>(
  store: Store,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Stored<Value> | undefined> {
  const found = await getObject(store, key);
  return found && { value: await parseDocument(key, found, schema), etag: found.etag };
}

async function getObject(
  { client, calls, bucket, prefixes }: Store,
  key: string,
): Promise<(RawObject & { readonly etag: string }) | undefined> {
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
    return { bytes, etag, encoding };
  } catch (error) {
    if (isNoSuchKey(error)) return undefined;
    throw error;
  }
}

async function parseDocument<Value>(key: string, found: RawObject, schema: z.ZodType<Value>): Promise<Value> {
  const call = 's3:GetObject';
  return parseAnswer(call, schema, await parseBody(call, key, found));
}

/**
 * Writes a document where one lies that cannot be read, and keeps that one for people: under `<key>/unreadable/`, once, whoever
 * else does the same.
 *
 * @throws DependencyError `conflict` where a document that can be read lies there by now: read again
 */
export async function replaceUnreadable(
  store: Store,
  key: string,
  value: unknown,
  schema: z.ZodType,
): Promise<{ readonly etag: string }> {
  const found = await getObject(store, key);
  if (found === undefined) return writeJson(store, key, value, 'absent', schema);
  if (await isReadable(key, found, schema)) {
    throw new DependencyError('s3:PutObject', 'conflict', `${key} can be read by now: read again`);
  }
  const aside = asideKey(key, createHash('sha256').update(found.bytes).digest('hex').slice(0, 16));
  try {
    await putObject(store, aside, found, 'absent');
  } catch (error) {
    // An earlier try got so far.
    if (!liesThere(error)) throw error;
  }
  return writeJson(store, key, value, { etag: found.etag }, schema);
}

/**
 * Writes a document that procedures go by: `always` is over one that cannot be read, which is kept for people.
 *
 * @throws DependencyError as `writeJson` and `replaceUnreadable`
 */
export const keepJson = (
  store: Store,
  key: string,
  value: unknown,
  condition: WriteCondition,
  schema: z.ZodType,
): Promise<{ readonly etag: string }> =>
  condition === 'always'
    ? replaceUnreadable(store, key, value, schema)
    : writeJson(store, key, value, condition, schema);

async function isReadable(key: string, found: RawObject, schema: z.ZodType): Promise<boolean> {
  try {
    await parseDocument(key, found, schema);
    return true;
  } catch (error) {
    if (error instanceof DependencyError) return false;
    throw error;
  }
}

/** A bucket that is not there is no absent document. */
const isNoSuchKey = (error: unknown): boolean =>
  error instanceof DependencyError && error.facts.errorName === 'NoSuchKey';

async function parseBody(call: string, key: string, { bytes, encoding }: RawObject): Promise<unknown> {
  try {
    const plain = encoding === 'gzip' ? await unpack(bytes, { maxOutputLength: documentBytes }) : bytes;
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
  } catch (cause) {
    throw new DependencyError(call, 'bad-answer', `bad answer: ${key} is damaged`, { cause });
  }
}
