import type { ContextEntry, EvaluationResult, PolicyEvaluationDecisionType } from '@aws-sdk/client-iam';
import { evaluateAccess } from '../../iam/evaluate.ts';
import type { Policy } from '../../iam/policy.ts';
import { matchesAction } from '../../iam/wildcard.ts';

/** A principal as the simulator sees it: `undefined` policies may do everything. */
export type SimulatedPrincipal = { readonly arn: string; readonly policies: readonly Policy[] | undefined };

type Question = {
  readonly action: string;
  readonly resourceArns: readonly string[];
  readonly contextEntries: readonly ContextEntry[];
  /** Actions, with wildcards, that the organization lets nobody do. */
  readonly stoppedActions: readonly string[];
};

const decide = (
  { arn, policies }: SimulatedPrincipal,
  resource: string,
  { action, contextEntries }: Question,
): PolicyEvaluationDecisionType => {
  if (policies === undefined) return 'allowed';
  const context = Object.fromEntries(
    contextEntries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName ?? '', ContextKeyValues?.[0] ?? '']),
  );
  const decision = evaluateAccess({
    principal: { kind: 'role', roleArn: arn, sessionArn: arn },
    action,
    resource,
    context: { 'aws:SecureTransport': 'true', 'aws:PrincipalArn': arn, ...context },
    identityPolicies: policies,
    resourcePolicies: [],
  });
  if (decision.allowed) return 'allowed';
  return decision.because === 'no-allow' ? 'implicitDeny' : 'explicitDeny';
};

const severity: readonly PolicyEvaluationDecisionType[] = ['allowed', 'implicitDeny', 'explicitDeny'];

/**
 * One answer an action: the most severe decision at the top and each resource's own below it, which a question about `*`
 * does not have. Source: IAM API Reference, EvaluationResult.
 */
export const simulateAction = (principal: SimulatedPrincipal, question: Question): EvaluationResult => {
  const { action, resourceArns, stoppedActions } = question;
  const isStopped = stoppedActions.some((pattern) => matchesAction(pattern, action));
  const resources = resourceArns.length === 0 ? ['*'] : resourceArns;
  const decisions = resources.map((resource) => ({
    resource,
    decision: isStopped ? ('implicitDeny' as const) : decide(principal, resource, question),
  }));
  const worst = severity.findLast((one) => decisions.some(({ decision }) => decision === one)) ?? 'implicitDeny';
  return {
    EvalActionName: action,
    EvalDecision: worst,
    EvalResourceName: resources[0],
    MatchedStatements: [],
    MissingContextValues: [],
    OrganizationsDecisionDetail: { AllowedByOrganizations: !isStopped },
    ...(resources[0] !== '*' && {
      ResourceSpecificResults: decisions.map(({ resource, decision }) => ({
        EvalResourceName: resource,
        EvalResourceDecision: decision,
        MatchedStatements: [],
        MissingContextValues: [],
      })),
    }),
  };
};
