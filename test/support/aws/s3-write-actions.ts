/**
 * Every action of S3 that changes something of a bucket or an object: access levels write, tagging and permissions management.
 * Written by hand from the Service Authorization Reference, Amazon S3, of April 2026, and what S3's SDK has learnt since of
 * metadata tables, annotations and encryption. Left out is what has another resource: access points, access grants,
 * jobs, Storage Lens, the account's own block of the public. The last of each list is none: what S3 will learn tomorrow.
 */
const named = (names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `s3:${name}`);

/** Beside PutObject and PutObjectRetention, which functions need, each on its conditions. */
export const s3ObjectWrites = named(`
  AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersion
  DeleteObjectVersionTagging InitiateReplication ObjectOwnerOverrideToBucketOwner PutObjectAcl PutObjectAnnotation PutObjectLegalHold
  PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateTags RestoreObject
  UpdateObjectEncryption WriteAsNobodyCanYet
`);

export const s3BucketWrites = named(`
  CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration DeleteBucketPolicy
  DeleteBucketWebsite PauseReplication PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac PutBucketAcl
  PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls
  PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
  PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration
  PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
  UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration WriteAsNobodyCanYet
`);
