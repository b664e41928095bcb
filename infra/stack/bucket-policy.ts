import { bucketLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { auditRetentionOf, inBucket } from '../../shared/deployment/operation-makers.ts';
import { type Denial, getAtt, type Json, type Statement } from '../../shared/deployment/template.ts';
import { type BucketWriter, ownWritersOf, pairWritersOf } from './bucket-writers.ts';
import { closedBucket, deny, principal, repairersOf, unless } from './closed.ts';

const everyObject = inBucket('*');

/** The first parts of the writers' folders: under them everything is written on a condition. */
const conditionalFolders = (writers: readonly BucketWriter[]): readonly string[] => [
  ...new Set(writers.flatMap(({ folders }) => folders.map((folder) => `${folder.split('/')[0]}/`))),
];

/**
 * What keeps records as the configuration wants them: each write under `audit/` with its lock, of this mode and no longer; and
 * nobody else locks anything. S3 cannot tell the lock that comes with a write from one that is made longer later; none is
 * made shorter without `s3:BypassGovernanceRetention`, which stays denied. S3 User Guide, "Managing Object Lock".
 */
const retained = (context: StackContext, repairers: readonly Json[]): readonly Denial[] => {
  const retention = auditRetentionOf(context);
  if (retention === undefined) return [];
  const Action = ['s3:PutObjectRetention'];
  const but = unless(repairers).Condition;
  return [
    deny('AuditRetained', {
      Action: ['s3:PutObject'],
      Resource: inBucket('audit/*'),
      Condition: { Null: { 's3:object-lock-mode': 'true' }, ...but },
    }),
    deny('RetainedInAuditAlone', { Action, NotResource: inBucket('audit/*'), ...unless(repairers) }),
    deny('RetainedAsConfigured', {
      Action,
      Resource: everyObject,
      Condition: { StringNotEquals: { 's3:object-lock-mode': retention.mode }, ...but },
    }),
    // A day more, since clocks differ and S3 may count a day that has begun.
    deny('RetainedNoLonger', {
      Action,
      Resource: everyObject,
      Condition: {
        NumericGreaterThan: { 's3:object-lock-remaining-retention-days': String(retention.days + 1) },
        ...but,
      },
    }),
  ];
};

/** The bucket is closed to everybody but those who write there, each in its own folders: what lies in it decides over acts. */
export const bucketPolicyOf = (context: StackContext): readonly (Statement | Denial)[] => {
  const repairers = repairersOf(context);
  const own = ownWritersOf(context);
  const writers = [...own, ...pairWritersOf(context)];
  const locks = retained(context, repairers);
  // Who locks what he writes is bound to his folders by the same statements.
  const writing = ['s3:PutObject', ...(locks.length === 0 ? [] : ['s3:PutObjectRetention'])];
  return [
    ...closedBucket(context, getAtt(bucketLogicalId, 'Arn'), everyObject, writing),
    deny('WritersAlone', {
      Action: writing,
      Resource: everyObject,
      ...unless([...writers.map(({ roleArn }) => roleArn), ...repairers]),
    }),
    ...writers.map(({ name, roleArn, folders }) =>
      deny(name, {
        Action: writing,
        NotResource: folders.map((folder) => inBucket(`${folder}*`)),
        Condition: { ArnEquals: { [principal]: roleArn } },
      }),
    ),
    // S3 User Guide, "Enforce conditional writes on Amazon S3 buckets": the parts of an upload know no conditions, its end does.
    deny('OnConditionAlone', {
      Action: ['s3:PutObject'],
      Resource: conditionalFolders(own).map((folder) => inBucket(`${folder}*`)),
      Condition: {
        Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' },
        Bool: { 's3:ObjectCreationOperation': 'true' },
        ...unless(repairers).Condition,
      },
    }),
    ...locks,
  ];
};
