import * as z from 'zod';
import { type AlarmDetail, type AlarmState, alarmEventSchema, triggeringAlarms } from './alarm-schema.ts';

type AlarmMetric = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  readonly statistic: string;
};

export type AlarmSubject =
  | { readonly kind: 'metric'; readonly metrics: readonly AlarmMetric[] }
  | { readonly kind: 'math'; readonly expressions: readonly string[]; readonly metrics: readonly AlarmMetric[] }
  | {
      readonly kind: 'composite';
      readonly rule: string;
      readonly triggeringAlarmArns: readonly string[];
      readonly suppressorAlarm?: string;
      readonly suppressorWaitSeconds?: number;
      readonly suppressorExtensionSeconds?: number;
    };

/** An alarm's change of state. It wakes and never proves: the procedure looks for itself. */
export type AlarmWake = {
  readonly kind: 'alarm';
  readonly eventId: string;
  readonly alarmName: string;
  /** The slug of what the alarm watches, `disk-used`; absent for an alarm of another deploy of this stack. */
  readonly rule?: string;
  readonly alarmArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly state: AlarmState;
  readonly reason: string;
  readonly changedAtMs: number;
  readonly previousState?: AlarmState;
  readonly subject: AlarmSubject;
  /** Present while a suppressor holds the alarm's actions back. */
  readonly suppressedBy?: string;
  readonly suppressedReason?: string;
};

export const alarmEvent = alarmEventSchema.transform((event, context): AlarmWake => {
  const { state, previousState, configuration, alarmName } = event.detail;
  const subject =
    configuration.metrics === undefined
      ? compositeSubject(configuration, state.reasonData)
      : metricSubject(configuration.metrics);
  if (subject === undefined) {
    const message = 'Invalid input: expected {"triggeringAlarms":[{"arn","state":{"value"}}]} in a string';
    context.addIssue({ code: 'custom', path: ['detail', 'state', 'reasonData'], message });
    return z.NEVER;
  }
  return {
    kind: 'alarm',
    eventId: event.id,
    alarmName,
    alarmArn: event.resources[0] ?? alarmName,
    accountId: event.account,
    region: event.region,
    state: state.value,
    reason: state.reason ?? '',
    changedAtMs: state.timestamp,
    ...(previousState === undefined ? {} : { previousState: previousState.value }),
    subject,
    ...(state.actionsSuppressedBy === undefined ? {} : { suppressedBy: state.actionsSuppressedBy }),
    ...(state.actionsSuppressedReason === undefined ? {} : { suppressedReason: state.actionsSuppressedReason }),
  };
});

function metricSubject(entries: NonNullable<AlarmDetail['configuration']['metrics']>): AlarmSubject {
  const metrics = entries.flatMap(({ id, metricStat }): AlarmMetric[] => {
    if (metricStat === undefined) return [];
    const { metric, period, stat } = metricStat;
    const { namespace = '', name, dimensions = {} } = metric;
    return [{ id, namespace, name, dimensions, periodSeconds: period, statistic: stat }];
  });
  const expressions = entries.flatMap(({ expression }) => (expression === undefined ? [] : [expression]));
  return expressions.length === 0 ? { kind: 'metric', metrics } : { kind: 'math', expressions, metrics };
}

function compositeSubject(
  configuration: AlarmDetail['configuration'],
  reasonData: AlarmDetail['state']['reasonData'],
): AlarmSubject | undefined {
  const triggers = reasonData === undefined ? { triggeringAlarms: [] } : triggeringAlarms.safeParse(reasonData).data;
  if (triggers === undefined) return undefined;
  const {
    alarmRule = '',
    actionsSuppressor,
    actionsSuppressorWaitPeriod,
    actionsSuppressorExtensionPeriod,
  } = configuration;
  return {
    kind: 'composite',
    rule: alarmRule,
    triggeringAlarmArns: triggers.triggeringAlarms.map(({ arn }) => arn),
    ...(actionsSuppressor === undefined ? {} : { suppressorAlarm: actionsSuppressor }),
    ...(actionsSuppressorWaitPeriod === undefined ? {} : { suppressorWaitSeconds: actionsSuppressorWaitPeriod }),
    ...(actionsSuppressorExtensionPeriod === undefined
      ? {}
      : { suppressorExtensionSeconds: actionsSuppressorExtensionPeriod }),
  };
}
