import { buildStack } from '../../../../infra/stack/stack.ts';
import type { Authentication, Channels } from '../../../../shared/core/configuration.ts';
import type { Resource } from '../../../../shared/deployment/template.ts';
import { at, configurationWith, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

const statementsIn = (resources: readonly (readonly [string, Resource])[]) =>
  ofType(resources, 'AWS::IAM::Role').flatMap(({ logicalId, Properties }) =>
    objectsOf(Properties.Policies).flatMap((policy) =>
      objectsOf(at(policy, 'PolicyDocument', 'Statement')).map((statement) => ({
        role: logicalId,
        sid: shown(statement.Sid),
        effect: shown(statement.Effect),
        actions: listOf(statement.Action).map(shown),
        resources: listOf(statement.Resource).map(shown),
        isConditional: statement.Condition !== undefined,
      })),
    ),
  );

/** Every statement of every role of the smallest stack, with this way of authenticating. */
export const statementsWith = (authentication: Authentication) => statementsIn(resourcesWith({ authentication }));

const linesOf = (statements: ReturnType<typeof statementsIn>, roles: readonly string[]): readonly string[] =>
  statements
    .filter(({ role }) => roles.includes(role))
    .map(
      ({ role, sid, effect, actions, resources, isConditional }) =>
        `${role} ${effect} ${sid}: ${actions.join(' ')} on ${resources.join(' ')}${isConditional ? ' if' : ''}`,
    );

/** The statements of roles by their logical ids, a line each: short enough to be read and argued about. */
export const statementLinesOf = (...roles: readonly string[]): readonly string[] =>
  linesOf(statementsWith({ kind: 'iam' }), roles);

/** The same of a stack whose file names channels. */
export const statementLinesWith = (channels: Channels, ...roles: readonly string[]): readonly string[] => {
  const { resources } = buildStack({ ...configurationWith(), channels }, 'orders');
  return linesOf(statementsIn(Object.entries(resources)), roles);
};
