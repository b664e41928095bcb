import { ConfigError } from '../../shared/core/errors.ts';
import type { CallCount, CountSeries, FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import type { Operation } from '../../shared/deployment/operation.ts';
import { operationOf } from '../../shared/deployment/operations.ts';

/**
 * What one run leaves on the bill while all is quiet: nothing changed since the run before, nobody is told, no retry. It
 * follows from what the function declares; test/integration/packaged/footprint.test.ts counts it in runs of the packaged
 * functions and fails where they differ.
 */
export type RunFootprint = {
  /** Calls by service and operation, as the SDK signs them: `monitoring` is CloudWatch. */
  readonly callCountByOperation: Readonly<Record<string, number>>;
  /** Functions that its `lambda:Invoke` wakes, by slug. */
  readonly invocationCountBySlug: Readonly<Record<string, number>>;
  /** Entries of its `events:PutEvents`, each billed: one a call, since a quiet run has one thing to say. */
  readonly eventCount: number;
  /** Documents that it adds to the bucket and nothing overwrites. */
  readonly reportCount: number;
  /** Series that it publishes in mskeeper's own namespace: the procedure where that is a dimension, and the name. */
  readonly publishedMetrics: readonly string[];
  /** Series that its `monitoring:GetMetricData` asks for, each billed: of so many runs a month, on average. */
  readonly metricsRequested: (stack: Parameters<CountSeries>[1], runsPerMonth: number) => number;
  readonly assumedSeconds: number;
  readonly assumedLogKiB: number;
};

const usualLogKiB = 8;

/** The scope of a run that another function's run invokes. */
export const invokedScope = 'invoked';

const countIn = (slug: string, name: string, count: CallCount, scope: string): number => {
  const counted = typeof count === 'number' ? count : Object.hasOwn(count, scope) ? count[scope] : undefined;
  if (counted !== undefined) return counted;
  throw new ConfigError(
    `nobody has counted how often a run of ${slug}, ${scope}, calls ${name}: say it in its deployment.ts`,
  );
};

type CountedCall = { readonly name: string; readonly operation: Operation; readonly count: number };

const countBy = (
  calls: readonly CountedCall[],
  keyOf: (call: CountedCall) => string | undefined,
): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const key = keyOf(call);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + call.count;
  }
  return counts;
};

/**
 * One quiet run of a function, woken by the schedule of that scope, or invoked by another function.
 *
 * @throws ConfigError where calls are counted by scope and this scope is none of them
 */
export const footprintOf = (definition: FunctionDefinition, scope: string): RunFootprint => {
  const { slug, schedules, publishes, countSeries, assumedSeconds, assumedLogKiB = usualLogKiB } = definition;
  const calls = Object.entries(definition.calls)
    .map(([name, count]) => ({ name, operation: operationOf(name), count: countIn(slug, name, count, scope) }))
    .filter(({ count }) => count > 0);
  const numberOf = (wanted: string) => calls.find(({ name }) => name === wanted)?.count ?? 0;
  const heartbeats = schedules.filter((one) => one.scope === scope).flatMap((one) => one.heartbeat?.metric ?? []);
  return {
    callCountByOperation: countBy(calls, ({ operation }) => operation.signedAs),
    invocationCountBySlug: countBy(calls, ({ operation }) => operation.invokes?.(definition)),
    eventCount: numberOf('events:PutEvents'),
    reportCount: numberOf('s3:PutObject report'),
    publishedMetrics: [...publishes, ...heartbeats.map((metric) => `${slug} ${metric}`)],
    metricsRequested: (stack, runsPerMonth) => countSeries(scope, stack, runsPerMonth),
    assumedSeconds,
    assumedLogKiB,
  };
};
