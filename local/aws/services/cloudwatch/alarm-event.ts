import { randomUUID } from 'node:crypto';
import { createEvent, type EventBridgeEvent } from '../eventbridge/event.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import { awsTimestamp } from './alarm-text.ts';
import type { MetricQuery } from './metric-query.ts';

/** A change of an alarm's state, from which every message about it is made. */
export type StateChange = {
  readonly alarm: Alarm;
  readonly previous: AlarmState;
  readonly current: AlarmState;
  readonly configuredMs: number;
  readonly accountId: string;
  readonly region: string;
};

/** `CloudWatch Alarm State Change`, as the User Guide prints it ("Alarm events and EventBridge"). */
export function stateChangeEvent(change: StateChange): EventBridgeEvent {
  return createEvent({
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    account: change.accountId,
    region: change.region,
    atMs: change.current.updatedMs,
    resources: [change.alarm.arn],
    detail: alarmDetail(change),
  });
}

/** What CloudWatch sends to a Lambda function that is an alarm's action (User Guide, "Invoke a Lambda function"). */
export function lambdaActionEvent(change: StateChange): unknown {
  return {
    source: 'aws.cloudwatch',
    alarmArn: change.alarm.arn,
    accountId: change.accountId,
    time: awsTimestamp(change.current.updatedMs),
    region: change.region,
    alarmData: alarmDetail(change),
  };
}

function alarmDetail({ alarm, previous, current }: StateChange): unknown {
  return {
    alarmName: alarm.name,
    configuration: {
      ...(alarm.kind === 'composite' ? { alarmRule: alarm.rule } : {}),
      ...(alarm.description === undefined ? {} : { description: alarm.description }),
      ...(alarm.kind === 'metric' ? { metrics: alarm.queries.map((query) => describeQuery(query, alarm.isMath)) } : {}),
    },
    previousState: describeState(previous),
    state: describeState(current),
  };
}

/** An empty reason and absent reasonData are left out, as for an alarm's state before its first evaluation. */
function describeState(state: AlarmState): unknown {
  return {
    ...(state.reason === '' ? {} : { reason: state.reason }),
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: awsTimestamp(state.updatedMs),
    value: state.value,
  };
}

/** Dimensions are a map here, unlike the API's list. The one metric of a plain alarm has a UUID for an id. */
function describeQuery(query: MetricQuery, isMath: boolean): unknown {
  const label = query.label === undefined ? {} : { label: query.label };
  if (query.of.kind === 'math') {
    return { expression: query.of.text, id: query.id, ...label, returnData: query.isReturned };
  }
  const { metric, periodSeconds, stat, unit } = query.of.stat;
  return {
    id: isMath ? query.id : randomUUID(),
    ...(isMath ? label : {}),
    metricStat: {
      metric: { dimensions: metric.dimensions, name: metric.name, namespace: metric.namespace },
      period: periodSeconds,
      stat,
      ...(unit === undefined ? {} : { unit }),
    },
    returnData: query.isReturned,
  };
}
