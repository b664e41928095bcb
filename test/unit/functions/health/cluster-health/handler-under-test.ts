import { DependencyError, type DependencyFailure } from '../../../../../shared/core/errors.ts';
import type { AlarmWake } from '../../../../../shared/events/alarm.ts';
import type { WakeEvent } from '../../../../../shared/events/wake.ts';
import { brokerView, fullView, noonMs, partitionView, topicView } from '../../../../support/health/builders.ts';

export const wake = (scope: 'light' | 'full'): WakeEvent => ({
  kind: 'schedule',
  procedure: 'cluster-health',
  scope,
  scheduledAtMs: noonMs,
});
/** An alarm of the stack went off at noon. */
export const alarmWake = (more: Partial<AlarmWake> & Pick<AlarmWake, 'alarmName'>): AlarmWake => ({
  kind: 'alarm',
  eventId: 'event-1',
  alarmArn: 'arn',
  accountId: '111122223333',
  region: 'eu-west-1',
  state: 'ALARM',
  reason: '',
  changedAtMs: noonMs,
  subject: { kind: 'metric', metrics: [] },
  ...more,
});
export const light = wake('light');
export const full = wake('full');
/** A port whose call fails. */
export const fails =
  (call: string, failure: DependencyFailure = 'denied') =>
  async (): Promise<never> => {
    throw new DependencyError(call, failure, `${failure}: as the test has it`);
  };
/** Of three brokers the last is gone, and a replica with it. */
export const brokerThreeDead = async () =>
  fullView({
    brokers: [brokerView(1), brokerView(2)],
    absentBrokerIds: [3],
    topics: [topicView('orders', [partitionView(0, { inSyncReplicaIds: [1, 2] })])],
  });
