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
 * Names that tools give a session where nobody chose one: other ones each time, and of nobody. What stands before a number or
 * an id is a word of the tool's or of whoever wrote it, and the same for everybody who uses it.
 * Sources: AWS SDKs and tools reference guide, "Assume role credential provider" (`role_session_name` and what each SDK takes
 * without it: aws-sdk-js-…, botocore-session-…, aws-go-sdk-…); IAM User Guide, "IAM roles for EC2" (the instance's id); ECS
 * and EKS name sessions by their tasks and pods.
 */
const madeByTools: readonly RegExp[] = [
  /^[\d.,=+_-]+$/,
  /^m?i-[0-9a-f]{8,17}$/,
  /^(?:aws[-_]?(?:sdk|cli|go|java|dotnet|php|rust|ruby|cpp|powershell)|boto(?:3|core)?(?![a-z])|(?:default|assume[-_]?role|web[-_]?identity|provider)(?![a-z]))/,
  /\d{10}/,
  /(?=[a-f]*\d)[0-9a-f]{12}/,
];

/**
 * A session whose name no person chose and no directory gave: it tells the role and not who took it. A name with a domain of
 * e-mail is a directory's.
 */
export const isNamedByTool = (callerArn: string): boolean => {
  const name = session.exec(callerArn)?.groups?.name?.toLowerCase();
  return name !== undefined && !name.includes('@') && madeByTools.some((made) => made.test(name));
};

/**
 * Whether two names may be one person's: an ARN's last part or a plain name, whatever case and whatever domain of e-mail
 * stands behind it; and two sessions of one role, where a tool chose one of the names. In doubt it is one person: four eyes
 * must be four.
 */
export const mayBeSamePerson = (one: string, other: string): boolean =>
  personOf(one) === personOf(other) || (areOfOneRole(one, other) && (isNamedByTool(one) || isNamedByTool(other)));

const areOfOneRole = (one: string, other: string): boolean => {
  const [first, second] = [one, other].map((arn) => session.exec(arn)?.groups);
  return (
    first !== undefined &&
    second !== undefined &&
    (['partition', 'account', 'role'] as const).every((part) => first[part] === second[part])
  );
};

/**
 * What a caller is called in messages: a user by his name, a session by what it was named, without the domain of an address,
 * which is nobody's business there. Undefined for anything else.
 */
export const nameOfCaller = (callerArn: string): string | undefined =>
  (user.exec(callerArn) ?? session.exec(callerArn))?.groups?.name?.replace(/(?<=.)@.*$/s, '');

/** `…/alice@example.com` → `alice`. */
const personOf = (name: string): string => {
  const whole = name.trim().toLowerCase();
  return whole.slice(whole.lastIndexOf('/') + 1).replace(/@.*$/s, '');
};
