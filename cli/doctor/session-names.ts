import * as z from 'zod';
import { ifReadable } from '../../shared/aws/answer.ts';
import type { Answered } from '../../shared/core/known.ts';
import { matchesPattern } from '../../shared/core/name-pattern.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { jsonIn } from '../../shared/text/json.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'session-names';

/** Each role of approverPrincipals by its ARN, with its trust policy as IAM has it; undefined where there is no such role. */
export type ApproverRoles = Readonly<Record<string, Answered<string | undefined>>>;

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const trustPolicy = z.object({
  Statement: z.union([
    z.array(z.unknown()),
    z.record(z.string(), z.unknown()).transform((one): readonly unknown[] => [one]),
  ]),
});
const statementShape = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: ifReadable(oneOrMore),
  NotAction: ifReadable(oneOrMore),
  Principal: ifReadable(z.union([z.literal('*').transform(() => ({ AWS: ['*'] })), z.record(z.string(), oneOrMore)])),
  Condition: ifReadable(z.record(z.string(), z.record(z.string(), oneOrMore))),
});
type TrustStatement = z.output<typeof statementShape>;

/** The calls in which whoever takes the role says the session's name. With SAML the directory says it. */
const choosing = ['sts:assumerole', 'sts:assumerolewithwebidentity'];

/** @param action in small letters: IAM takes them for what they are in any case */
const matches = (pattern: string, action: string): boolean => matchesPattern(action, pattern.toLowerCase());

const isAbout = ({ Action, NotAction }: TrustStatement, action: string): boolean =>
  Action !== undefined
    ? Action.some((pattern) => matches(pattern, action))
    : NotAction === undefined || !NotAction.some((pattern) => matches(pattern, action));

/** Services name their sessions themselves. */
const isOfPeople = ({ Principal }: TrustStatement): boolean =>
  Principal === undefined || Object.keys(Principal).some((kind) => kind !== 'Service');

/** What AWS knows of who takes the role: a variable of its policies that whoever takes it does not choose. */
const ofTheTaker =
  /^[^*?$]*\$\{(?:aws:(?:username|userid|principaltag\/[^}]+|sourceidentity)|[^}:]+:(?:sub|email|upn|preferred_username))\}[^*?$]*$/i;
/** One name for all is one person's to us. */
const isOneName = (values: readonly string[]): boolean => values.length === 1 && !/[*?$]/.test(values[0] ?? '*');

const hasNameCondition = ({ Condition = {} }: TrustStatement, operators: RegExp): boolean =>
  Object.entries(Condition).some(
    ([operator, byKey]) =>
      operators.test(operator) &&
      Object.entries(byKey).some(
        ([key, values]) =>
          key.toLowerCase() === 'sts:rolesessionname' &&
          (isOneName(values) || (values.length > 0 && values.every((value) => ofTheTaker.test(value)))),
      ),
  );

const equal = /^String(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/;
const notEqual = /^StringNot(?:Equals|EqualsIgnoreCase|Like)$/;

/**
 * Whether nobody who takes a role can choose the session's name: each statement that lets people take it names what AWS
 * knows of them, or a denial without any other condition does for all.
 * Source: IAM User Guide, "IAM and AWS STS condition context keys", `sts:RoleSessionName`.
 *
 * @param text a role's trust policy, JSON
 * @returns undefined where the policy cannot be read, in whole or in part
 */
export function isNameBound(text: string): boolean | undefined {
  const policy = trustPolicy.safeParse(jsonIn(text));
  const statements = policy.data?.Statement.map((one) => statementShape.safeParse(one).data) ?? [undefined];
  const isReadable = (one: TrustStatement | undefined): one is TrustStatement => one !== undefined;
  if (!statements.every(isReadable)) return undefined;
  return choosing.every((action) => {
    const about = statements.filter((one) => isAbout(one, action) && isOfPeople(one));
    const isDeniedOtherwise = about.some(
      (one) =>
        one.Effect === 'Deny' &&
        (one.Principal?.AWS ?? []).includes('*') &&
        Object.entries(one.Condition ?? {}).length === 1 &&
        Object.values(one.Condition ?? {}).every((byKey) => Object.keys(byKey).length === 1) &&
        hasNameCondition(one, notEqual),
    );
    return isDeniedOtherwise || about.every((one) => one.Effect === 'Deny' || hasNameCondition(one, equal));
  });
}

const roleFinding = (arn: string, fetched: Answered<string | undefined>): DoctorFinding => {
  const subject = `role ${arn}`;
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  if (fetched.value === undefined) {
    const advice = 'correct approverPrincipals in mskeeper.yml, package and deploy';
    return { check, subject, status: 'failed', message: 'there is no such role: nobody can approve as it', advice };
  }
  switch (isNameBound(fetched.value)) {
    case true:
      return { check, subject, status: 'ok', message: 'its trust policy binds the session’s name to who takes it' };
    case false:
      return {
        check,
        subject,
        status: 'warning',
        message:
          'whoever takes it may choose the session’s name (sts:RoleSessionName), so people of it can pass for each other when they approve or wake',
        advice: `add to each statement of its trust policy that lets people take it: "Condition": {"StringEquals": {"sts:RoleSessionName": "\${aws:username}"}}, or what else AWS knows of them (docs/deploy.md, approvals)`,
      };
    case undefined:
      return {
        check,
        subject,
        status: 'unknown',
        message: 'its trust policy cannot be read as one',
        advice: 'look at it: aws iam get-role',
      };
  }
};

/** The roles whose people may approve, where anything waits for a person. */
const approverRoles = ({ configuration }: StackContext): readonly string[] =>
  Object.values(configuration.approvals).some(({ isRequired }) => isRequired)
    ? configuration.approverPrincipals.filter((arn) => arn.includes(':role/'))
    : [];

const isOfAccount = ({ cluster }: StackContext, arn: string): boolean => arn.split(':')[4] === cluster.accountId;

/** Those whose trust policy can be asked for here. */
export const approverRolesIn = (context: StackContext): readonly string[] =>
  approverRoles(context).filter((arn) => isOfAccount(context, arn));

/** Whether people of one role that may approve can be told apart. */
export const evaluateSessionNames = (context: StackContext, roles: ApproverRoles): readonly DoctorFinding[] => [
  ...Object.entries(roles).map(([arn, fetched]) => roleFinding(arn, fetched)),
  ...approverRoles(context)
    .filter((arn) => !isOfAccount(context, arn))
    .map((arn): DoctorFinding => {
      const message = 'is a role of another account: whether its trust policy binds the session’s name was not asked';
      return { check, subject: `role ${arn}`, status: 'skipped', message };
    }),
];
