import * as S3Client from '@aws-sdk/client-s3';
import { parsePolicy } from '../../iam/policy.ts';
import { AwsError, type Call, type OperationHandler, type Permission } from '../../service.ts';
import type { ResourceCreator } from '../../template/resource.ts';
import type { AwsWorld } from '../../world.ts';
import {
  type Bucket,
  checkConditions,
  currentObject,
  deleteObject,
  noSuchKey,
  type StoredObject,
  storeObject,
} from './bucket.ts';
import { checkChecksums, requireChecksum } from './checksum.ts';
import { judgedAlone, notServed } from './judged-alone.ts';
import { listObjects } from './listing.ts';
import { keyArnIn, type OfObject, permissionOnKey, permissionOnLock, permissionOnObject } from './permission.ts';
import { checkReadConditions, partOf } from './reading.ts';
import { versionOperations } from './versions.ts';

/** S3 in memory. */
export type S3 = {
  /** @throws AwsError NoSuchBucket. */
  bucket(name: string): Bucket;
  /** The newest version, asked of nobody's permission. @throws AwsError NoSuchBucket, NoSuchKey. */
  read(bucket: string, key: string): Uint8Array;
  /** Deletes a bucket with everything in it. */
  remove(name: string): void;
};

/** Adds S3 to the world. Bucket policies are evaluated; plain HTTP on the loopback interface counts as TLS. */
export function createS3(world: AwsWorld): S3 {
  const buckets = new Map<string, Bucket>();
  const find = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
  };
  const createBucket: ResourceCreator = ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.BucketName ?? `${stackName}-${logicalId}-${accountId}`).toLowerCase();
    const versioning = properties.VersioningConfiguration as { Status?: string } | undefined; // a template's plain data
    const keyArn = keyArnIn(properties);
    const isVersioned = versioning?.Status === 'Enabled';
    const hasLocks = properties.ObjectLockEnabled === true;
    buckets.set(name, { name, isVersioned, hasLocks, policies: [], versions: new Map(), ...(keyArn && { keyArn }) });
    const domain = `${name}.s3.${region}.amazonaws.com`;
    return {
      ref: name,
      attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName: domain },
    };
  };
  world.addCreator('AWS::S3::Bucket', createBucket);
  world.addCreator('AWS::S3::BucketPolicy', ({ logicalId, properties }) => {
    find(String(properties.Bucket)).policies = [parsePolicy(properties.PolicyDocument)];
    return { ref: logicalId, attributes: {} };
  });
  world.addResourcePolicies(
    's3',
    (arn) => buckets.get(arn.replace('arn:aws:s3:::', '').split('/')[0] ?? '')?.policies ?? [],
  );

  const onObject = <Input extends OfObject>(
    permission: string,
    run: (bucket: Bucket, input: Input, call: Call) => unknown,
  ): OperationHandler<Input> => ({
    authorize: (input, { region }) => [
      permissionOnObject(permission, input),
      ...permissionOnKey(permission, buckets.get(input.Bucket)?.keyArn, region),
      ...(permission === 'PutObject' && input.ObjectLockMode !== undefined
        ? [permissionOnLock(input, input.ObjectLockMode, input.ObjectLockRetainUntilDate, world.clock.nowMs())]
        : []),
    ],
    run: (input, call) => run(find(input.Bucket), input, call),
  });
  const read = (bucket: Bucket, input: OfObject, { caller }: Call): StoredObject => {
    const object = currentObject(bucket, input.Key, input.VersionId);
    if (object) return object;
    // Whoever may not list the bucket is not told that an object is missing. Source: S3 API, GetObject, "Permissions".
    world.authorizeCaller(caller, { action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` });
    throw noSuchKey(input.Key);
  };
  world.addService({
    signingName: 's3',
    protocol: 'rest-xml',
    clientModule: S3Client,
    operations: {
      PutObject: onObject('PutObject', (bucket, input: S3Client.PutObjectCommandInput & OfObject) => {
        // The wire gives a body as bytes, whatever stream the client had.
        const body = (input.Body ?? new Uint8Array()) as Uint8Array;
        checkChecksums(input, body);
        const lock = lockOf(bucket, input);
        checkConditions(bucket, input.Key, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
        const stored = storeObject(bucket, {
          key: input.Key,
          body,
          modifiedMs: world.clock.nowMs(),
          contentType: input.ContentType ?? 'application/octet-stream',
          contentEncoding:
            input.ContentEncoding?.split(',')
              .filter((name) => name.trim() !== 'aws-chunked')
              .join(',') || undefined,
          metadata: input.Metadata ?? {},
          ...(lock && { lock }),
        });
        return { ETag: stored.etag, VersionId: stored.versionId };
      }),
      GetObject: onObject('GetObject', (bucket, input: S3Client.GetObjectCommandInput & OfObject, call) => {
        const object = read(bucket, input, call);
        checkReadConditions(object, input);
        const { body, range } = partOf(object.body, input);
        return { ...headersOf(object), ContentLength: body.length, ContentRange: range, Body: body };
      }),
      HeadObject: onObject('GetObject', (bucket, input: S3Client.HeadObjectCommandInput & OfObject, call) => {
        const object = read(bucket, input, call);
        checkReadConditions(object, input);
        return headersOf(object);
      }),
      DeleteObject: {
        authorize: (input: OfDeletion) => [
          permissionOnObject(input.VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', input),
          ...(input.BypassGovernanceRetention === true ? [permissionOnObject('BypassGovernanceRetention', input)] : []),
        ],
        run: (input: OfDeletion) => {
          const { Bucket, Key, VersionId, BypassGovernanceRetention: mayBypass } = input;
          const marker = deleteObject(find(Bucket), Key, world.clock.nowMs(), VersionId, mayBypass);
          return marker ? { DeleteMarker: true, VersionId: marker.versionId } : {};
        },
      },
      ...judgedAlone,
      ...versionOperations(world, find),
      PutObjectRetention: {
        authorize: (input: S3Client.PutObjectRetentionCommandInput & OfDeletion) => [
          permissionOnLock(input, input.Retention?.Mode, input.Retention?.RetainUntilDate, world.clock.nowMs()),
          ...(input.BypassGovernanceRetention === true ? [permissionOnObject('BypassGovernanceRetention', input)] : []),
        ],
        run: notServed('PutObjectRetention'),
      },
      ListObjectsV2: {
        authorize: (input: S3Client.ListObjectsV2CommandInput): readonly Permission[] => {
          const context = { 's3:prefix': input.Prefix ?? '', 's3:delimiter': input.Delimiter ?? '' };
          return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}`, context }];
        },
        run: (input: S3Client.ListObjectsV2CommandInput & { Bucket: string }) => listObjects(find(input.Bucket), input),
      },
    },
  });
  return {
    bucket: find,
    read: (name, key) => {
      const object = currentObject(find(name), key);
      if (object === undefined) throw noSuchKey(key);
      return object.body;
    },
    remove: (name) => void buckets.delete(name),
  };
}

type OfDeletion = OfObject & { readonly BypassGovernanceRetention?: boolean };

/** @throws AwsError InvalidRequest for a lock that S3 would not take */
function lockOf(bucket: Bucket, input: S3Client.PutObjectCommandInput): StoredObject['lock'] {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  if (mode === undefined && until === undefined) return undefined;
  const refused = (message: string) => new AwsError('InvalidRequest', 400, message);
  if (bucket.hasLocks !== true) throw refused('Bucket is missing Object Lock Configuration');
  if (mode === undefined || until === undefined)
    throw refused('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  requireChecksum(input);
  return { mode, untilMs: until.getTime() };
}

function headersOf(object: StoredObject) {
  return {
    ETag: object.etag,
    ContentLength: object.body.length,
    ContentType: object.contentType,
    ContentEncoding: object.contentEncoding,
    LastModified: new Date(object.modifiedMs),
    Metadata: object.metadata,
    VersionId: object.versionId,
    ...(object.lock && {
      ObjectLockMode: object.lock.mode,
      ObjectLockRetainUntilDate: new Date(object.lock.untilMs),
    }),
  };
}
