import type { Schedules } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { parseScheduleExpression, runsPerMonthOf } from '../schedules/schedule-expression.ts';
import { invokedScope, type RunFootprint } from './run-footprint.ts';

/** One kind of run of one function, and how often it comes in a quiet month of 30 days. */
export type MonthlyRuns = {
  readonly definition: FunctionDefinition;
  readonly scope: string;
  readonly runs: number;
  readonly footprint: RunFootprint;
};

type FootprintBySlug = Readonly<Record<string, Readonly<Record<string, RunFootprint>>>>;

const find = (footprintBySlug: FootprintBySlug, slug: string, scope: string): RunFootprint => {
  const footprint = Object.hasOwn(footprintBySlug, slug) ? footprintBySlug[slug]?.[scope] : undefined;
  if (footprint !== undefined) return footprint;
  throw new ConfigError(
    `nobody has counted what a run of ${slug}, ${scope}, calls: count one and put it into infra/bill/run-footprint.ts`,
  );
};

/**
 * Every run that the schedules wake, and every run that those invoke.
 *
 * @throws ConfigError where a function, or one of its scopes, has no counted run
 */
export const planMonthlyRuns = (
  schedules: Schedules,
  definitions: readonly FunctionDefinition[],
  footprintBySlug: FootprintBySlug,
): readonly MonthlyRuns[] => {
  const uncounted = definitions.find(({ slug }) => !Object.hasOwn(footprintBySlug, slug));
  if (uncounted !== undefined) find(footprintBySlug, uncounted.slug, 'any scope');
  const scheduled = definitions.flatMap((definition) =>
    definition.schedules.map(({ key, scope }): MonthlyRuns => {
      const runs = runsPerMonthOf(parseScheduleExpression(schedules[key]));
      return { definition, scope, runs, footprint: find(footprintBySlug, definition.slug, scope) };
    }),
  );
  return [...scheduled, ...planInvokedRuns(scheduled, definitions, footprintBySlug)];
};

const planInvokedRuns = (
  callers: readonly MonthlyRuns[],
  definitions: readonly FunctionDefinition[],
  footprintBySlug: FootprintBySlug,
): readonly MonthlyRuns[] =>
  definitions.flatMap((definition): readonly MonthlyRuns[] => {
    const { slug } = definition;
    const runs = callers.reduce(
      (total, caller) => total + caller.runs * (caller.footprint.invocationCountBySlug[slug] ?? 0),
      0,
    );
    if (runs === 0) return [];
    const footprint = find(footprintBySlug, slug, invokedScope);
    // Nothing counts a third link of the chain yet: it would be free in silence.
    if (Object.keys(footprint.invocationCountBySlug).length > 0)
      throw new ConfigError(`${slug} is invoked and invokes others: infra/bill/runs.ts counts one link only`);
    return [{ definition, scope: invokedScope, runs, footprint }];
  });
