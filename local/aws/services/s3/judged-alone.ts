import { AwsError, type OperationHandler } from '../../service.ts';
import { type OfObject, permissionOnObject } from './permission.ts';

export const notServed = (operation: string) => (): never => {
  throw new AwsError('NotImplemented', 501, `The local world does not serve s3:${operation}.`);
};

/** Operations that nobody of ours calls, by the permission on the object that each needs. */
const byObjectPermission = {
  DeleteObjectAnnotation: 'DeleteObjectAnnotation',
  DeleteObjectTagging: 'DeleteObjectTagging',
  PutObjectAcl: 'PutObjectAcl',
  PutObjectAnnotation: 'PutObjectAnnotation',
  PutObjectLegalHold: 'PutObjectLegalHold',
  PutObjectTagging: 'PutObjectTagging',
  RestoreObject: 'RestoreObject',
  UpdateObjectEncryption: 'UpdateObjectEncryption',
} as const;

/** Those that have another permission where the request names a version. */
const ofVersion: Readonly<Record<string, string>> = {
  DeleteObjectTagging: 'DeleteObjectVersionTagging',
  PutObjectAcl: 'PutObjectVersionAcl',
  PutObjectTagging: 'PutObjectVersionTagging',
};

/**
 * The same of other ways to write an object, and whether each makes it. A copy into a bucket that wants conditions is denied
 * without one, and with one S3 answers that it does not have that: as `notServed` does, with 501 (S3 User Guide, "Enforce
 * conditional writes on Amazon S3 buckets").
 */
const writesObject = {
  CompleteMultipartUpload: true,
  CopyObject: true,
  CreateMultipartUpload: false,
  UploadPart: false,
  UploadPartCopy: false,
};

/** The same on the bucket itself: what takes a setting away needs the permission of what puts it, but for policy and website. */
const byBucketPermission = {
  CreateBucketMetadataConfiguration: 'CreateBucketMetadataTableConfiguration',
  CreateBucketMetadataTableConfiguration: 'CreateBucketMetadataTableConfiguration',
  DeleteBucket: 'DeleteBucket',
  DeleteBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
  DeleteBucketCors: 'PutBucketCORS',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
  DeleteBucketInventoryConfiguration: 'PutInventoryConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteBucketMetadataConfiguration: 'DeleteBucketMetadataTableConfiguration',
  DeleteBucketMetadataTableConfiguration: 'DeleteBucketMetadataTableConfiguration',
  DeleteBucketMetricsConfiguration: 'PutMetricsConfiguration',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketWebsite: 'DeleteBucketWebsite',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  PutBucketAbac: 'PutBucketAbac',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  PutBucketAcl: 'PutBucketAcl',
  PutBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
  PutBucketCors: 'PutBucketCORS',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
  PutBucketInventoryConfiguration: 'PutInventoryConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutBucketLogging: 'PutBucketLogging',
  PutBucketMetricsConfiguration: 'PutMetricsConfiguration',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  PutBucketOwnershipControls: 'PutBucketOwnershipControls',
  PutBucketPolicy: 'PutBucketPolicy',
  PutBucketReplication: 'PutReplicationConfiguration',
  PutBucketRequestPayment: 'PutBucketRequestPayment',
  PutBucketTagging: 'PutBucketTagging',
  PutBucketVersioning: 'PutBucketVersioning',
  PutBucketWebsite: 'PutBucketWebsite',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  UpdateBucketMetadataAnnotationTableConfiguration: 'UpdateBucketMetadataAnnotationTableConfiguration',
  UpdateBucketMetadataInventoryTableConfiguration: 'UpdateBucketMetadataInventoryTableConfiguration',
  UpdateBucketMetadataJournalTableConfiguration: 'UpdateBucketMetadataJournalTableConfiguration',
} as const;

/**
 * What a stranger might try: judged as on AWS, and then not served. A test of what is closed needs the judgement alone.
 * Source: Service Authorization Reference, Amazon S3.
 */
export const judgedAlone: Readonly<Record<string, OperationHandler>> = Object.fromEntries([
  ...Object.entries(byObjectPermission).map(([operation, plain]): [string, OperationHandler<OfObject>] => [
    operation,
    {
      authorize: (input) => {
        const permission = (input.VersionId === undefined ? undefined : ofVersion[operation]) ?? plain;
        return [permissionOnObject(permission, input)];
      },
      run: notServed(operation),
    },
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
