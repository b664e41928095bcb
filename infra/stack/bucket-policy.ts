import { bucketLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { auditRetentionOf, inBucket } from '../../shared/deployment/operation-makers.ts';
import {
  type Denial,
  denyWithoutTls,
  getAtt,
  type Json,
  type JsonObject,
  type Statement,
} from '../../shared/deployment/template.ts';
import { type BucketWriter, ownWritersOf, pairWritersOf } from './bucket-writers.ts';

type Rest<Part> = Part extends unknown ? Omit<Part, 'Sid' | 'Effect' | 'Principal'> : never;

const deny = (Sid: string, rest: Rest<Denial>): Denial => ({ Sid, Effect: 'Deny', Principal: '*', ...rest });

/** The session of a role carries the ARN of its role in this key, whatever the session is called. */
const principal = 'aws:PrincipalArn';

/** Nobody where the list is empty: then the statement holds for all. */
const unless = (arns: readonly Json[]): { readonly Condition?: JsonObject } =>
  arns.length === 0 ? {} : { Condition: { ArnNotEquals: { [principal]: arns } } };

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

/**
 * The bucket is closed to everybody but those who write there, also to a role that may do anything anywhere: what lies in it
 * decides over acts. Identity policies still have to allow each write; this one takes away and gives nothing. Lifecycle rules
 * are S3's own and judged by no policy.
 *
 * `NotAction` and `NotResource` stand in denials alone: what S3 will learn to do tomorrow is denied today.
 */
export const bucketPolicyOf = (context: StackContext): readonly (Statement | Denial)[] => {
  const { breakGlassRole, deploymentRole } = context.cluster.stack ?? {};
  const bucketArn = getAtt(bucketLogicalId, 'Arn');
  const repairers: readonly Json[] = breakGlassRole === undefined ? [] : [breakGlassRole];
  const deployers: readonly Json[] = [...repairers, ...(deploymentRole === undefined ? [] : [deploymentRole])];
  const own = ownWritersOf(context);
  const writers = [...own, ...pairWritersOf(context)];
  const locks = retained(context, repairers);
  // Who locks what he writes is bound to his folders by the same statements.
  const writing = ['s3:PutObject', ...(locks.length === 0 ? [] : ['s3:PutObjectRetention'])];
  return [
    denyWithoutTls('s3:*', [bucketArn, everyObject]),
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
    // Deleting, also of old versions, tags, holds, restoring, replicas.
    deny('NothingElse', {
      NotAction: ['s3:Get*', 's3:List*', ...writing],
      Resource: everyObject,
      ...unless(repairers),
    }),
    ...locks,
    // Whoever could change policy, versions or lifecycle would open the rest. CloudFormation calls with the deployer's own credentials.
    deny('ChangedByDeploysAlone', {
      NotAction: ['s3:Get*', 's3:List*'],
      Resource: bucketArn,
      Condition: {
        StringNotEquals: { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' },
        ...unless(deployers).Condition,
      },
    }),
  ];
};
