import { type Schedules, scheduleOf } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { parseScheduleExpression, runsPerMonthOf } from '../schedules/schedule-expression.ts';
import { footprintOf, invokedScope, type RunFootprint } from './run-footprint.ts';

/** One kind of run of one function, and how often it comes in a quiet month of 30 days. */
export type MonthlyRuns = {
  readonly definition: FunctionDefinition;
  readonly scope: string;
  readonly runs: number;
  readonly footprint: RunFootprint;
};

/**
 * Every run that the schedules wake, and every run that those invoke.
 *
 * @throws ConfigError where an invoked function invokes others
 */
export const planMonthlyRuns = (
  schedules: Schedules,
  definitions: readonly FunctionDefinition[],
): readonly MonthlyRuns[] => {
  const scheduled = definitions.flatMap((definition) =>
    definition.schedules.map(({ key, scope }): MonthlyRuns => {
      const runs = runsPerMonthOf(parseScheduleExpression(scheduleOf({ schedules }, key)));
      return { definition, scope, runs, footprint: footprintOf(definition, scope) };
    }),
  );
  return [...scheduled, ...planInvokedRuns(scheduled, definitions)];
};

const planInvokedRuns = (
  callers: readonly MonthlyRuns[],
  definitions: readonly FunctionDefinition[],
): readonly MonthlyRuns[] =>
  definitions.flatMap((definition): readonly MonthlyRuns[] => {
    const { slug } = definition;
    const runs = callers.reduce(
      (total, caller) => total + caller.runs * (caller.footprint.invocationCountBySlug[slug] ?? 0),
      0,
    );
    if (runs === 0) return [];
    const footprint = footprintOf(definition, invokedScope);
    // Nothing counts a third link of the chain yet: it would be free in silence.
    if (Object.keys(footprint.invocationCountBySlug).length > 0)
      throw new ConfigError(`${slug} is invoked and invokes others: infra/bill/runs.ts counts one link only`);
    return [{ definition, scope: invokedScope, runs, footprint }];
  });
