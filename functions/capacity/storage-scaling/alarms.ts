import { modeOf } from '../../../shared/core/configuration.ts';
import { askingLevel } from '../../../shared/core/policy.ts';
import type { Alarm, AlarmPlan } from '../../../shared/deployment/alarm.ts';
import {
  type BrokerGroup,
  brokerGroupsOf,
  nameBrokers,
  windowOverRestart,
  worstOfGroup,
} from '../../../shared/deployment/broker-groups.ts';
import { mskMetric, ofBroker, whyNotEmitted } from '../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../shared/deployment/names.ts';

const what = 'storage-scaling’s disk';

const alarmOf = (
  { cluster }: StackContext,
  group: BrokerGroup,
  { threshold, forMinutes }: { readonly threshold: number; readonly forMinutes: number },
): Alarm => ({
  owner: 'storage-scaling',
  section: 'storage-scaling',
  slug: 'disk',
  severity: 'warning',
  subject: group.subject,
  signal: worstOfGroup(group, {
    worst: 'MAX',
    label: 'the fullest data disk',
    metricsOf: (id) => [mskMetric(cluster, 'KafkaDataLogsDiskUsed', { 'Broker ID': String(id) })],
    isRepeated: true,
  }),
  comparison: 'GreaterThanThreshold',
  threshold,
  periodSeconds: 60,
  ...windowOverRestart(Math.max(1, Math.ceil(forMinutes))),
  missing: {
    treatment: 'ignore',
    because: 'the state stays, since a disk does not empty while its broker is silent',
  },
  sentence: `${nameBrokers(group)}: the data disk is over ${threshold} %${forMinutes > 1 ? ` for ${forMinutes} min` : ''}: storage-scaling plans a larger volume.`,
});

/**
 * What wakes storage scaling (C4, C5): the share at which the policy asks for storage, one alarm for up to ten brokers,
 * since all volumes grow together. Higher levels of the policy only urge, and the run looks for itself.
 */
export const planStorageAlarms = (context: StackContext): AlarmPlan => {
  const { cluster, configuration } = context;
  const refusal = whyNotEmitted(cluster, ['KafkaDataLogsDiskUsed'], ofBroker);
  const level = askingLevel(configuration.policy.scaling.diskUsedPercent);
  const none = (because: string): AlarmPlan => ({ alarms: [], notMade: [{ what, because }] });
  if (modeOf(configuration, 'storage-scaling') === 'off') return none('modes.storage-scaling is off');
  if (refusal !== undefined) return none(refusal.message);
  if (level === undefined) return none('the policy names no scaling.diskUsedPercent');
  return { alarms: brokerGroupsOf(cluster, 1).map((group) => alarmOf(context, group, level)), notMade: [] };
};
