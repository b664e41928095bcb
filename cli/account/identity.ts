import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** Who holds the credentials. Source: STS GetCallerIdentity, which needs no permission. */
export type Identity = { readonly accountId: string; readonly arn: string };

/** @throws DependencyError naming `sts:GetCallerIdentity` */
export const fetchIdentity = async (client: STSClient, calls: CallScope): Promise<Identity> => {
  const call = 'sts:GetCallerIdentity';
  const { Account, Arn } = await callAws(calls, call, (options) =>
    client.send(new GetCallerIdentityCommand({}), options),
  );
  if (Account === undefined || Arn === undefined)
    throw new DependencyError(call, 'bad-answer', 'bad answer: expected Account and Arn');
  return { accountId: Account, arn: Arn };
};

/**
 * The principal whose policies are simulated: a session's role, a user as it is, or nothing for what the simulator does
 * not take (root, federated users). A session's ARN leaves out the role's path, so the role is asked for it.
 *
 * @throws DependencyError naming `iam:GetRole`
 */
export const fetchPrincipalArn = async (
  client: IAMClient,
  calls: CallScope,
  { arn }: Identity,
): Promise<string | undefined> => {
  const roleName = /:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (roleName === undefined) return /:iam::\d{12}:user\//.test(arn) ? arn : undefined;
  const call = 'iam:GetRole';
  const { Role } = await callAws(calls, call, (options) =>
    client.send(new GetRoleCommand({ RoleName: roleName }), options),
  );
  if (Role?.Arn === undefined)
    throw new DependencyError(call, 'bad-answer', 'bad answer: expected the ARN of the role');
  return Role.Arn;
};
