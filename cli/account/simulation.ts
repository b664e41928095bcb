import { type EvaluationResult, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

export type SimulationRequest = {
  readonly principalArn: string;
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  readonly contextEntries: readonly { readonly key: string; readonly values: readonly string[] }[];
};

/** What IAM would decide of one action on one resource. */
export type SimulatedDecision = {
  readonly action: string;
  readonly resourceArn: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny' | (string & {});
  /** The account's organization or the principal's permissions boundary does not let it, whatever its own policies say. */
  readonly isStoppedAbove: boolean;
};

/** The simulator tells each resource by itself, and its most severe decision at the top; older answers had only the top. */
const decisionsOf = (result: EvaluationResult): readonly SimulatedDecision[] => {
  const action = result.EvalActionName ?? '';
  const isStoppedAbove =
    result.OrganizationsDecisionDetail?.AllowedByOrganizations === false ||
    result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false;
  const ofResources = result.ResourceSpecificResults ?? [];
  if (ofResources.length === 0)
    return [
      {
        action,
        resourceArn: result.EvalResourceName ?? '*',
        decision: result.EvalDecision ?? 'unknown',
        isStoppedAbove,
      },
    ];
  return ofResources.map((one) => ({
    action,
    resourceArn: one.EvalResourceName ?? '*',
    decision: one.EvalResourceDecision ?? 'unknown',
    isStoppedAbove: isStoppedAbove || one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
  }));
};

/**
 * What a role or user may do by its own policies, its boundary and its organization. Resource policies (the bus's, the
 * topics', the key's) take no part. Source: IAM SimulatePrincipalPolicy.
 *
 * @throws DependencyError naming `iam:SimulatePrincipalPolicy`; `not-found` where there is no such principal
 */
export const simulate = (
  client: IAMClient,
  calls: CallScope,
  request: SimulationRequest,
): Promise<readonly SimulatedDecision[]> => {
  const call = 'iam:SimulatePrincipalPolicy';
  return fetchAllPages(call, async (marker) => {
    const command = new SimulatePrincipalPolicyCommand({
      PolicySourceArn: request.principalArn,
      ActionNames: [...request.actions],
      ResourceArns: [...request.resourceArns],
      ContextEntries: request.contextEntries.map(({ key, values }) => ({
        ContextKeyName: key,
        ContextKeyType: values.length > 1 ? 'stringList' : 'string',
        ContextKeyValues: [...values],
      })),
      Marker: marker,
    });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: (answer.EvaluationResults ?? []).flatMap(decisionsOf),
      nextToken: answer.IsTruncated === true ? answer.Marker : undefined,
    };
  });
};
