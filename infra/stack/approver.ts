import { commandsAlias } from '../../shared/core/incident-command.ts';
import {
  arnOf,
  bucketLogicalId,
  executionsOf,
  functionLogicalId,
  functionNameOf,
  prefixOf,
  roleNameOf,
  type StackContext,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { environmentGrants, keyGrants } from '../../shared/deployment/own-keys.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import {
  allow,
  getAtt,
  type Json,
  policyDocument,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';
import { statementOf } from './permissions.ts';

const approverRoleLogicalId = 'ApproverRole';

/**
 * What a person may who decides over the requests of this cluster: read them, answer the callbacks of this stack's durable
 * functions, see which are answered, and find the bucket. It can neither start nor change a run, and no function has any
 * of it but the list of runs.
 */
const requestStatements = (context: StackContext, durableSlugs: readonly string[]): readonly Statement[] => {
  const inBucket = (path: string): Json => ({ 'Fn::Join': ['', [getAtt(bucketLogicalId, 'Arn'), path]] });
  const prefix = `approvals/${context.clusterKey}/`;
  return [
    { Sid: 'ReadRequests', Effect: 'Allow', Action: ['s3:GetObject'], Resource: inBucket(`/${prefix}*`) },
    {
      Sid: 'ListRequests',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: getAtt(bucketLogicalId, 'Arn'),
      Condition: { StringLike: { 's3:prefix': `${prefix}*` } },
    },
    {
      Sid: 'Decide',
      Effect: 'Allow',
      Action: ['lambda:SendDurableExecutionCallbackFailure', 'lambda:SendDurableExecutionCallbackSuccess'],
      Resource: durableSlugs.map((slug) => arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}:*`)),
    },
    // Which requests still wait: the run's state, and in its history the callback's. Asked without a version.
    allow(
      'FindTheRuns',
      ['lambda:ListDurableExecutionsByFunction'],
      durableSlugs.flatMap((slug) => {
        const run = arnOf(context, 'lambda', `function:${functionNameOf(context, slug)}`);
        return [run, `${run}:*`];
      }),
    ),
    allow(
      'SeeWhatIsAnswered',
      ['lambda:GetDurableExecutionHistory'],
      durableSlugs.map((slug) => executionsOf(context, slug)),
    ),
    {
      // The command reads the bucket's name out of a function's environment, as the doctor does.
      Sid: 'FindTheBucket',
      Effect: 'Allow',
      Action: ['lambda:GetFunctionConfiguration'],
      Resource: arnOf(context, 'lambda', `function:${functionNameOf(context, 'cluster-health')}`),
    },
    ...[...keyGrants(context, 'bucket', ['kms:Decrypt']), ...environmentGrants(context)].map(statementOf),
  ];
};

/**
 * The alias by which commands come to whoever tells people, and nothing else: what a queue would bring cannot be sent by it. It
 * names the newest code, as what wakes the function by itself does.
 */
const commandsDoor = (context: StackContext): Resources => {
  const teller = tellerOf(context);
  if (teller === undefined) return {};
  return {
    [logicalIdOf('Commands', teller.slug)]: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: ref(functionLogicalId(teller.slug)),
        FunctionVersion: '$LATEST',
        Name: commandsAlias,
      },
    },
  };
};

/** Who may approve may say of a fault that he deals with it: the function judges by whoever signed, and not by this role. */
const commandStatements = (context: StackContext): readonly Statement[] => {
  const teller = tellerOf(context);
  if (teller === undefined) return [];
  return [
    allow(
      'CommandIncident',
      ['lambda:InvokeFunction'],
      [arnOf(context, 'lambda', `function:${functionNameOf(context, teller.slug)}:${commandsAlias}`)],
    ),
  ];
};

/** The door for commands, and the approvers' role where the configuration names who may take it and there is something to decide. */
export const approverResources = (context: StackContext): Resources => {
  const { approverPrincipals } = context.configuration;
  const durableSlugs = context.functions.flatMap(({ slug, durable }) => (durable === undefined ? [] : [slug]));
  const statements = [
    ...(durableSlugs.length === 0 ? [] : requestStatements(context, durableSlugs)),
    ...commandStatements(context),
  ];
  const door = commandsDoor(context);
  if (approverPrincipals.length === 0 || statements.length === 0) return door;
  return {
    ...door,
    [approverRoleLogicalId]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: roleNameOf(context, 'approver'),
        Description: `Decides over what ${prefixOf(context)} asks a person`,
        // An hour: long enough to read a plan and answer.
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: policyDocument([
          {
            Sid: 'Approvers',
            Effect: 'Allow',
            Principal: { AWS: [...approverPrincipals] },
            Action: ['sts:AssumeRole'],
          },
        ]),
        Policies: [{ PolicyName: 'approve', PolicyDocument: policyDocument(statements) }],
      },
    },
  };
};
