import type { LimitedQuantity } from '../shared/policy-quantities.ts';
import type { AlarmNotMade, AlarmPlan } from './alarm.ts';
import type { StackContext } from './names.ts';

/** Limits that a policy may name and no MSK metric can be held against: who judges them, or why nobody can. */
const reasons: Partial<Record<LimitedQuantity, string>> = {
  networkUsedPercent: 'MSK publishes no share; network-shaped stands in where the brokers tell of dropped packets',
  diskIoPercent: 'the volume’s throughput is not among the metrics; VolumeQueueLength is read by performance-review',
  gcCount: 'MSK publishes no collection count; heap-after-gc stands in',
  producerErrorPercent: 'MSK publishes no producer error rate; slow-producers and under-min-isr stand in',
  latencyP95Ms: 'MSK publishes means, no percentiles; the probe measures them',
  latencyP99Ms: 'MSK publishes means, no percentiles; the probe measures them',
  averageLagMessages: 'an average over groups that nobody named; consumer-lag computes it',
  backupLagMessages: 'it compares two clusters; backup-verification does',
  messagesPerDay: 'it is judged over a day, by capacity/forecast',
  throughputGrowthPercent: 'it is judged over weeks, by capacity/forecast',
  partitionsPerBroker: 'it is judged once a day, by cluster-health and capacity/forecast',
  partitionsPerConsumer: 'members are not among the metrics; consumer-lag counts them',
};

export const planUnavailableAlarms = ({ configuration }: StackContext): AlarmPlan => ({
  alarms: [],
  notMade: Object.entries(reasons).flatMap(([what, because]): AlarmNotMade[] =>
    Object.keys(configuration.policy.limits).includes(what) ? [{ what, because }] : [],
  ),
});
