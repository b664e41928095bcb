import { createHash, randomUUID } from 'node:crypto';
import type { Policy } from '../../iam/policy.ts';
import { AwsError } from '../../service.ts';

export type StoredObject = {
  readonly key: string;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly versionId: string | undefined;
  readonly modifiedMs: number;
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly isDeleteMarker: boolean;
  /** Until then this version is not deleted (Object Lock). */
  readonly lock?: { readonly mode: string; readonly untilMs: number };
};

export type Bucket = {
  readonly name: string;
  readonly isVersioned: boolean;
  /** Objects may be locked (Object Lock), which needs versions. */
  readonly hasLocks?: boolean;
  /** The key of the user's that objects are encrypted by; absent under S3's own. */
  readonly keyArn?: string;
  policies: readonly Policy[];
  /** By key, oldest version first; without versioning one entry at most. */
  readonly versions: Map<string, readonly StoredObject[]>;
};

/** The object as a plain read sees it: nothing when the newest version is a delete marker. */
export function currentObject(bucket: Bucket, key: string, versionId?: string): StoredObject | undefined {
  const versions = bucket.versions.get(key) ?? [];
  const found = versionId === undefined ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
  return found?.isDeleteMarker ? undefined : found;
}

/**
 * Checks a conditional write. Source: S3 User Guide, "Conditional writes".
 * @throws AwsError PreconditionFailed (412); NoSuchKey (404) for If-Match on an object that isn't there.
 */
export function checkConditions(
  bucket: Bucket,
  key: string,
  conditions: { ifMatch?: string | undefined; ifNoneMatch?: string | undefined },
): void {
  const current = currentObject(bucket, key);
  const failed = (Condition: string) =>
    new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition,
    });
  if (conditions.ifNoneMatch !== undefined) {
    if (conditions.ifNoneMatch !== '*')
      throw new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented');
    if (current) throw failed('If-None-Match');
  }
  if (conditions.ifMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (conditions.ifMatch !== current.etag && conditions.ifMatch !== current.etag.replaceAll('"', ''))
    throw failed('If-Match');
}

export function storeObject(
  bucket: Bucket,
  object: Omit<StoredObject, 'etag' | 'versionId' | 'isDeleteMarker'>,
): StoredObject {
  const etag = `"${createHash('md5').update(object.body).digest('hex')}"`;
  return append(bucket, { ...object, etag, versionId: newVersionId(bucket), isDeleteMarker: false });
}

/** With versioning a delete adds a marker; of one version, it removes that one. */
export function deleteObject(
  bucket: Bucket,
  key: string,
  modifiedMs: number,
  versionId?: string,
  mayBypassGovernance = false,
): StoredObject | undefined {
  if (versionId !== undefined) {
    const versions = bucket.versions.get(key) ?? [];
    const lock = versions.find((version) => version.versionId === versionId)?.lock;
    if (lock !== undefined && lock.untilMs > modifiedMs && !(lock.mode === 'GOVERNANCE' && mayBypassGovernance))
      throw new AwsError('AccessDenied', 403, 'Access Denied because object protected by object lock.');
    bucket.versions.set(
      key,
      versions.filter((version) => version.versionId !== versionId),
    );
    return undefined;
  }
  if (!bucket.isVersioned) {
    bucket.versions.delete(key);
    return undefined;
  }
  const marker = {
    key,
    body: new Uint8Array(),
    etag: '',
    modifiedMs,
    contentType: '',
    contentEncoding: undefined,
    metadata: {},
  };
  return append(bucket, { ...marker, versionId: newVersionId(bucket), isDeleteMarker: true });
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
}

function append(bucket: Bucket, object: StoredObject): StoredObject {
  const earlier = bucket.isVersioned ? (bucket.versions.get(object.key) ?? []) : [];
  bucket.versions.set(object.key, [...earlier, object]);
  return object;
}

function newVersionId(bucket: Bucket): string | undefined {
  return bucket.isVersioned ? randomUUID().replaceAll('-', '') : undefined;
}
