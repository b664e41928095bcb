import type { Answered } from '../../shared/core/known.ts';
import { clusterClaimNameOf, prefixOf, type StackContext } from '../../shared/deployment/names.ts';
import type { StackClaim } from '../account/references.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';
import { evaluateDeployment, type StackFacts } from './stack.ts';

const check = 'cluster-claim';

/** This stack's own id as its functions hold it, the same that the door compares; undefined where none of them told it. */
const ownStackIdIn = (facts: StackFacts): string | undefined =>
  Object.values(facts)
    .map((one) => (one.isKnown ? one.value?.environment.MSKEEPER_STACK_ID : undefined))
    .find((id) => id !== undefined);

/** `mskeeper-orders` of a stack's id, arn:aws:cloudformation:eu-west-1:111122223333:stack/mskeeper-orders/1a2b…. */
const nameIn = (stackId: string): string => stackId.split('/').at(1) ?? stackId;

/** Whether the parameter that says which stack keeps the cluster names this one: nothing acts where it does not. */
export const evaluateClusterClaim = (
  context: StackContext,
  facts: StackFacts,
  fetched: Answered<StackClaim | undefined>,
): DoctorFinding => {
  const subject = `parameter ${clusterClaimNameOf(context)}`;
  const acting = Object.entries(context.configuration.modes).flatMap(([name, mode]) => (mode === 'act' ? [name] : []));
  const consequence =
    acting.length === 0 ? 'nothing is in mode act anyway' : `${acting.join(', ')} may act by mode, and will not`;
  const stopped = acting.length === 0 ? 'warning' : 'failed';
  const found = (status: DoctorFinding['status'], message: string, advice?: string): DoctorFinding => ({
    check,
    subject,
    status,
    message,
    ...(advice !== undefined && { advice }),
  });
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const claim = fetched.value;
  const deployment = evaluateDeployment(facts);
  const stackName = prefixOf(context);
  if (deployment === 'absent') {
    return claim === undefined
      ? found('ok', 'no stack keeps this cluster yet')
      : found(
          'failed',
          `${claim.stackId === undefined ? 'is there and names no stack' : `names the stack ${nameIn(claim.stackId)} (${claim.stackId})`}: CloudFormation will refuse another stack for this cluster`,
          'remove the stack that keeps it first; where there is none any more, look who made the parameter, and delete it',
        );
  }
  if (claim === undefined)
    return found(
      stopped,
      `is not there, so nobody knows which stack keeps the cluster, and nothing acts: ${consequence}`,
      `look for another stack of this cluster (tag mskeeper:stack); where this is the only one, make the parameter, a String, with the id of ${stackName} (aws cloudformation describe-stacks --stack-name ${stackName})`,
    );
  const ownId = ownStackIdIn(facts);
  const mend = `remove one of the two stacks; where ${stackName} is the only one, set the parameter to its id (aws cloudformation describe-stacks --stack-name ${stackName})`;
  if (claim.stackId === undefined) return found(stopped, `names no stack, so nothing acts: ${consequence}`, mend);
  if (claim.stackId === ownId) return found('ok', `this stack keeps the cluster (${stackName})`);
  if (ownId === undefined && nameIn(claim.stackId) === stackName)
    return found(
      'unknown',
      `names a stack ${stackName}, and no function told the id of this one`,
      'see what the doctor says of the stack’s functions, and ask again',
    );
  const other =
    nameIn(claim.stackId) === stackName ? `an earlier stack ${stackName}` : `the stack ${nameIn(claim.stackId)}`;
  return found(stopped, `says that ${other} keeps this cluster (${claim.stackId}): ${consequence}`, mend);
};
