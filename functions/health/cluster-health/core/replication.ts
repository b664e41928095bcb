import type { PartitionView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, severityOf, unseen } from './judgement.ts';
import { samplesSinceOpened } from './memory.ts';
import { findLeftOut, sumOverBrokers } from './metrics.ts';
import { isOffline, type Located, partitionNames } from './partitions.ts';

export type ReplicationLimits = {
  readonly underReplicatedPartitions?: Limit;
  readonly underMinIsrPartitions?: Limit;
};

/** As the broker's own metric counts: only partitions that have a leader. */
const isUnderReplicated = (partition: PartitionView): boolean =>
  !isOffline(partition) && partition.inSyncReplicaIds.length < partition.replicaIds.length;

/** H1 under-replicated and below-min-ISR partitions. The brokers' own answer counts before CloudWatch's. */
export const evaluateReplication = (facts: HealthFacts, limits: ReplicationLimits): Judgement =>
  combine(
    evaluateUnderReplicated(facts, limits.underReplicatedPartitions),
    evaluateBelowMinIsr(facts, limits.underMinIsrPartitions),
  );

function evaluateUnderReplicated(facts: HealthFacts, limit: Limit | undefined): Judgement {
  const check = 'under-replicated';
  if (limit === undefined) return notJudged(check, 'the policy names no limit');
  if (facts.topics === undefined) return evaluateByMetric(facts, check, 'UnderReplicatedPartitions', limit);
  const under = facts.partitions.filter(({ partition }) => isUnderReplicated(partition));
  const onLastCopy = under.filter(({ partition }) => partition.inSyncReplicaIds.length <= 1);
  return evaluateCount(facts, check, limit, under, 'with a copy that is not in sync', {
    onLastCopyCount: onLastCopy.length,
  });
}

/** Below `min.insync.replicas`, `acks=all` writes fail. Counted from the topics' settings where this look read them. */
function evaluateBelowMinIsr(facts: HealthFacts, limit: Limit | undefined): Judgement {
  const { seen, expected, topics, partitions } = facts;
  const check = 'below-min-isr';
  if (limit === undefined) return notJudged(check, 'the policy names no limit');
  const isReadable = topics?.topics.every(({ settings }) => settings?.['min.insync.replicas'] !== undefined);
  if (topics !== undefined && isReadable === true) {
    const below = partitions.filter(
      ({ topic, partition }) =>
        !isOffline(partition) &&
        partition.inSyncReplicaIds.length < Number(topic.settings?.['min.insync.replicas'] ?? 1),
    );
    return evaluateCount(facts, check, limit, below, 'below min.insync.replicas (where acks=all writes fail)');
  }
  const leftOut = findLeftOut('UnderMinIsrPartitionCount', seen, expected);
  if (leftOut === undefined) return evaluateByMetric(facts, check, 'UnderMinIsrPartitionCount', limit);
  if (seen.depth === 'light') return notJudged(check, `${leftOut}; topic settings are read daily`);
  return judged(
    finding(check, 'cluster', ['unknown', 'settings-unread'], 'Topic settings were not read.', ['brokers']),
  );
}

function evaluateCount(
  { seen, previous }: HealthFacts,
  check: string,
  limit: Limit,
  located: readonly Located[],
  what: string,
  more: Readonly<Record<string, number>> = {},
): Judgement {
  const verdict = severityOf(
    limit,
    samplesSinceOpened({ check, subject: 'cluster' }, located.length, previous, seen.nowMs),
  );
  const names = nameFirst(partitionNames(located));
  const message =
    located.length === 0 ? `No partition ${what}.` : `${counted(located.length, 'partition')} ${what}: ${names}.`;
  const evidence = { partitionCount: located.length, ...more, ...(located.length > 0 && { partitions: names }) };
  return judged(finding(check, 'cluster', verdict, message, ['brokers'], evidence));
}

function evaluateByMetric(facts: HealthFacts, check: string, metric: MetricName, limit: Limit): Judgement {
  const { seen, isLookEmpty } = facts;
  const { samples, isComplete } = sumOverBrokers(seen, metric);
  const count = samples.at(-1)?.value;
  if (count === undefined) return unseen(seen, check, metric);
  const verdict = severityOf(limit, samples);
  const isProvenOk = verdict[0] !== 'ok' || (isComplete && !isLookEmpty);
  const message = isProvenOk
    ? `CloudWatch counts ${counted(count, 'partition')} (${metric}).`
    : `CloudWatch counts ${counted(count, 'partition')} (${metric}), but that proves nothing: it has no fresh value of every broker.`;
  const judgedAs = isProvenOk ? verdict : (['unknown', 'incomplete'] as const);
  return judged(finding(check, 'cluster', judgedAs, message, ['cloudwatch'], { partitionCount: count, metric }));
}
