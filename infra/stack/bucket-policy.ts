import { bucketLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { inBucket } from '../../shared/deployment/operation-makers.ts';
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
  return [
    denyWithoutTls('s3:*', [bucketArn, everyObject]),
    deny('WritersAlone', {
      Action: ['s3:PutObject'],
      Resource: everyObject,
      ...unless([...writers.map(({ roleArn }) => roleArn), ...repairers]),
    }),
    ...writers.map(({ name, roleArn, folders }) =>
      deny(name, {
        Action: ['s3:PutObject'],
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
      NotAction: ['s3:Get*', 's3:List*', 's3:PutObject'],
      Resource: everyObject,
      ...unless(repairers),
    }),
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
