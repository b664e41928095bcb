import { type ConditionContext, holdsCondition } from './condition.ts';
import type { Matched, Policy, PrincipalPattern, Statement } from './policy.ts';
import { matchesAction, matchesArn, matchesWildcard } from './wildcard.ts';

/** Who asks: a role's session, a user or an AWS service acting for a resource (`events.amazonaws.com` for a rule). */
export type Principal =
  | { readonly kind: 'role'; readonly roleArn: string; readonly sessionArn: string }
  | { readonly kind: 'user'; readonly userArn: string }
  | { readonly kind: 'service'; readonly service: string };

export type AccessRequest = {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  /** The role's own policies; empty for a service. */
  readonly identityPolicies: readonly Policy[];
  /** The policies on the bus, topic, queue, bucket or function that is asked for. */
  readonly resourcePolicies: readonly Policy[];
};

export type AccessDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: 'explicit-deny-identity' | 'explicit-deny-resource' | 'no-allow' };

/**
 * IAM's rule within one account: an explicit deny anywhere wins, then an allow in the role's policies or in the
 * resource's policy suffices, else the request is denied.
 * Source: IAM User Guide, "Policy evaluation logic".
 */
export function evaluateAccess(request: AccessRequest): AccessDecision {
  const identity = applicable(request.identityPolicies, request, () => true);
  const resource = applicable(request.resourcePolicies, request, (statement) => namesPrincipal(statement, request));
  if (identity.includes('Deny')) return { allowed: false, because: 'explicit-deny-identity' };
  if (resource.includes('Deny')) return { allowed: false, because: 'explicit-deny-resource' };
  if (identity.includes('Allow') || resource.includes('Allow')) return { allowed: true };
  return { allowed: false, because: 'no-allow' };
}

/** AWS's sentence for a denied call, as it stands in the error's message. */
export function denialMessage(decision: AccessDecision & { allowed: false }, request: AccessRequest): string {
  const who = arnsOf(request.principal).at(-1) ?? '';
  const kind = request.principal.kind === 'service' ? 'resource-based' : 'identity-based';
  const reason = {
    'explicit-deny-identity': 'with an explicit deny in an identity-based policy',
    'explicit-deny-resource': 'with an explicit deny in a resource-based policy',
    'no-allow': `because no ${kind} policy allows the ${request.action} action`,
  }[decision.because];
  return `User: ${who} is not authorized to perform: ${request.action} on resource: ${request.resource} ${reason}`;
}

function applicable(
  policies: readonly Policy[],
  request: AccessRequest,
  isFor: (statement: Statement) => boolean,
): readonly Statement['effect'][] {
  return policies
    .flatMap((policy) => policy.statements)
    .filter(
      (statement) =>
        isFor(statement) &&
        matches(statement.actions, (pattern) => matchesAction(pattern, request.action)) &&
        matches(statement.resources, (pattern) => matchesResource(pattern, request.resource)) &&
        statement.conditions.every((condition) => holdsCondition(condition, request.context)),
    )
    .map((statement) => statement.effect);
}

function matches(matched: Matched, test: (pattern: string) => boolean): boolean {
  return matched.patterns.some(test) !== matched.inverted;
}

/** `*` as a resource is a word of its own: it also covers actions without a resource. */
function matchesResource(pattern: string, resource: string): boolean {
  return (
    pattern === '*' ||
    (resource.startsWith('arn:') ? matchesArn(pattern, resource) : matchesWildcard(pattern, resource))
  );
}

function namesPrincipal(statement: Statement, request: AccessRequest): boolean {
  const pattern: PrincipalPattern | undefined = statement.principals;
  if (!pattern) return false;
  const { principal } = request;
  if (principal.kind === 'service') return pattern.services.some((name) => name === '*' || name === principal.service);
  const arns = arnsOf(principal);
  const accountId = arns[0]?.split(':')[4];
  return pattern.aws.some((name) => {
    if (name === '*' || arns.includes(name)) return true;
    // The account as a principal covers its roles for a deny; an allow only hands the choice to their own policies.
    return statement.effect === 'Deny' && (name === accountId || name === `arn:aws:iam::${accountId}:root`);
  });
}

/** What a policy may call the principal; the last one is how a denial names it. */
function arnsOf(principal: Principal): readonly string[] {
  switch (principal.kind) {
    case 'role':
      return [principal.roleArn, principal.sessionArn];
    case 'user':
      return [principal.userArn];
    default:
      return [principal.service];
  }
}
