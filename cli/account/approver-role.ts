import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { UsageError } from '../../infra/command-line.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { partitionOfRegion } from '../../shared/core/partitions.ts';
import { isSessionOf } from '../../shared/core/principal.ts';
import { roleNameOf } from '../../shared/deployment/names.ts';
import type { Target } from '../target.ts';
import { fetchIdentity } from './identity.ts';

/** Somebody with credentials of his own, and the same account as the approvers' role sees it. */
export type Approver = {
  readonly arn: string;
  /** Signs with his own credentials. */
  readonly sts: STSClient;
  /** Speaks with those of the role. */
  readonly target: Target;
};

/** Sessions have names of 2 to 64 characters; CloudTrail shows them. */
const sessionNameOf = (arn: string): string =>
  arn
    .slice(arn.lastIndexOf('/') + 1)
    .slice(0, 64)
    .padEnd(2, '-');

/**
 * Takes the approvers' role of the cluster with the credentials at hand.
 *
 * @throws UsageError with credentials of that role itself: they do not say who took it
 * @throws DependencyError naming `sts:AssumeRole`, `denied` for somebody whom `approverPrincipals` does not name
 */
export async function takeApproverRole(target: Target): Promise<Approver> {
  const { context, calls, clientOf } = target;
  const { accountId, region } = context.cluster;
  const sts = clientOf(STSClient);
  const { arn } = await fetchIdentity(sts, calls);
  const roleName = roleNameOf(context, 'approver');
  if (isSessionOf(arn, accountId, roleName)) {
    throw new UsageError(`use your own credentials: the command takes ${roleName} itself, and shows that it is you`);
  }
  const call = 'sts:AssumeRole';
  const command = new AssumeRoleCommand({
    RoleArn: `arn:${partitionOfRegion(region).id}:iam::${accountId}:role/${roleName}`,
    RoleSessionName: sessionNameOf(arn),
    DurationSeconds: 900,
  });
  const { Credentials: given } = await callAws(calls, call, (options) => sts.send(command, options));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new DependencyError(call, 'bad-answer', 'bad answer: expected credentials');
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return {
    arn,
    sts,
    target: { ...target, clientOf: (Client, limits) => clientOf(Client, { ...limits, credentials }) },
  };
}
