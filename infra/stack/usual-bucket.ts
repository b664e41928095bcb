import type { JsonObject } from '../../shared/deployment/template.ts';

/** What every bucket of a stack is: encrypted, closed to the public, the account's own whoever writes, with its old versions. */
export const usualBucket = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  VersioningConfiguration: { Status: 'Enabled' },
} as const satisfies JsonObject;

/** A bucket under a key of the user's; one question to KMS serves many objects. */
export const encryptedBy = (keyArn: string): JsonObject => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn }, BucketKeyEnabled: true },
    ],
  },
});
