/** A policy document, normalised: every list is a list, whatever the template wrote. */
export type Policy = { readonly statements: readonly Statement[] };

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Matched;
  /** Absent in a role's trust policy; a resource policy of a queue or topic always has it. */
  readonly resources: Matched;
  /** Only in resource policies. */
  readonly principals: PrincipalPattern | undefined;
  readonly conditions: readonly Condition[];
};

/** `Action: [...]` or, inverted, `NotAction: [...]`. */
export type Matched = { readonly inverted: boolean; readonly patterns: readonly string[] };
export type PrincipalPattern = { readonly aws: readonly string[]; readonly services: readonly string[] };
export type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

/** A document that IAM would refuse, or that uses a language element which the stand-in does not evaluate. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/**
 * Reads a policy document as a template or a person writes it.
 * @throws PolicyError naming the element that is wrong or not supported; nothing is skipped in silence.
 */
export function parsePolicy(document: unknown): Policy {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  if (!isRecord(parsed)) throw new PolicyError('a policy document must be an object');
  return { statements: list(parsed.Statement).map(parseStatement) };
}

/** Reads a role's trust policy, whose statements have no resource: the role itself is meant. */
export function parseTrustPolicy(document: unknown): Policy {
  const { statements } = parsePolicy(document);
  return { statements: statements.map((each) => ({ ...each, resources: { inverted: false, patterns: ['*'] } })) };
}

/** The document that a trust policy was read from, with every list a list. */
export const documentOf = ({ statements }: Policy): object => ({
  Version: '2012-10-17',
  Statement: statements.map(({ sid, effect, actions, principals, conditions }) => ({
    ...(sid !== undefined && { Sid: sid }),
    Effect: effect,
    [actions.inverted ? 'NotAction' : 'Action']: actions.patterns,
    ...(principals !== undefined && {
      Principal: {
        ...(principals.aws.length > 0 && { AWS: principals.aws }),
        ...(principals.services.length > 0 && { Service: principals.services }),
      },
    }),
    ...(conditions.length > 0 && {
      Condition: Object.fromEntries(
        [...Map.groupBy(conditions, ({ operator }) => operator)].map(([operator, ofOperator]) => [
          operator,
          Object.fromEntries(ofOperator.map(({ key, values }) => [key, values])),
        ]),
      ),
    }),
  })),
});

const KNOWN = new Set('Sid Effect Action NotAction Resource NotResource Principal Condition'.split(' '));

function parseStatement(statement: unknown): Statement {
  if (!isRecord(statement)) throw new PolicyError('a statement must be an object');
  const unknownKey = Object.keys(statement).find((key) => !KNOWN.has(key));
  if (unknownKey) throw new PolicyError(`the statement element ${unknownKey} is not supported`);
  const effect = statement.Effect;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError(`Effect must be Allow or Deny, not ${effect}`);
  return {
    sid: typeof statement.Sid === 'string' ? statement.Sid : undefined,
    effect,
    actions: matched(statement, 'Action'),
    resources: matched(statement, 'Resource'),
    principals: parsePrincipal(statement.Principal),
    conditions: Object.entries(record(statement.Condition)).flatMap(([operator, byKey]) =>
      Object.entries(record(byKey)).map(([key, values]) => ({ operator, key, values: list(values).map(String) })),
    ),
  };
}

function matched(statement: Record<string, unknown>, element: string): Matched {
  const positive = statement[element];
  const inverted = positive === undefined && statement[`Not${element}`] !== undefined;
  return { inverted, patterns: list(inverted ? statement[`Not${element}`] : positive).map(String) };
}

function parsePrincipal(principal: unknown): PrincipalPattern | undefined {
  if (principal === undefined) return undefined;
  if (principal === '*') return { aws: ['*'], services: ['*'] };
  const kinds = record(principal);
  const unknownKind = Object.keys(kinds).find((kind) => kind !== 'AWS' && kind !== 'Service');
  if (unknownKind) throw new PolicyError(`the principal type ${unknownKind} is not supported`);
  return { aws: list(kinds.AWS).map(String), services: list(kinds.Service).map(String) };
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function record(value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new PolicyError(`expected an object, found ${JSON.stringify(value)}`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
