import type { Credentials } from '../../../aws/iam/identities.ts';
import { parsePolicy, parseTrustPolicy } from '../../../aws/iam/policy.ts';
import type { StandIn } from '../../../aws/stand-in.ts';

const approverRole = 'on-call';
const strangerRole = 'operator';
const repairerRole = 'break-glass';

const arnOf = (accountId: string, role: string): string => `arn:aws:iam::${accountId}:role/${role}`;

/** Whom the configuration lets answer, and who may mend the bucket. */
export const principalsOf = (accountId: string) => ({
  approver: arnOf(accountId, approverRole),
  repairer: arnOf(accountId, repairerRole),
});

/** Somebody with credentials of his own, as a company's directory gives them: a session of a role, called after him. */
export type Person = { readonly arn: string; readonly credentials: Credentials };

/**
 * Who takes part.
 *
 * @property initiator may wake and answer, and wakes the run
 * @property approver may do the same, and is somebody else
 * @property stranger may do anything that his own role says, everywhere, and is none of those who may answer
 * @property repairer has the role that may mend what lies in the bucket
 */
export type People = Readonly<Record<'initiator' | 'approver' | 'stranger' | 'repairer', Person>>;

/** Makes their roles in an account. @param intakeArn the function that wakes a run */
export function makePeople({ world }: Pick<StandIn, 'world'>, intakeArn: string): People {
  const { identities, accountId } = world;
  const add = (name: string, Action: readonly string[], Resource: string): void => {
    const trusted = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'sts:AssumeRole' };
    identities.addRole({
      name,
      policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action, Resource }] })],
      trust: parseTrustPolicy({ Statement: [trusted] }),
    });
  };
  add(approverRole, ['lambda:InvokeFunction'], intakeArn);
  add(strangerRole, ['s3:*', 'lambda:*', 'sts:*'], '*');
  add(repairerRole, ['s3:*'], '*');
  const person = (role: string, name: string): Person => ({
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`,
    credentials: identities.assumeRole(role, name),
  });
  return {
    initiator: person(approverRole, 'alice'),
    approver: person(approverRole, 'bob'),
    stranger: person(strangerRole, 'mallory'),
    repairer: person(repairerRole, 'carol'),
  };
}
