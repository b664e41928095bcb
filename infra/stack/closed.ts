import type { StackContext } from '../../shared/deployment/names.ts';
import {
  type Denial,
  denyWithoutTls,
  type Json,
  type JsonObject,
  type Statement,
} from '../../shared/deployment/template.ts';

type Rest<Part> = Part extends unknown ? Omit<Part, 'Sid' | 'Effect' | 'Principal'> : never;

export const deny = (Sid: string, rest: Rest<Denial>): Denial => ({ Sid, Effect: 'Deny', Principal: '*', ...rest });

/** The session of a role carries the ARN of its role in this key, whatever the session is called. */
export const principal = 'aws:PrincipalArn';

/** Nobody where the list is empty: then the statement holds for all. */
export const unless = (arns: readonly Json[]): { readonly Condition?: JsonObject } =>
  arns.length === 0 ? {} : { Condition: { ArnNotEquals: { [principal]: arns } } };

/** Who may mend by hand what is closed: nobody, where the configuration names nobody. */
export const repairersOf = ({ cluster: { stack: { breakGlassRole } = {} } }: StackContext): readonly Json[] =>
  breakGlassRole === undefined ? [] : [breakGlassRole];

/** CloudFormation calls with the credentials of whoever deploys, or of the role that it was given, and says that it does. */
const notByCloudFormation: JsonObject = {
  StringNotEquals: { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' },
};

/**
 * What every bucket of a stack that holds evidence is closed by, also to a role that may do anything anywhere: its objects
 * are read, and written as the caller's own statements say; the bucket itself is changed by deploys alone, since whoever
 * could change policy, versions or lifecycle would open the rest. Identity policies still have to allow each call; this takes
 * away and gives nothing. Lifecycle rules are S3's own and judged by no policy.
 *
 * `NotAction` stands in denials alone: what S3 will learn to do tomorrow is denied today.
 *
 * Where the first service that somebody asked is another than CloudFormation, as Service Catalog, `deploymentRole` is the way:
 * what a service calls by that role (IAM User Guide, "Forward access sessions"; CloudFormation User Guide, "Forward access
 * sessions (FAS) requests and permission evaluation": also with a role of its own). Whoever merely takes the role changes nothing.
 *
 * @param writing actions on objects that statements of the bucket's own judge
 */
export const closedBucket = (
  context: StackContext,
  bucketArn: Json,
  everyObject: Json,
  writing: readonly string[],
): readonly (Statement | Denial)[] => {
  const { deploymentRole } = context.cluster.stack ?? {};
  const repairers = repairersOf(context);
  const deployers: readonly Json[] = deploymentRole === undefined ? [] : [deploymentRole];
  const NotAction = ['s3:Get*', 's3:List*'];
  return [
    denyWithoutTls('s3:*', [bucketArn, everyObject]),
    // Deleting, also of old versions, tags, holds, restoring, replicas.
    deny('NothingElse', { NotAction: [...NotAction, ...writing], Resource: everyObject, ...unless(repairers) }),
    deny('ChangedByDeploysAlone', {
      NotAction,
      Resource: bucketArn,
      Condition: { ...notByCloudFormation, ...unless([...repairers, ...deployers]).Condition },
    }),
    ...deployers.map((role) =>
      deny('DeployedByServicesAlone', {
        NotAction,
        Resource: bucketArn,
        Condition: {
          ...notByCloudFormation,
          ArnEquals: { [principal]: role },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
        },
      }),
    ),
  ];
};

/**
 * What of a topic may be changed by deploys alone, where somebody is left who may mend it: SNS has no way for an account's root
 * past a topic's own policy, so that without a break-glass role a deploy that SNS took for none would lock everybody out. These
 * are the verbs of SNS that a topic's policy judges, beside publishing, subscribing and reading (SNS Developer Guide, "Amazon
 * SNS API permissions"): whoever has one of them could let himself publish, or keep messages from everybody. Taking away a
 * subscription is none of them, and stays open.
 */
export const closedTopic = (context: StackContext, topicArn: Json): readonly Denial[] => {
  const repairers = repairersOf(context);
  if (repairers.length === 0) return [];
  return [
    deny('ChangedByDeploysAlone', {
      Action: [
        'sns:AddPermission',
        'sns:DeleteTopic',
        'sns:PutDataProtectionPolicy',
        'sns:RemovePermission',
        'sns:SetTopicAttributes',
      ],
      Resource: topicArn,
      Condition: { ...notByCloudFormation, ...unless(repairers).Condition },
    }),
  ];
};

/**
 * What becomes of a policy that closes evidence when the stack goes, lets go of it, or makes its bucket anew: it stays, where
 * somebody is left who may open it. The buckets stay in any case.
 */
export const stayingClosed = (context: StackContext) => {
  const policy = repairersOf(context).length === 0 ? 'Delete' : 'Retain';
  return { DeletionPolicy: policy, UpdateReplacePolicy: policy } as const;
};
