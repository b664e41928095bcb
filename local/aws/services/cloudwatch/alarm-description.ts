import type {
  CompositeAlarm as DescribedComposite,
  MetricAlarm as DescribedMetricAlarm,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import type { Alarm, CompositeAlarm, MetricAlarm, WatchedAlarm } from './alarm.ts';
import type { MetricStat } from './metric-query.ts';

/** A metric alarm as DescribeAlarms answers it. */
export function describeMetricAlarm(watched: WatchedAlarm, alarm: MetricAlarm): DescribedMetricAlarm {
  const [query] = alarm.queries;
  return {
    ...describeCommon(watched, alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missingData,
    ...(alarm.isMath || query?.of.kind !== 'metric'
      ? {
          Metrics: alarm.queries.map((each) => ({
            Id: each.id,
            ReturnData: each.isReturned,
            ...describeQuery(each.label, each.of),
          })),
        }
      : describeSingle(query.of.stat)),
  };
}

/** A composite alarm as DescribeAlarms answers it. */
export function describeComposite(watched: WatchedAlarm, alarm: CompositeAlarm): DescribedComposite {
  return { ...describeCommon(watched, alarm), AlarmRule: alarm.rule };
}

function describeCommon({ state, transitionedMs, configuredMs }: WatchedAlarm, alarm: Alarm) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(configuredMs),
    ActionsEnabled: alarm.isActionsEnabled,
    OKActions: [...alarm.actions.OK],
    AlarmActions: [...alarm.actions.ALARM],
    InsufficientDataActions: [...alarm.actions.INSUFFICIENT_DATA],
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updatedMs),
    StateTransitionedTimestamp: new Date(transitionedMs),
  };
}

function describeSingle({ metric, stat, periodSeconds, unit, statistic }: MetricStat) {
  return {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: describeDimensions(metric.dimensions),
    Period: periodSeconds,
    ...(statistic.kind === 'percentile'
      ? { ExtendedStatistic: stat }
      : { Statistic: statistic.kind satisfies Statistic }),
    ...describeUnit(unit),
  };
}

function describeQuery(label: string | undefined, of: MetricAlarm['queries'][number]['of']) {
  const named = label === undefined ? {} : { Label: label };
  if (of.kind === 'math') return { ...named, Expression: of.text };
  const { metric, periodSeconds, stat, unit } = of.stat;
  return {
    ...named,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: describeDimensions(metric.dimensions),
      },
      Period: periodSeconds,
      Stat: stat,
      ...describeUnit(unit),
    },
  };
}

function describeDimensions(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** A unit came from the template as text; the SDK's type is a union of the same words. */
function describeUnit(unit: string | undefined) {
  return unit === undefined ? {} : { Unit: unit as NonNullable<DescribedMetricAlarm['Unit']> };
}
