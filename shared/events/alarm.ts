import * as z from 'zod';
import {
  type AlarmConfiguration,
  type AlarmIdentity,
  type AlarmState,
  alarmConfiguration,
  alarmIdentity,
  alarmState,
  triggeringAlarms,
} from './alarm-schema.ts';
import { type Evidence, type Noted, notedOf, openEvidence } from './evidence.ts';

type AlarmMetric = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  readonly statistic: string;
};

type AlarmSubject =
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
export type AlarmWake = Noted & {
  readonly kind: 'alarm';
  /** EventBridge's, or else one made of the alarm and the time of its change: the same at every delivery. */
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
  /** What the alarm watches, where the event says it in a form that we know. */
  readonly subject?: AlarmSubject;
  /** Present while a suppressor holds the alarm's actions back. */
  readonly suppressedBy?: string;
  readonly suppressedReason?: string;
};

export const alarmEvent = alarmIdentity.transform((event): AlarmWake => {
  const { state, alarmName } = event.detail;
  const evidence = openEvidence();
  return {
    kind: 'alarm',
    eventId: evidence.read('id', name, event.id) ?? `${alarmName} ${state.timestamp}`,
    alarmName,
    alarmArn: evidence.read('resources', z.tuple([name], z.unknown()), event.resources)?.[0] ?? alarmName,
    accountId: event.account,
    region: event.region,
    state: state.value,
    changedAtMs: state.timestamp,
    ...readEvidence(event, evidence),
    ...notedOf(evidence),
  };
});

const name = z.string().min(1);
const text = z.string();

/** Why the alarm changed, as far as the event says it in a form that we know. */
function readEvidence(
  { detail: { state, previousState, configuration } }: AlarmIdentity,
  evidence: Evidence,
): Pick<AlarmWake, 'reason' | 'previousState' | 'subject' | 'suppressedBy' | 'suppressedReason'> {
  const before = evidence.read('detail.previousState', z.object({ value: alarmState }), previousState);
  const suppressedBy = evidence.read('detail.state.actionsSuppressedBy', text, state.actionsSuppressedBy);
  const suppressedReason = evidence.read('detail.state.actionsSuppressedReason', text, state.actionsSuppressedReason);
  const configured = evidence.read('detail.configuration', alarmConfiguration, configuration);
  return {
    reason: evidence.read('detail.state.reason', text, state.reason) ?? '',
    ...(before !== undefined && { previousState: before.value }),
    ...(configured !== undefined && { subject: subjectOf(configured, state.reasonData, evidence) }),
    ...(suppressedBy !== undefined && { suppressedBy }),
    ...(suppressedReason !== undefined && { suppressedReason }),
  };
}

function subjectOf(configuration: AlarmConfiguration, reasonData: unknown, evidence: Evidence): AlarmSubject {
  if (configuration.metrics !== undefined) return metricSubject(configuration.metrics);
  const triggers = evidence.read('detail.state.reasonData', triggeringAlarms, reasonData);
  return compositeSubject(configuration, triggers?.triggeringAlarms.map(({ arn }) => arn) ?? []);
}

function metricSubject(entries: NonNullable<AlarmConfiguration['metrics']>): AlarmSubject {
  const metrics = entries.flatMap(({ id, metricStat }): AlarmMetric[] => {
    if (metricStat === undefined) return [];
    const { metric, period, stat } = metricStat;
    const { namespace = '', name, dimensions = {} } = metric;
    return [{ id, namespace, name, dimensions, periodSeconds: period, statistic: stat }];
  });
  const expressions = entries.flatMap(({ expression }) => (expression === undefined ? [] : [expression]));
  return expressions.length === 0 ? { kind: 'metric', metrics } : { kind: 'math', expressions, metrics };
}

function compositeSubject(configuration: AlarmConfiguration, triggeringAlarmArns: readonly string[]): AlarmSubject {
  const {
    alarmRule = '',
    actionsSuppressor,
    actionsSuppressorWaitPeriod,
    actionsSuppressorExtensionPeriod,
  } = configuration;
  return {
    kind: 'composite',
    rule: alarmRule,
    triggeringAlarmArns,
    ...(actionsSuppressor === undefined ? {} : { suppressorAlarm: actionsSuppressor }),
    ...(actionsSuppressorWaitPeriod === undefined ? {} : { suppressorWaitSeconds: actionsSuppressorWaitPeriod }),
    ...(actionsSuppressorExtensionPeriod === undefined
      ? {}
      : { suppressorExtensionSeconds: actionsSuppressorExtensionPeriod }),
  };
}
