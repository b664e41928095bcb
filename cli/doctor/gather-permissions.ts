import { IAMClient } from '@aws-sdk/client-iam';
import { SNSClient } from '@aws-sdk/client-sns';
import { buildStack } from '../../infra/stack/stack.ts';
import { ask } from '../../shared/core/known.ts';
import { arnOf, topicNameOf } from '../../shared/deployment/names.ts';
import { askToFind } from '../account/find.ts';
import { fetchPrincipalArn, fetchTrustPolicy, type Identity } from '../account/identity.ts';
import { simulate } from '../account/simulation.ts';
import { fetchTopicKeyArn } from '../account/subscriptions.ts';
import type { Target } from '../target.ts';
import type { DeployerFacts } from './deployer.ts';
import { planDeployerActions } from './deployer-actions.ts';
import type { SimulatedStatement } from './permissions.ts';
import { planRoleStatements } from './role-statements.ts';
import { type ApproverRoles, approverRolesIn } from './session-names.ts';

/** IAM answers few requests a second; four at once stay below what it throttles. */
const atOnce = 4;

const inTurn = async <Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(run))));
  return results;
};

/** Asks IAM about every statement of every role of the deployed stack. @param bucketName as a function's environment says it */
export const fetchSimulatedStatements = async (
  { context, calls, clientOf }: Target,
  bucketName: string | undefined,
): Promise<readonly SimulatedStatement[]> => {
  const iam = clientOf(IAMClient);
  const { configuration, clusterKey, partition, cluster } = context;
  const topicArn = arnOf(context, 'sns', topicNameOf(context, 'critical'));
  const key = await ask(() => fetchTopicKeyArn(clientOf(SNSClient), calls, topicArn));
  const topicKeyArn = key.isKnown ? key.value : undefined;
  const statements = planRoleStatements(context, buildStack(configuration, clusterKey).resources, {
    ...(bucketName !== undefined && { bucketName }),
    ...(topicKeyArn !== undefined && { topicKeyArn }),
  });
  return inTurn(statements, async (statement) => {
    const principalArn = `arn:${partition}:iam::${cluster.accountId}:role/${statement.roleName}`;
    const { actions, resourceArns, contextEntries } = statement;
    const decisions = await askToFind(async () =>
      resourceArns.length === 0 ? [] : simulate(iam, calls, { principalArn, actions, resourceArns, contextEntries }),
    );
    return { statement, decisions };
  });
};

/** Asks IAM what whoever runs the doctor may do of what a deploy needs. */
export const fetchDeployerFacts = async (
  { context, calls, clientOf }: Target,
  identity: Identity,
): Promise<DeployerFacts> => {
  const iam = clientOf(IAMClient);
  const principal = await ask(() => fetchPrincipalArn(iam, calls, identity));
  if (!principal.isKnown || principal.value === undefined) return { principalArn: principal, simulated: [] };
  const principalArn = principal.value;
  const simulated = await inTurn(
    planDeployerActions(context, buildStack(context.configuration, context.clusterKey).resources),
    async (asked) => ({
      asked,
      decisions: await ask(() =>
        simulate(iam, calls, {
          principalArn,
          actions: asked.actions,
          resourceArns: asked.resourceArns,
          contextEntries: asked.contextEntries ?? [],
        }),
      ),
    }),
  );
  return { principalArn: principal, simulated };
};

/** Asks IAM who may take each role of approverPrincipals that this account has. */
export const fetchApproverRoles = async ({ context, calls, clientOf }: Target): Promise<ApproverRoles> => {
  const iam = clientOf(IAMClient);
  const asked = await inTurn(approverRolesIn(context), async (arn) => {
    const trust = await askToFind(() => fetchTrustPolicy(iam, calls, arn));
    return [arn, trust] as const;
  });
  return Object.fromEntries(asked);
};
