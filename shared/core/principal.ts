/**
 * Who a caller is, by the ARN that STS gives him, held against the ARNs of users and roles that a configuration names. Both
 * are read part by part and compared whole: a name that begins like another one is another one.
 * Source: IAM User Guide, "IAM identifiers"; STS API Reference, "GetCallerIdentity".
 */
const user =
  /^arn:(?<partition>aws[a-z-]*):iam::(?<account>\d{12}):user\/(?:[\x21-\x7e]*\/)?(?<name>[\w+=,.@-]{1,64})$/;
const session =
  /^arn:(?<partition>aws[a-z-]*):sts::(?<account>\d{12}):assumed-role\/(?<role>[\w+=,.@-]{1,64})\/(?<name>[\w+=,.@-]{2,64})$/;
const role =
  /^arn:(?<partition>aws[a-z-]*):iam::(?<account>\d{12}):role\/(?:[\x21-\x7e]*\/)?(?<role>[\w+=,.@-]{1,64})$/;

/**
 * Whether a caller is one of the principals: a user by his whole ARN, a session by its role. A session's ARN leaves out the
 * role's path, which tells no two roles of an account apart.
 *
 * @param callerArn as STS names him; what is neither a user's nor a session's is nobody's
 * @param principals ARNs of users and roles
 */
export function isAdmitted(callerArn: string, principals: readonly string[]): boolean {
  if (user.test(callerArn)) return principals.includes(callerArn);
  const caller = session.exec(callerArn)?.groups;
  if (caller === undefined) return false;
  return principals.some((principal) => {
    const admitted = role.exec(principal)?.groups;
    return (
      admitted !== undefined &&
      admitted.partition === caller.partition &&
      admitted.account === caller.account &&
      admitted.role === caller.role
    );
  });
}

/** The account of a user or a session; undefined for anything else. */
export const accountOf = (callerArn: string): string | undefined =>
  (user.exec(callerArn) ?? session.exec(callerArn))?.groups?.account;

/** A session of this very role: it was taken to act, and does not say who took it. */
export const isSessionOf = (callerArn: string, accountId: string, roleName: string): boolean => {
  const caller = session.exec(callerArn)?.groups;
  return caller?.account === accountId && caller.role === roleName;
};

/**
 * Whether two names may be one person's: an ARN's last part or a plain name, whatever case and whatever domain of e-mail
 * stands behind it. In doubt it is one person: four eyes must be four.
 */
export const mayBeSamePerson = (one: string, other: string): boolean => personOf(one) === personOf(other);

/** `…/alice@example.com` → `alice`. */
const personOf = (name: string): string => {
  const whole = name.trim().toLowerCase();
  return whole.slice(whole.lastIndexOf('/') + 1).replace(/@.*$/s, '');
};
