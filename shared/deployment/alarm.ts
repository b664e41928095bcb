import type { MetricQuery } from '../core/metric-catalogue.ts';
import type { AlarmSubject } from '../core/own-alarms.ts';
import { runbookPageOf } from '../core/runbook.ts';
import { alarmNameOf, type StackContext, selfTopicLogicalId, topicLogicalId } from './names.ts';
import { logicalIdOf } from './names-of-parts.ts';
import { tellerOf } from './teller.ts';
import { type JsonObject, type Resource, ref } from './template.ts';

/** The severities that page. A notice (P3) has no topic, so it has no alarm: cluster-health reports it. */
export const alarmSeverities = ['warning', 'critical', 'emergency'] as const;
export type AlarmSeverity = (typeof alarmSeverities)[number];
export const priorityOf = { warning: 'P2', critical: 'P1', emergency: 'P0' } as const satisfies Record<
  AlarmSeverity,
  string
>;

export type MetricReference = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Partial<Record<string, string>>>;
  readonly statistic: MetricQuery['statistic'];
  /** What a graph of several calls it. */
  readonly label?: string;
};

/** One metric, or metrics by id with an expression over them and over steps, which are expressions over the metrics. */
export type Signal =
  | { readonly kind: 'metric'; readonly metric: MetricReference }
  | {
      readonly kind: 'math';
      readonly expression: string;
      readonly label: string;
      readonly stepById?: Readonly<Record<string, string>>;
      readonly metricById: Readonly<Record<string, MetricReference>>;
    };

/**
 * An alarm before it is CloudFormation.
 *
 * @property owner the procedure that it wakes, or `self`
 * @property slug `disk-used`; with severity and subject it makes the name
 * @property subject `brokers-1-to-10`, `group-billing-topic-orders`; absent for the cluster
 * @property of the topic and the group that the subject is joined of, by their names
 * @property sentence what is wrong, for the person who is paged; description adds severity and the runbook's page
 * @property section page of docs/runbook/
 * @property tellsItself its topic hears of it whoever else tells people: what of the teller itself the teller could not say
 * @property tellsItsEnd its topic hears of its end, too: who pages by it could not tell the next time from this one
 * @property warmUpMinutes after it was made or changed, in which it neither judges nor tells
 */
export type Alarm = {
  readonly owner: string;
  readonly slug: string;
  readonly severity: AlarmSeverity;
  readonly subject?: string;
  readonly of?: AlarmSubject;
  readonly signal: Signal;
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** Absent: all of them. */
  readonly datapointsToAlarm?: number;
  readonly missing: {
    readonly treatment: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
    readonly because: string;
  };
  readonly sentence: string;
  readonly section: string;
  readonly tellsItself?: true;
  readonly tellsItsEnd?: true;
  readonly warmUpMinutes?: number;
};

/** An alarm that a policy asks for and that is not made, for the person who packages: silence must not look like health. */
export type AlarmNotMade = { readonly what: string; readonly because: string };

/** What one part of the policy becomes. */
export type AlarmPlan = { readonly alarms: readonly Alarm[]; readonly notMade: readonly AlarmNotMade[] };

/** Where an alarm on mskeeper itself of that severity is heard, whatever becomes of a key. */
export const selfTopicOf = (severity: AlarmSeverity): JsonObject => ref(selfTopicLogicalId(severity));

const dimensionList = (dimensions: MetricReference['dimensions']): readonly JsonObject[] =>
  Object.entries(dimensions).flatMap(([Name, Value]) => (Value === undefined ? [] : [{ Name, Value }]));

const signalProperties = (signal: Signal, periodSeconds: number): JsonObject => {
  switch (signal.kind) {
    case 'metric': {
      const { namespace, name, dimensions, statistic } = signal.metric;
      return {
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensionList(dimensions),
        Statistic: statistic,
        Period: periodSeconds,
      };
    }
    case 'math':
      return {
        Metrics: [
          { Id: 'result', Expression: signal.expression, Label: signal.label, ReturnData: true },
          ...Object.entries(signal.stepById ?? {}).map(([Id, Expression]) => ({ Id, Expression, ReturnData: false })),
          ...Object.entries(signal.metricById).map(([Id, { namespace, name, dimensions, statistic, label }]) => ({
            Id,
            ...(label !== undefined && { Label: label }),
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensionList(dimensions) },
              Period: periodSeconds,
              Stat: statistic,
            },
          })),
        ],
      };
    default:
      return signal satisfies never;
  }
};

export const alarmLogicalId = ({ owner, slug, severity, subject }: Alarm): string =>
  logicalIdOf('Alarm', owner, slug, severity, ...(subject === undefined ? [] : [subject]));

export const nameOfAlarm = (context: StackContext, { owner, slug, severity, subject }: Alarm): string =>
  alarmNameOf(context, owner, [slug, severity], subject);

/**
 * While no procedure tells people the alarm tells its topic itself when it opens; once one does, only what is on that one. It
 * wakes its procedure by event in any case. The end is told by the procedure, and of what tells that it is dead by the alarm: an
 * alarm's OK action also fires when it merely finds its first datapoints, which for all of them would be fifty messages at each
 * deploy and a dozen at each restart of a broker.
 */
export const alarmResource = (context: StackContext, alarm: Alarm): Resource => {
  const { severity, signal, missing } = alarm;
  const topic = alarm.owner === 'self' ? selfTopicOf(severity) : ref(topicLogicalId(severity));
  const isHeardByTopic = alarm.tellsItself === true || tellerOf(context) === undefined;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: nameOfAlarm(context, alarm),
      AlarmDescription: `${priorityOf[severity]} ${severity}, ${context.clusterKey}: ${alarm.sentence} Runbook: ${runbookPageOf(alarm.section)}. No data: ${missing.because}.`,
      ...signalProperties(signal, alarm.periodSeconds),
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
      TreatMissingData: missing.treatment,
      ...(isHeardByTopic && { AlarmActions: [topic], ...(alarm.tellsItsEnd && { OKActions: [topic] }) }),
      ...(alarm.warmUpMinutes !== undefined && {
        WarmUpConfiguration: {
          WarmUpPeriodDurationInMinutes: alarm.warmUpMinutes,
          // Else it would end as soon as there is data, which FILL makes at once.
          OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
        },
      }),
    },
  };
};
