import type { Answered } from '../../shared/core/known.ts';
import type { SimulatedDecision } from '../account/simulation.ts';
import type { DeployerActions } from './deployer-actions.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';
import { describeDecision } from './permissions.ts';

const check = 'deployer';

export type DeployerFacts = {
  /** Undefined where the credentials are of a kind that IAM does not simulate. */
  readonly principalArn: Answered<string | undefined>;
  readonly simulated: readonly {
    readonly asked: DeployerActions;
    readonly decisions: Answered<readonly SimulatedDecision[]>;
  }[];
};

/** Whether whoever runs the doctor may also deploy: what docs/deploy.md lists, row by row. */
export const evaluateDeployer = ({ principalArn, simulated }: DeployerFacts): readonly DoctorFinding[] => {
  if (!principalArn.isKnown) return [unknownFinding(check, 'deployer', principalArn)];
  if (principalArn.value === undefined)
    return [{ check, subject: 'deployer', status: 'skipped', message: 'IAM does not simulate these credentials' }];
  const rows = [...new Set(simulated.map(({ asked }) => asked.row))];
  return rows.map((row): DoctorFinding => {
    const ofRow = simulated.filter(({ asked }) => asked.row === row);
    const unanswered = ofRow.find(({ decisions }) => !decisions.isKnown)?.decisions;
    if (unanswered?.isKnown === false) return unknownFinding(check, row, unanswered);
    const decisions = ofRow.flatMap((one) => (one.decisions.isKnown ? one.decisions.value : []));
    const wrong = decisions.filter(({ decision }) => decision !== 'allowed');
    const [first] = wrong;
    if (first === undefined)
      return { check, subject: row, status: 'ok', message: `${decisions.length} actions are allowed` };
    return {
      check,
      subject: row,
      status: 'failed',
      message: `these credentials may not ${[...new Set(wrong.map(({ action }) => action))].join(', ')} (${describeDecision(first)})`,
      advice: 'allow what docs/deploy.md lists for this row, or let somebody else deploy',
    };
  });
};
