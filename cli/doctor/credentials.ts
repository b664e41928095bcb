import type { Answered } from '../../shared/core/known.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { Identity } from '../account/identity.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'credentials';

/** Whether the credentials are of the cluster's account and partition. The Region is the cluster's own by construction. */
export const evaluateCredentials = (
  { cluster, partition }: StackContext,
  identity: Answered<Identity>,
): DoctorFinding => {
  const subject = 'credentials';
  if (!identity.isKnown) return unknownFinding(check, subject, identity);
  const { accountId, arn } = identity.value;
  const advice = 'take credentials of the account that stands in the cluster’s ARN';
  if (accountId !== cluster.accountId)
    return {
      check,
      subject,
      status: 'failed',
      message: `${arn} is in account ${accountId}, the cluster in ${cluster.accountId}`,
      advice,
    };
  if (arn.split(':')[1] !== partition)
    return {
      check,
      subject,
      status: 'failed',
      message: `${arn} is of the partition ${arn.split(':')[1]}, the cluster of ${partition}`,
      advice,
    };
  if (/:iam::\d{12}:root$/.test(arn))
    return {
      check,
      subject,
      status: 'warning',
      message: `${arn} may do everything, and nothing of it can be simulated`,
      advice: 'work under a role',
    };
  return { check, subject, status: 'ok', message: `${arn}, ${cluster.region}` };
};
