import { bucketLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { policyDocument, type Resources, ref } from '../../shared/deployment/template.ts';
import { bucketSettingsOf } from './access-log.ts';
import { bucketPolicyOf } from './bucket-policy.ts';
import { stayingClosed } from './closed.ts';
import { usualBucket } from './usual-bucket.ts';

export const reportsKeptDays = 90;
/** A request is worthless once its time is over, three days at most, and holds the id of its callback. */
export const approvalExpiresAfterDays = 30;

/** What it lets happen is planned anew after a quarter of an hour; S3 counts whole days, from midnight. */
const receiptExpiresAfterDays = 1;

/**
 * Reports and the little state that has no other home. It has no name of its own: bucket names are global, and a stack
 * that is removed and made again must not meet its retained bucket. No rule touches `audit/`: the records, in every version,
 * are kept until a person deletes them, since a cause whose record is gone could be acted for again.
 */
export const bucketResources = (context: StackContext): Resources => ({
  [bucketLogicalId]: {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      ...usualBucket,
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'reports',
            Status: 'Enabled',
            Prefix: 'reports/',
            ExpirationInDays: reportsKeptDays,
            NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          },
          {
            // Written by every run: its old versions are of use for as long as somebody looks into yesterday.
            Id: 'state',
            Status: 'Enabled',
            Prefix: 'state/',
            NoncurrentVersionExpiration: { NoncurrentDays: 2 },
          },
          {
            // Written by every act; the runbook restores a damaged one from its old versions.
            Id: 'budget',
            Status: 'Enabled',
            Prefix: 'budget/',
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          },
          {
            Id: 'approvals',
            Status: 'Enabled',
            Prefix: 'approvals/',
            ExpirationInDays: approvalExpiresAfterDays,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            Id: 'receipts',
            Status: 'Enabled',
            Prefix: 'receipts/',
            ExpirationInDays: receiptExpiresAfterDays,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            Id: 'leftovers',
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            ExpiredObjectDeleteMarker: true,
          },
        ],
      },
      ...bucketSettingsOf(context),
    },
  },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    ...stayingClosed(context),
    Properties: { Bucket: ref(bucketLogicalId), PolicyDocument: policyDocument(bucketPolicyOf(context)) },
  },
});
