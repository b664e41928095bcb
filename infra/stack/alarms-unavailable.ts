import type { LimitedQuantity } from '../../shared/core/policy-quantities.ts';
import type { AlarmNotMade, AlarmPlan } from '../../shared/deployment/alarm.ts';
import type { StackContext } from '../../shared/deployment/names.ts';

/**
 * Limits that a policy may name and no MSK metric can be held against: who judges them, or why nobody can. What is to judge
 * a limit and is not part of the product yet is said so, since somebody relies on what this list promises.
 */
const reasons: Partial<Record<LimitedQuantity, string>> = {
  networkUsedPercent: 'MSK publishes no share; network-shaped stands in where the brokers tell of dropped packets',
  diskIoPercent: 'the volume’s throughput is not among the metrics; nothing judges it yet',
  gcCount: 'MSK publishes no collection count; heap-after-gc stands in',
  producerErrorPercent: 'MSK publishes no producer error rate; slow-producers and under-min-isr stand in',
  latencyP95Ms: 'MSK publishes means, no percentiles; nothing measures them yet',
  latencyP99Ms: 'MSK publishes means, no percentiles; nothing measures them yet',
  averageLagMessages: 'an average over groups that nobody named; nothing computes it yet',
  backupLagMessages: 'it compares two clusters; nothing does yet',
  messagesPerDay: 'it is judged over a day; nothing does yet',
  throughputGrowthPercent: 'it is judged over weeks; nothing does yet',
  partitionsPerBroker: 'it is judged once a day, by cluster-health',
  partitionsPerConsumer: 'members are not among the metrics; nothing counts them yet',
};

export const planUnavailableAlarms = ({ configuration }: StackContext): AlarmPlan => ({
  alarms: [],
  notMade: Object.entries(reasons).flatMap(([what, because]): AlarmNotMade[] =>
    Object.keys(configuration.policy.limits).includes(what) ? [{ what, because }] : [],
  ),
});
