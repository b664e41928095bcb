import type { Answered } from '../../shared/core/known.ts';
import type { SimulatedDecision } from '../account/simulation.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';
import type { RoleStatement } from './role-statements.ts';

const check = 'permissions';

/** A statement and what IAM said of it; undefined where IAM has no such role. */
export type SimulatedStatement = {
  readonly statement: RoleStatement;
  readonly decisions: Answered<readonly SimulatedDecision[] | undefined>;
};

/** AWS's words for a decision, for people. */
export const describeDecision = ({ decision, isStoppedAbove }: SimulatedDecision): string =>
  isStoppedAbove
    ? 'a permissions boundary or the organization does not let it'
    : decision === 'explicitDeny'
      ? 'a statement denies it'
      : 'no statement allows it';

const listed = (texts: readonly string[]): string =>
  texts.length <= 3 ? texts.join('; ') : `${texts.slice(0, 3).join('; ')}; and ${texts.length - 3} more`;

const judgeStatement = ({ statement, decisions }: SimulatedStatement): readonly DoctorFinding[] => {
  const { roleName, sid, effect, unnamed } = statement;
  const subject = `role ${roleName}, ${sid}`;
  const advice =
    effect === 'Allow'
      ? 'deploy again; if it stays, ask who keeps permissions boundaries and organization policies'
      : 'deploy again: somebody took the statement out';
  if (!decisions.isKnown) return [unknownFinding(check, subject, decisions)];
  if (decisions.value === undefined) return [];
  const wrong = decisions.value.filter(({ decision }) =>
    effect === 'Allow' ? decision !== 'allowed' : decision !== 'explicitDeny',
  );
  const findings: DoctorFinding[] = [];
  if (wrong.length > 0)
    findings.push({
      check,
      subject,
      status: 'failed',
      message:
        effect === 'Allow'
          ? `may not ${listed(wrong.map((one) => `${one.action} on ${one.resourceArn} (${describeDecision(one)})`))}`
          : `may ${listed(wrong.map((one) => `${one.action} on ${one.resourceArn}`))}, which must be denied`,
      advice,
    });
  if (unnamed.length > 0)
    findings.push({
      check,
      subject,
      status: 'unknown',
      message: `the names of ${unnamed.join(', ')} could not be found out, so nothing was asked about them`,
      advice: 'see the other findings: what holds the name did not answer',
    });
  return findings;
};

const judgeRole = (roleName: string, ofRole: readonly SimulatedStatement[]): readonly DoctorFinding[] => {
  const subject = `role ${roleName}`;
  const isMissing = ofRole.some(({ decisions }) => decisions.isKnown && decisions.value === undefined);
  if (isMissing)
    return [{ check, subject, status: 'failed', message: 'is missing', advice: 'package and deploy again' }];
  const findings = ofRole.flatMap(judgeStatement);
  if (findings.length > 0) return findings;
  const count = ofRole.reduce(
    (sum, { decisions }) => sum + (decisions.isKnown ? (decisions.value?.length ?? 0) : 0),
    0,
  );
  return [{ check, subject, status: 'ok', message: `${ofRole.length} statements, ${count} decisions as they must be` }];
};

/** Whether each role may do what its statements say, and may not do what they deny. */
export const evaluatePermissions = (simulated: readonly SimulatedStatement[]): readonly DoctorFinding[] => {
  const roleNames = [...new Set(simulated.map(({ statement }) => statement.roleName))];
  return roleNames.flatMap((roleName) =>
    judgeRole(
      roleName,
      simulated.filter(({ statement }) => statement.roleName === roleName),
    ),
  );
};
