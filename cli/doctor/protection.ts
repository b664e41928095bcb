import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { fetchProtection } from '../../infra/stack-protection.ts';
import { type Answered, ask } from '../../shared/core/known.ts';
import { prefixOf, type StackContext } from '../../shared/deployment/names.ts';
import type { Target } from '../target.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'termination-protection';

/** Nothing where the configuration does not ask for it: then it is nobody's business here whether it is on. */
export const fetchProtectionFact = async ({
  context,
  calls,
  clientOf,
}: Target): Promise<Answered<boolean | undefined> | undefined> =>
  context.cluster.stack?.terminationProtection === true
    ? ask(() => fetchProtection(clientOf(CloudFormationClient), calls, prefixOf(context)))
    : undefined;

/** Whether CloudFormation would refuse to delete the stack, as the configuration wants it to. */
export const evaluateProtection = (
  context: StackContext,
  fetched: Answered<boolean | undefined> | undefined,
): readonly DoctorFinding[] => {
  if (fetched === undefined) return [];
  const subject = `stack ${prefixOf(context)}`;
  if (!fetched.isKnown) return [unknownFinding(check, subject, fetched)];
  if (fetched.value === true) return [{ check, subject, status: 'ok', message: 'cannot be deleted' }];
  return [
    {
      check,
      subject,
      status: 'failed',
      message:
        fetched.value === undefined
          ? 'CloudFormation knows no stack of this name'
          : 'may be deleted by whoever may delete stacks, and stack.terminationProtection says that it may not',
      advice: 'deploy again: npm run deploy turns it on at its end',
    },
  ];
};
