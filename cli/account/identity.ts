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
  const role = await fetchRole(client, calls, roleName);
  if (role?.Arn === undefined)
    throw new DependencyError(roleCall, 'bad-answer', 'bad answer: expected the ARN of the role');
  return role.Arn;
};

const roleCall = 'iam:GetRole';

const fetchRole = async (client: IAMClient, calls: CallScope, RoleName: string) => {
  const command = new GetRoleCommand({ RoleName });
  return (await callAws(calls, roleCall, (options) => client.send(command, options))).Role;
};

/**
 * Who may take a role, as IAM keeps it: JSON, which its API hands out encoded as a part of an URL.
 *
 * @param arn with its path, of an account that these credentials may ask
 * @throws DependencyError naming `iam:GetRole`; `not-found` where there is none of this name or path
 */
export const fetchTrustPolicy = async (client: IAMClient, calls: CallScope, arn: string): Promise<string> => {
  const role = await fetchRole(client, calls, arn.slice(arn.lastIndexOf('/') + 1));
  if (role?.Arn !== undefined && role.Arn !== arn) {
    throw new DependencyError(roleCall, 'not-found', `the role of this name is ${role.Arn}`);
  }
  const encoded = role?.AssumeRolePolicyDocument;
  if (encoded === undefined) {
    throw new DependencyError(roleCall, 'bad-answer', 'bad answer: expected who may take the role');
  }
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new DependencyError(roleCall, 'bad-answer', 'bad answer: a trust policy that is not encoded', { cause });
  }
};
