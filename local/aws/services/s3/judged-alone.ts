import { AwsError, type OperationHandler } from '../../service.ts';
import { type OfObject, permissionOnObject } from './permission.ts';

export const notServed = (operation: string) => (): never => {
  throw new AwsError('NotImplemented', 501, `The local world does not serve s3:${operation}.`);
};

/** Operations that nobody of ours calls, by the permission on the object that each needs. */
const byObjectPermission = {
  DeleteObjectTagging: 'DeleteObjectTagging',
  PutObjectAcl: 'PutObjectAcl',
  PutObjectLegalHold: 'PutObjectLegalHold',
  PutObjectTagging: 'PutObjectTagging',
  RestoreObject: 'RestoreObject',
} as const;

/** The same of other ways to write an object. */
const writesObject = {
  CompleteMultipartUpload: true,
  CopyObject: true,
  CreateMultipartUpload: false,
  UploadPart: false,
};

/** The same on the bucket itself. */
const byBucketPermission = {
  DeleteBucket: 'DeleteBucket',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  PutBucketVersioning: 'PutBucketVersioning',
} as const;

/**
 * What a stranger might try: judged as on AWS, and then not served. A test of what is closed needs the judgement alone.
 * Source: Service Authorization Reference, Amazon S3.
 */
export const judgedAlone: Readonly<Record<string, OperationHandler>> = Object.fromEntries([
  ...Object.entries(byObjectPermission).map(([operation, permission]): [string, OperationHandler<OfObject>] => [
    operation,
    { authorize: (input) => [permissionOnObject(permission, input)], run: notServed(operation) },
  ]),
  ...Object.entries(writesObject).map(([operation, creates]): [string, OperationHandler<OfObject>] => [
    operation,
    { authorize: (input) => [permissionOnObject('PutObject', input, creates)], run: notServed(operation) },
  ]),
  ...Object.entries(byBucketPermission).map(([operation, permission]): [string, OperationHandler<OfObject>] => [
    operation,
    {
      authorize: ({ Bucket }) => [{ action: `s3:${permission}`, resource: `arn:aws:s3:::${Bucket}` }],
      run: notServed(operation),
    },
  ]),
]);
