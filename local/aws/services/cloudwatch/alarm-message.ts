import type { CompositeAlarm, MetricAlarm } from './alarm.ts';
import type { StateChange } from './alarm-event.ts';
import { awsTimestamp } from './alarm-text.ts';
import type { MetricQuery } from './metric-query.ts';

/** SNS cuts off nothing: a subject of 100 characters or more is refused. */
const subjectCharacters = 99;

/** Subject and message of an alarm's SNS action. The Region stands by its code, where AWS prints its English name. */
export function snsMessage(change: StateChange): { readonly subject: string; readonly message: string } {
  const { alarm, previous, current } = change;
  return {
    subject: `${current.value}: "${alarm.name}" in ${change.region}`.slice(0, subjectCharacters),
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: alarm.description ?? null,
      AWSAccountId: change.accountId,
      AlarmConfigurationUpdatedTimestamp: awsTimestamp(change.configuredMs),
      NewStateValue: current.value,
      NewStateReason: current.reason,
      StateChangeTime: awsTimestamp(current.updatedMs),
      Region: change.region,
      AlarmArn: alarm.arn,
      OldStateValue: previous.value,
      OKActions: alarm.actions.OK,
      AlarmActions: alarm.actions.ALARM,
      InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
      ...(alarm.kind === 'metric' ? { Trigger: describeTrigger(alarm) } : describeRule(alarm, current.reasonData)),
    }),
  };
}

function describeTrigger(alarm: MetricAlarm): unknown {
  const [query] = alarm.queries;
  const common = {
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missingData,
    EvaluateLowSampleCountPercentile: '',
  };
  if (alarm.isMath || query?.of.kind !== 'metric') return { ...common, Metrics: alarm.queries.map(describeQuery) };
  const { metric, stat, unit } = query.of.stat;
  const isPercentile = stat.startsWith('p');
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    StatisticType: isPercentile ? 'ExtendedStatistic' : 'Statistic',
    ...(isPercentile ? { ExtendedStatistic: stat } : { Statistic: stat.toUpperCase() }),
    Unit: unit ?? null,
    Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
    ...common,
  };
}

function describeQuery(query: MetricQuery): unknown {
  const label = query.label === undefined ? {} : { Label: query.label };
  if (query.of.kind === 'math') {
    return { Expression: query.of.text, Id: query.id, ...label, ReturnData: query.isReturned };
  }
  const { metric, periodSeconds, stat } = query.of.stat;
  return {
    Id: query.id,
    ...label,
    MetricStat: {
      Metric: {
        Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
        MetricName: metric.name,
        Namespace: metric.namespace,
      },
      Period: periodSeconds,
      Stat: stat,
    },
    ReturnData: query.isReturned,
  };
}

function describeRule(alarm: CompositeAlarm, reasonData: string | undefined): Readonly<Record<string, unknown>> {
  const data: unknown = reasonData === undefined ? {} : JSON.parse(reasonData);
  const children = typeof data === 'object' && data !== null && 'triggeringAlarms' in data ? data.triggeringAlarms : [];
  return { AlarmRule: alarm.rule, TriggeringChildren: children };
}
