import { mostMetricsInAnAlarm } from '../../shared/core/metric-catalogue.ts';
import type { Alarm } from '../../shared/deployment/alarm.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { alarmGroupsOf, lambdaMetrics, nameFunctions } from './function-groups.ts';

const badEndings = ['DurableExecutionFailed', 'DurableExecutionTimedOut', 'DurableExecutionStopped'] as const;

const fine = { treatment: 'notBreaching', because: 'fine: no run ended' } as const;

/**
 * What only a durable function's own metrics tell. Its bad end has no destination and leaves no failed invocation: critical,
 * since a run that acted may have left the cluster half-way and nobody watches it any more. An invocation of it that dies is
 * begun again until the execution's days are over, so no queue hears of it either: a warning, since the run still lives.
 */
export const planDurableAlarms = (context: StackContext): readonly Alarm[] => {
  const durable = context.functions.filter((one) => one.durable !== undefined).map(({ slug }) => slug);
  const common = { owner: 'self', section: 'mskeeper-itself', missing: fine } as const;
  return [
    ...alarmGroupsOf(durable, Math.floor(mostMetricsInAnAlarm / badEndings.length), 'durable-runs').map(
      ({ subject, items: slugs }): Alarm => ({
        ...common,
        slug: 'runs-ended-badly',
        severity: 'critical',
        subject,
        signal: {
          kind: 'math',
          expression: 'SUM(METRICS())',
          label: 'runs that failed, timed out or were stopped',
          metricById: lambdaMetrics(context, slugs, badEndings, 'Sum'),
        },
        comparison: 'GreaterThanThreshold',
        threshold: 0,
        periodSeconds: 60,
        evaluationPeriods: 1,
        sentence: `a run of ${nameFunctions(slugs)} failed, timed out or was stopped: what it began is watched by nobody.`,
      }),
    ),
    ...alarmGroupsOf(durable, mostMetricsInAnAlarm, 'durable-runs').map(
      ({ subject, items: slugs }): Alarm => ({
        ...common,
        slug: 'errors',
        severity: 'warning',
        subject,
        signal: {
          kind: 'math',
          expression: 'SUM(METRICS())',
          label: 'invocations that died',
          metricById: lambdaMetrics(context, slugs, ['Errors'], 'Sum'),
        },
        comparison: 'GreaterThanOrEqualToThreshold',
        threshold: 1,
        periodSeconds: 300,
        // Lambda begins a dead invocation again; two in a quarter of an hour are not chance.
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        sentence: `invocations of ${nameFunctions(slugs)} die: the run is begun again and again.`,
      }),
    ),
  ];
};
