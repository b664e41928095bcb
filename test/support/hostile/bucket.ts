import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { toDependencyError } from '../../../shared/aws/errors.ts';

/** Who writes: a role by its name. */
export type Principal = 'run' | 'intake' | Attacker;
/** Of these `break-glass` alone is admitted everywhere, and `pair` to what it leaves here. */
export const attackers = ['wide', 'other-stack', 'pair', 'break-glass'] as const;
export type Attacker = (typeof attackers)[number];
export type Write = {
  readonly by: Principal;
  readonly key: string;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly isDelete?: boolean;
};

type Version = { readonly bytes: Buffer; readonly encoding: string | undefined; readonly etag: string };

/** S3's own error, as `callAws` would make ours of it: what comes late is refused with nobody there. */
const refuse = (name: string, httpStatusCode: number): never => {
  const $metadata = { httpStatusCode, attempts: 1 };
  const error = new S3ServiceException({ name, message: name, $fault: 'client', $metadata });
  throw toDependencyError('s3', error);
};
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

/**
 * S3 as its users know it: versions, ETags that are MD5 of the content, and the three answers to a condition that does not
 * hold: 412, 409 where another write is under way, 404 for `If-Match` on nothing (S3 User Guide, "Conditional writes").
 *
 * @param mayWrite the bucket's policy
 * @param isDisturbed whether another write is under way just now
 */
export const createBucket = (mayWrite: (write: Write) => boolean, isDisturbed: () => boolean) => {
  const versionsByKey = new Map<string, (Version | 'deleted')[]>();
  const newest = (key: string): Version | undefined => {
    const version = versionsByKey.get(key)?.at(-1);
    return version === 'deleted' ? undefined : version;
  };
  /** On whatever condition it is let through: who writes against us may choose. */
  const mayForce = (by: Principal, key: string): boolean =>
    mayWrite({ by, key }) ||
    mayWrite({ by, key, ifMatch: newest(key)?.etag ?? '*' }) ||
    mayWrite({ by, key, ifNoneMatch: '*' });
  const add = (key: string, version: Version | 'deleted') => {
    const versions = versionsByKey.get(key);
    if (versions === undefined) versionsByKey.set(key, [version]);
    else versions.push(version);
  };
  const put = (write: Write, bytes: Buffer, encoding?: string): string => {
    const { key, ifMatch, ifNoneMatch } = write;
    if (!mayWrite(write)) refuse('AccessDenied', 403);
    const there = newest(key);
    if (ifMatch !== undefined && there === undefined) refuse('NoSuchKey', 404);
    if ((ifMatch ?? ifNoneMatch) !== undefined && isDisturbed()) refuse('ConditionalRequestConflict', 409);
    if (ifNoneMatch !== undefined && there !== undefined) refuse('PreconditionFailed', 412);
    if (ifMatch !== undefined && ifMatch !== there?.etag) refuse('PreconditionFailed', 412);
    const etag = etagOf(bytes);
    add(key, { bytes, encoding, etag });
    return etag;
  };
  return {
    keys: (): readonly string[] => [...versionsByKey.keys()].filter((key) => newest(key) !== undefined),
    /** The document as anybody with the right to read sees it; undefined where there is none, or none that is JSON. */
    read: (key: string): unknown => {
      try {
        return JSON.parse(newest(key)?.bytes.toString('utf8') ?? '');
      } catch {
        return undefined;
      }
    },
    /** Whether the policy let him. */
    overwrite: (by: Principal, key: string, text: string): boolean => {
      if (!mayForce(by, key)) return false;
      const bytes = Buffer.from(text);
      add(key, { bytes, encoding: undefined, etag: etagOf(bytes) });
      return true;
    },
    remove: (by: Principal, key: string): boolean => {
      if (newest(key) === undefined || !mayWrite({ by, key, isDelete: true })) return false;
      add(key, 'deleted');
      return true;
    },
    /** An earlier version becomes the newest once more, as a person does it who means well. */
    restore: (by: Principal, key: string, pick: number): boolean => {
      const versions = versionsByKey.get(key) ?? [];
      const version = versions[pick % Math.max(1, versions.length)];
      if (version === undefined || !mayForce(by, key)) return false;
      versions.push(version);
      return true;
    },
    /** The client of one role, whose every request goes through `ask`. */
    clientOf: (by: Principal, ask: <Value>(perform: () => Value) => Promise<Value>): S3Client => {
      const send = (command: unknown) =>
        ask((): object => {
          const $metadata = { attempts: 1 };
          if (command instanceof GetObjectCommand) {
            const { Key: key = '' } = command.input;
            const found = newest(key) ?? refuse('NoSuchKey', 404);
            const Body = { transformToByteArray: async () => found.bytes };
            return { Body, ETag: found.etag, ContentEncoding: found.encoding, $metadata };
          }
          if (!(command instanceof PutObjectCommand)) throw new TypeError('a bucket is read and written, nothing else');
          const { Key: key = '', Body, ContentEncoding, IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = command.input;
          if (!(Body instanceof Uint8Array)) throw new TypeError(`${key} has no bytes`);
          return { ETag: put({ by, key, ifMatch, ifNoneMatch }, Buffer.from(Body), ContentEncoding), $metadata };
        });
      // The boundary: of the SDK's client nothing but `send` is used here.
      return { send } as unknown as S3Client;
    },
  };
};
