import { createHash } from 'node:crypto';
import { AwsError, type Caller } from '../service.ts';
import type { Policy } from './policy.ts';

/** Temporary credentials as Lambda hands them to a function. They open nothing but this stand-in. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

type Role = {
  readonly name: string;
  readonly arn: string;
  readonly policies: readonly Policy[];
  /** Who may assume the role (`lambda.amazonaws.com`), and for which of its resources. */
  readonly trust: Policy;
  /** The services that the trust policy names at all (`lambda.amazonaws.com`). */
  readonly trustedServices: readonly string[];
};

export type KnownKey = { readonly caller: Caller; readonly credentials: Credentials; readonly role: Role | undefined };

/** The account's roles and the access keys handed out for them. */
export type Identities = {
  /** May do everything; for drills and for the local world itself. */
  readonly admin: Credentials;
  /** Credentials of a person; he may what other resources' policies let him, and take the roles that trust him. */
  addUser(name: string): Credentials;
  addRole(role: Omit<Role, 'arn' | 'trustedServices'>): Role;
  role(arnOrName: string): Role | undefined;
  /** Credentials of a session of the role; the same session name gives the same credentials. */
  assumeRole(arnOrName: string, sessionName: string): Credentials;
  /** @throws AwsError for a key that was never handed out. */
  keyOf(accessKeyId: string): KnownKey;
};

/** AWS's answer to a key that it does not know; a service may have another name for it (local/aws/wire/denial.ts). */
export const unknownKey = (): AwsError =>
  new AwsError('UnrecognizedClientException', 403, 'The security token included in the request is invalid.');

/** An account with no roles yet. Keys are derived from names, so that two runs print the same. */
export function createIdentities(accountId: string): Identities {
  const roles = new Map<string, Role>();
  const keys = new Map<string, KnownKey>();
  const issue = (caller: Caller, role: Role | undefined): Credentials => {
    const digest = createHash('sha256').update(caller.principalArn).digest('hex');
    const credentials = {
      accessKeyId: `ASIALOCAL${digest.slice(0, 11).toUpperCase()}`,
      secretAccessKey: `local-${digest.slice(11, 45)}`,
      sessionToken: `local-session-${digest.slice(45)}`,
    };
    keys.set(credentials.accessKeyId, { caller, credentials, role });
    return credentials;
  };
  const find = (arnOrName: string): Role | undefined => roles.get(arnOrName.slice(arnOrName.lastIndexOf('/') + 1));
  return {
    admin: issue({ principalArn: `arn:aws:iam::${accountId}:user/local-admin`, isAdmin: true }, undefined),
    addUser: (name) => issue({ principalArn: `arn:aws:iam::${accountId}:user/${name}`, isAdmin: false }, undefined),
    addRole(role) {
      const allowing = role.trust.statements.filter((statement) => statement.effect === 'Allow');
      const trustedServices = allowing.flatMap((statement) => statement.principals?.services ?? []);
      const added = { ...role, arn: `arn:aws:iam::${accountId}:role/${role.name}`, trustedServices };
      roles.set(role.name, added);
      return added;
    },
    role: find,
    assumeRole(arnOrName, sessionName) {
      const role = find(arnOrName);
      if (!role) throw new AwsError('NoSuchEntityException', 404, `The role with name ${arnOrName} cannot be found.`);
      const principalArn = `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`;
      return issue({ principalArn, roleName: role.name, isAdmin: false }, role);
    },
    keyOf(accessKeyId) {
      const known = keys.get(accessKeyId);
      if (known) return known;
      throw unknownKey();
    },
  };
}
