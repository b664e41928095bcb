import { type AuditRetention, encodeAuditRetention } from '../acting/core/audit-retention.ts';
import type { NotificationTopic } from '../core/configuration.ts';
import { asidePrefix } from '../core/store-keys.ts';
import {
  arnOf,
  bucketLogicalId,
  executionsOf,
  functionNameOf,
  type StackContext,
  topicKeyLogicalId,
  topicLogicalId,
} from './names.ts';
import type { Grant, Operation, Where } from './operation.ts';
import { keyGrants, ownKeyOf } from './own-keys.ts';
import { getAtt, type Json, ref } from './template.ts';

/** One statement that lets a call be made on the cluster itself. */
export const onCluster = (sid: string, action: string): Operation['grants'] => {
  return ({ context }) => [{ sid, actions: [action], resources: [context.cluster.arn] }];
};

/** A call of MSK that reads the cluster and changes nothing. */
export const describing = (operation: string): Operation => ({
  signedAs: `kafka:${operation}`,
  grants: onCluster('DescribeTheCluster', `kafka:${operation}`),
  packages: ['@aws-sdk/client-kafka'],
  // To be verified: no pricing page names a price for it.
  price: 'nothing',
});

/**
 * The same of a call for which the Service Authorization Reference names no resource type, and of which AWS says that a
 * policy must then say `*`: on the cluster's ARN it may be denied. It reads, and nothing else.
 */
export const describingAnything = (operation: string): Operation => ({
  ...describing(operation),
  grants: onEverything('DescribeWithoutResource', `kafka:${operation}`),
});

/** IAM lets nobody narrow these: the Service Authorization Reference names no resource type. */
export const onEverything = (sid: string, action: string): Operation['grants'] => {
  return () => [{ sid, actions: [action], resources: ['*'] }];
};

/** A call that reads what Application Auto Scaling would do. */
export const autoScaling = (operation: string): Operation => ({
  signedAs: `application-autoscaling:${operation}`,
  grants: onEverything('SeeWhoElseScales', `application-autoscaling:${operation}`),
  packages: ['@aws-sdk/client-application-auto-scaling'],
  price: 'nothing',
});

/** ARN of one of the stack's own functions, without a version. */
export const functionArnOf = ({ context }: Where, slug: string): string =>
  arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}`);

/** An intake's own durable function. */
export const runOf = (where: Pick<Where, 'slug' | 'starts'>): string => where.starts ?? where.slug;

/** The ARN of a key of the stack's bucket, or of keys, with a `*`. */
export const inBucket = (path: string): Json => ({ 'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), `/${path}`]] });
const bucketVariable = () => ({ MSKEEPER_BUCKET: ref(bucketLogicalId) });

/** Without it S3 answers 403, not 404, for what was never written. */
const tellMissingFromDenied: Grant = {
  sid: 'TellMissingFromDenied',
  actions: ['s3:ListBucket'],
  resources: [getAtt(bucketLogicalId, 'Arn')],
};

/** Where in the bucket: a key, or the beginning of keys with a `*`. */
export type KeyOf = (where: Where) => string;

/** Reading what lies in the bucket under these keys. @param sid of the statement that both ways share */
export const reading = (sid: string, keyOf: KeyOf): Operation => ({
  signedAs: 's3:GetObject',
  grants: (where) => [
    { sid, actions: ['s3:GetObject'], resources: [inBucket(keyOf(where))] },
    tellMissingFromDenied,
    ...keyGrants(where.context, 'bucket', ['kms:Decrypt']),
  ],
  packages: ['@aws-sdk/client-s3'],
  variables: bucketVariable,
  price: 's3Get',
});

/**
 * Writing what lies in the bucket under these keys; who writes may not read by it.
 *
 * @param folderOf the folder that holds them all
 */
export const writing = (sid: string, keyOf: KeyOf, folderOf: KeyOf): Operation => ({
  signedAs: 's3:PutObject',
  grants: (where) => [
    { sid, actions: ['s3:PutObject'], resources: [inBucket(keyOf(where))] },
    ...keyGrants(where.context, 'bucket', ['kms:GenerateDataKey']),
  ],
  writesUnder: folderOf,
  packages: ['@aws-sdk/client-s3'],
  variables: bucketVariable,
  price: 's3Put',
});

/** The same of one document, and of where it is kept for people once it cannot be read (`replaceUnreadable`). */
export const rewriting = (sid: string, keyOf: KeyOf, folderOf: KeyOf): Operation => {
  const operation = writing(sid, keyOf, folderOf);
  const asideOf: KeyOf = (where) => `${asidePrefix(keyOf(where))}*`;
  return {
    ...operation,
    grants: (where) => [
      ...operation.grants(where),
      { sid: 'SetAside', actions: ['s3:PutObject'], resources: [inBucket(asideOf(where))] },
    ],
  };
};

/**
 * The same of records, each version of which is kept from deletion where the configuration wants it. S3 asks whoever writes so
 * for `s3:PutObjectRetention`, too, by which one may also make a retention longer, but never shorter; the bucket's policy says how
 * long and where (infra/stack/bucket-policy.ts).
 */
export const retaining = (sid: string, keyOf: KeyOf, folderOf: KeyOf): Operation => {
  const operation = writing(sid, keyOf, folderOf);
  return {
    ...operation,
    grants: (where) => [
      ...operation.grants(where),
      ...(auditRetentionOf(where.context) === undefined
        ? []
        : [{ sid, actions: ['s3:PutObjectRetention'], resources: [inBucket(keyOf(where))] }]),
    ],
    variables: (where) => {
      const retention = auditRetentionOf(where.context);
      return {
        ...bucketVariable(),
        ...(retention && { MSKEEPER_AUDIT_RETENTION: encodeAuditRetention(retention) }),
      };
    },
  };
};

/** What the configuration wants of the audit's records, in S3's words; undefined where it wants nothing. */
export const auditRetentionOf = ({ cluster }: StackContext): AuditRetention | undefined => {
  const retention = cluster.stack?.auditRetention;
  return retention && { mode: retention.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE', days: retention.days };
};

const encrypting = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Telling people by one of the topics. @param variable of the environment that names it */
export const publishing = (topic: NotificationTopic, variable: string): Operation => ({
  signedAs: 'sns:Publish',
  grants: ({ context }) => [
    { sid: 'Notify', actions: ['sns:Publish'], resources: [ref(topicLogicalId(topic))] },
    ...(ownKeyOf(context, 'topics') === undefined
      ? [{ sid: 'EncryptForTopics', actions: encrypting, resources: [getAtt(topicKeyLogicalId, 'Arn')] }]
      : keyGrants(context, 'topics', encrypting)),
  ],
  packages: ['@aws-sdk/client-sns'],
  variables: () => ({ [variable]: ref(topicLogicalId(topic)) }),
  price: 'notification',
});

/** A call by which a durable run keeps or reads its own history. */
export const checkpointing = (operation: string): Operation => ({
  signedAs: `lambda:${operation}`,
  grants: (where) => [
    {
      sid: 'OwnCheckpoints',
      actions: [`lambda:${operation}`],
      resources: [executionsOf(where.context, where.slug)],
    },
  ],
  packages: ['@aws-sdk/client-lambda'],
  price: 'by-durable-operation',
});
