import * as clientModule from '@aws-sdk/client-cloudwatch';
import type { ResourceRequest } from '../../template/resource.ts';
import type { AwsWorld } from '../../world.ts';
import type { EventBridgeEvent } from '../eventbridge/event.ts';
import type { AlarmState, HistoryItem, WatchedAlarm } from './alarm.ts';
import { lambdaActionEvent, type StateChange, stateChangeEvent } from './alarm-event.ts';
import { snsMessage } from './alarm-message.ts';
import { describeAlarmHistory, describeAlarms, setAlarmState } from './alarm-operations.ts';
import { createdAlarm, readMetricAlarm } from './alarm-template.ts';
import { createAlarmWatch } from './alarm-watch.ts';
import { readCompositeAlarm } from './composite-template.ts';
import { getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';
import { createMetricStore, type MetricId, type MetricStore, sampleOfValues } from './metric-store.ts';
import { createPeriodScale } from './period-scale.ts';
import { putMetricData } from './put-metric-data.ts';

/** The stand-in's CloudWatch. */
export type CloudWatch = {
  readonly metrics: MetricStore;
  /** By name: configuration and state. */
  readonly alarms: ReadonlyMap<string, WatchedAlarm>;
  /** Oldest first. */
  readonly history: readonly HistoryItem[];
  /** What periods are multiplied with; below 1 a drill must say so. */
  readonly alarmPeriodScale: number;
  /** Publishes one value now, or at `atMs`. */
  publish(id: MetricId, value: number, options?: { readonly unit?: string; readonly atMs?: number }): void;
  /** Judges alarms on what has been published until `atMs`; the clock does it at every period once started. */
  evaluateAlarmsAt(atMs: number): Promise<void>;
  /** Starts the evaluation of alarms on the world's clock. */
  start(): void;
  stop(): void;
};

/** How each kind of action is delivered: the payload, and the service principal that its policy must allow. */
const actionServices: Readonly<Record<string, string>> = {
  sns: 'cloudwatch.amazonaws.com',
  lambda: 'lambda.alarms.cloudwatch.amazonaws.com',
};

/**
 * Adds CloudWatch to the world: its API, `AWS::CloudWatch::Alarm` and `CompositeAlarm`, evaluation, actions and events.
 *
 * @param options.putEvent takes each `CloudWatch Alarm State Change` for the default event bus
 */
export function createCloudWatch(
  world: AwsWorld,
  options: { readonly alarmPeriodScale?: number; readonly putEvent: (event: EventBridgeEvent) => Promise<void> | void },
): CloudWatch {
  const { clock } = world;
  const metrics = createMetricStore();
  const history: HistoryItem[] = [];
  const scale = createPeriodScale(options.alarmPeriodScale);
  const nowMs = () => clock.nowMs();

  const record = ({ alarm }: WatchedAlarm, itemType: HistoryItem['itemType'], summary: string, data: unknown) =>
    history.push({
      alarmName: alarm.name,
      alarmKind: alarm.kind,
      atMs: nowMs(),
      itemType,
      summary,
      data: JSON.stringify({ version: '1.0', ...Object(data) }),
    });

  /** An action that fails is in the alarm's history, as on AWS: it must not keep the alarm from its other actions. */
  const runAction = async (watched: WatchedAlarm, change: StateChange, arn: string): Promise<void> => {
    const kind = arn.split(':')[2] ?? '';
    const service = actionServices[kind];
    try {
      if (service === undefined) throw new RangeError(`alarm actions of the kind ${kind} are not served here`);
      const { subject, message } = snsMessage(change);
      await world.deliver({
        sender: { kind: 'service', service, sourceArn: watched.alarm.arn },
        targetArn: arn,
        payload: kind === 'sns' ? message : JSON.stringify(lambdaActionEvent(change)),
        ...(kind === 'sns' ? { attributes: { Subject: subject } } : {}),
      });
      record(watched, 'Action', `Successfully executed action ${arn}`, { actionState: 'Succeeded' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      record(watched, 'Action', `Failed to execute action ${arn}. Received error: "${reason}"`, {
        actionState: 'Failed',
      });
    }
  };

  const onTransition = async (watched: WatchedAlarm, previous: AlarmState): Promise<void> => {
    const { alarm, state, configuredMs } = watched;
    const change: StateChange = {
      alarm,
      previous,
      current: state,
      configuredMs,
      accountId: world.accountId,
      region: world.region,
    };
    record(watched, 'StateUpdate', `Alarm updated from ${previous.value} to ${state.value}`, {
      oldState: { stateValue: previous.value, stateReason: previous.reason },
      newState: { stateValue: state.value, stateReason: state.reason, stateReasonData: state.reasonData },
    });
    await options.putEvent(stateChangeEvent(change));
    if (alarm.isActionsEnabled) {
      for (const arn of alarm.actions[state.value]) await runAction(watched, change, arn);
    }
  };

  const watch = createAlarmWatch({ clock, store: metrics, scale, onTransition });

  world.addService({
    signingName: 'monitoring',
    protocol: 'aws-json-1.0',
    clientModule,
    operations: {
      PutMetricData: putMetricData(metrics, nowMs),
      GetMetricData: getMetricData(metrics, nowMs),
      ListMetrics: listMetrics(metrics, nowMs),
      DescribeAlarms: describeAlarms(watch),
      DescribeAlarmHistory: describeAlarmHistory(history),
      SetAlarmState: setAlarmState(watch),
    },
  });
  const readComposite = (resource: ResourceRequest) =>
    readCompositeAlarm(
      resource,
      [...watch.alarms.values()].map(({ alarm }) => alarm),
    );
  for (const [type, read] of [
    ['AWS::CloudWatch::Alarm', readMetricAlarm],
    ['AWS::CloudWatch::CompositeAlarm', readComposite],
  ] as const) {
    world.addCreator(type, async (resource) => {
      const alarm = read(resource);
      await watch.put(alarm);
      const watched = watch.alarms.get(alarm.name);
      if (watched !== undefined)
        record(watched, 'ConfigurationUpdate', `Alarm "${alarm.name}" created`, { type: 'Create' });
      return createdAlarm(alarm);
    });
  }

  return {
    metrics,
    alarms: watch.alarms,
    history,
    alarmPeriodScale: scale.scale,
    publish: (id, value, { unit, atMs = nowMs() } = {}) =>
      metrics.put(id, sampleOfValues(atMs, [{ value, count: 1 }], unit)),
    evaluateAlarmsAt: (atMs) => watch.evaluateAt(atMs),
    start: watch.start,
    stop: watch.stop,
  };
}
