import type { StackContext } from '../../shared/deployment/names.ts';
import type { Json, Resource, Resources, Statement } from '../../shared/deployment/template.ts';
import { type ChosenNames, createResolve, type Resolve, textAt } from './template-names.ts';

/** One statement of one role, with resources as the simulator takes them. */
export type RoleStatement = {
  readonly roleName: string;
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  /** What the statement's conditions ask for, so that it applies. */
  readonly contextEntries: readonly { readonly key: string; readonly values: readonly string[] }[];
  /** Resources that could not be named; the rest of the statement stands. */
  readonly unnamed: readonly string[];
};

/** The simulator wants the ARN of one thing: a pattern's wildcards are filled with something that fits them. */
const exampleOf = (arn: string): string => (arn === '*' ? arn : arn.replaceAll('*', 'doctor').replaceAll('?', 'x'));

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const contextOf = (condition: Statement['Condition'], resolve: Resolve): RoleStatement['contextEntries'] =>
  Object.values(condition ?? {}).flatMap((byKey) =>
    typeof byKey === 'object' && byKey !== null
      ? Object.entries(byKey).map(([key, values]) => ({
          key,
          // Of several values any one is enough.
          values: listOf(values)
            .slice(0, 1)
            .flatMap((value) => {
              const text = resolve(value);
              return text === undefined ? [] : [exampleOf(text)];
            }),
        }))
      : [],
  );

const isStatement = (value: Json): value is Statement =>
  typeof value === 'object' && value !== null && 'Sid' in value && 'Effect' in value && 'Action' in value;

const statementsIn = (role: Resource): readonly Statement[] =>
  listOf(role.Properties.Policies).flatMap((policy) => {
    const document: unknown =
      typeof policy === 'object' && policy !== null ? Reflect.get(policy, 'PolicyDocument') : {};
    const statements: unknown =
      typeof document === 'object' && document !== null ? Reflect.get(document, 'Statement') : [];
    return Array.isArray(statements) ? statements.filter(isStatement) : [];
  });

/** Every statement of every role of a stack, with the names that the stack's resources have in the account. */
export const planRoleStatements = (
  context: StackContext,
  resources: Resources,
  chosen: ChosenNames,
): readonly RoleStatement[] => {
  const resolve = createResolve(context, resources, chosen);
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap((role) =>
      statementsIn(role).map((statement): RoleStatement => {
        const named = listOf(statement.Resource).map((value) => ({ value, arn: resolve(value) }));
        return {
          roleName: textAt(role, 'RoleName'),
          sid: statement.Sid,
          effect: statement.Effect,
          actions: statement.Action,
          resourceArns: named.flatMap(({ arn }) => (arn === undefined ? [] : [exampleOf(arn)])),
          contextEntries: contextOf(statement.Condition, resolve),
          unnamed: named.flatMap(({ value, arn }) => (arn === undefined ? [JSON.stringify(value)] : [])),
        };
      }),
    );
};
