import { modeOf } from '../../../shared/core/configuration.ts';
import { askingLevel } from '../../../shared/core/policy.ts';
import type { Alarm, AlarmPlan, MetricReference, Signal } from '../../../shared/deployment/alarm.ts';
import { brokerIdsOf } from '../../../shared/deployment/alarm-levels.ts';
import { mskMetric, ofBroker, whyNotEmitted } from '../../../shared/deployment/metrics.ts';
import { mostMetricsInAnAlarm, type StackContext } from '../../../shared/deployment/names.ts';

const what = 'storage-scaling’s disk';

/** The fullest of some brokers. CloudWatch's MAX makes one number, not a series, of a single metric. */
const fullestOf = (metrics: readonly MetricReference[]): Signal => {
  const [only, ...others] = metrics;
  if (only !== undefined && others.length === 0) return { kind: 'metric', metric: only };
  return {
    kind: 'math',
    expression: 'MAX(METRICS())',
    label: 'the fullest data disk',
    metricById: Object.fromEntries(metrics.map((metric, index) => [`m${index + 1}`, metric])),
  };
};

const alarmOf = (
  { cluster }: StackContext,
  ids: readonly number[],
  isAlone: boolean,
  { threshold, forMinutes }: { readonly threshold: number; readonly forMinutes: number },
): Alarm => ({
  owner: 'storage-scaling',
  section: 'storage-scaling',
  slug: 'disk',
  severity: 'warning',
  ...(!isAlone && { subject: `brokers-${ids[0]}-${ids.at(-1)}` }),
  signal: fullestOf(ids.map((id) => mskMetric(cluster, 'KafkaDataLogsDiskUsed', { 'Broker ID': String(id) }))),
  comparison: 'GreaterThanThreshold',
  threshold,
  periodSeconds: 60,
  evaluationPeriods: Math.max(1, Math.ceil(forMinutes)),
  missing: {
    treatment: 'ignore',
    because: 'the state stays, since a disk does not empty while its broker is silent',
  },
  sentence: `the fullest data disk is over ${threshold} %${forMinutes > 1 ? ` for ${forMinutes} min` : ''}: storage-scaling plans a larger volume.`,
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
  const ids = brokerIdsOf(cluster);
  const starts = ids.filter((_, index) => index % mostMetricsInAnAlarm === 0);
  return {
    alarms: starts.map((first) => {
      const some = ids.slice(first - 1, first - 1 + mostMetricsInAnAlarm);
      return alarmOf(context, some, starts.length === 1, level);
    }),
    notMade: [],
  };
};
