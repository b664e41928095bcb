import { bucketLogicalId, prefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import {
  getAtt,
  type Json,
  type JsonObject,
  policyDocument,
  type Resources,
  ref,
} from '../../shared/deployment/template.ts';
import { closedBucket, deny, repairersOf, stayingClosed, unless } from './closed.ts';
import { encryptedBy, usualBucket } from './usual-bucket.ts';

const accessLogLogicalId = 'AccessLogBucket';
/** Longer than the audit of a year asks back. */
const accessLogKeptDays = 400;
/** Nothing is written over but by who may mend: time to see what he wrote over. */
const oldVersionsKeptDays = 90;

const logPrefix = (context: StackContext): string => `${prefixOf(context)}/`;

/** What the configuration asks of the audit's bucket beside what it always has: a key of the user's, a log of accesses, locks. */
export const bucketSettingsOf = (context: StackContext): JsonObject => {
  const key = ownKeyOf(context, 'bucket');
  const { accessLog: log, auditRetention } = context.cluster.stack ?? {};
  return {
    ...(key !== undefined && encryptedBy(key)),
    ...(log !== undefined && {
      LoggingConfiguration: {
        DestinationBucketName: log === 'own' ? ref(accessLogLogicalId) : log.bucket,
        LogFilePrefix: logPrefix(context),
      },
    }),
    // No rule: a default would hold everything that lies in the bucket. CloudFormation's schema of the bucket names neither as
    // one that makes a new bucket (cfn-lint 1.58); S3 has taken locks on versioned buckets that are there since November 2023.
    ...(auditRetention !== undefined && {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    }),
  };
};

/**
 * The stack's own bucket for the log of accesses. S3 writes into none that encrypts by a key of KMS, nor into the one that it
 * logs without logging its own writing, too (S3 User Guide, "Enabling Amazon S3 server access logging").
 */
export const accessLogResources = (context: StackContext): Resources => {
  if (context.cluster.stack?.accessLog !== 'own') return {};
  const logArn = getAtt(accessLogLogicalId, 'Arn');
  const inLog = (path: string): Json => ({ 'Fn::Join': ['', [logArn, path]] });
  return {
    [accessLogLogicalId]: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ...usualBucket,
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'accesses',
              Status: 'Enabled',
              ExpirationInDays: accessLogKeptDays,
              NoncurrentVersionExpiration: { NoncurrentDays: oldVersionsKeptDays },
            },
          ],
        },
      },
    },
    AccessLogBucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      ...stayingClosed(context),
      Properties: {
        Bucket: ref(accessLogLogicalId),
        PolicyDocument: policyDocument([
          {
            Sid: 'AccessesOfThisBucket',
            Effect: 'Allow',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: ['s3:PutObject'],
            Resource: inLog(`/${logPrefix(context)}*`),
            Condition: {
              ArnEquals: { 'aws:SourceArn': getAtt(bucketLogicalId, 'Arn') },
              StringEquals: { 'aws:SourceAccount': context.cluster.accountId },
            },
          },
          ...closedBucket(context, logArn, inLog('/*'), ['s3:PutObject']),
          // Whoever hides a write in the audit's bucket would write over its trace here. A service has no role of ours, and says that it is one.
          deny('WrittenByS3Alone', {
            Action: ['s3:PutObject'],
            Resource: inLog('/*'),
            Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' }, ...unless(repairersOf(context)).Condition },
          }),
        ]),
      },
    },
  };
};
