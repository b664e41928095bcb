import type { Authentication } from '../../../../shared/core/configuration.ts';
import { at, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

/** Every statement of every role of the smallest stack, with this way of authenticating. */
export const statementsWith = (authentication: Authentication) =>
  ofType(resourcesWith({ authentication }), 'AWS::IAM::Role').flatMap(({ logicalId, Properties }) =>
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

/** The statements of roles by their logical ids, a line each: short enough to be read and argued about. */
export const statementLinesOf = (...roles: readonly string[]): readonly string[] =>
  statementsWith({ kind: 'iam' })
    .filter(({ role }) => roles.includes(role))
    .map(
      ({ role, sid, effect, actions, resources, isConditional }) =>
        `${role} ${effect} ${sid}: ${actions.join(' ')} on ${resources.join(' ')}${isConditional ? ' if' : ''}`,
    );
