import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../aws/call.ts';
import { ask } from '../core/known.ts';
import type { CallScope } from '../run/call-scope.ts';
import type { ClusterClaim } from './core/questions.ts';

/**
 * Which stack keeps the cluster, read each time. CloudFormation makes the parameter with the stack under a name that follows
 * from the cluster alone, and refuses a second stack that would make it again (infra/stack/cluster-claim.ts); this asks for
 * what came another way: a parameter that was removed or written over, a stack that was made from an edited template.
 *
 * @param stackId this stack's own, as CloudFormation gave it
 */
export async function fetchClusterClaim(
  client: SSMClient,
  calls: CallScope,
  { parameter, stackId }: { readonly parameter: string; readonly stackId: string },
): Promise<ClusterClaim> {
  const answer = await ask(() =>
    callAws(calls, 'ssm:GetParameter', (options) => client.send(new GetParameterCommand({ Name: parameter }), options)),
  );
  if (!answer.isKnown) {
    return {
      holder: 'unknown',
      message:
        answer.failure === 'not-found'
          ? `The parameter ${parameter}, which says which stack keeps the cluster, does not exist, so nothing acts: look in CloudTrail who deleted it (DeleteParameter), and for another stack of this cluster (tag mskeeper:stack). Where there is but this one, make the parameter again, a String that says ${stackId}; a deploy does not.`
          : `Which stack keeps the cluster cannot be read (parameter ${parameter}: ${answer.why}), so nothing acts: mend that, then ask again.`,
    };
  }
  if (answer.value.Parameter?.Value === stackId) return { holder: 'this-stack' };
  return {
    holder: 'another',
    message: `The parameter ${parameter} says that another stack keeps this cluster, so nothing acts here: remove one of the two stacks, or, where there is but this one, set it to ${stackId}.`,
  };
}
