import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import { evaluateBelowMinIsr } from './below-min-isr.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, type Ruling, severityOf, unwanted } from './judgement.ts';
import { sumOverBrokers } from './metrics.ts';
import { evaluateByMetric, evaluateCount } from './partition-counts.ts';
import { isUnderReplicated } from './partition-state.ts';
import { type Located, partitionNames } from './partitions.ts';
import { isUnreachable } from './roster.ts';
import { ofWholeList } from './topic-list.ts';

export type ReplicationLimits = {
  readonly underReplicatedPartitions?: Limit;
  readonly underMinIsrPartitions?: Limit;
};

/** H1 under-replicated and below-min-ISR partitions. The brokers' own answer counts before CloudWatch's. */
export const evaluateReplication = (facts: HealthFacts, limits: ReplicationLimits): Judgement =>
  combine(
    evaluateUnderReplicated(facts, limits.underReplicatedPartitions),
    evaluateBelowMinIsr(facts, limits.underMinIsrPartitions),
  );

const check = 'under-replicated';
const metric: MetricName = 'UnderReplicatedPartitions';

function evaluateUnderReplicated(facts: HealthFacts, limit: Limit | undefined): Judgement {
  const { topics, partitions } = facts;
  if (limit === undefined) return unwanted(check, 'the policy names no limit');
  if (topics === undefined) return evaluateByMetric(facts, check, metric, limit);
  const under = partitions.filter(({ partition }) => isUnderReplicated(partition));
  const byList = evaluateListed(facts, limit, under, 'with a copy that is not in sync');
  const isWithinPolicy = byList.findings.every(({ reason }) => reason === 'within-policy');
  if (topics.reassignmentsProblem === undefined || under.length === 0 || isWithinPolicy) return byList;
  const lost = evaluateListed(
    facts,
    limit,
    under.filter(isOnDeadBroker(facts)),
    'with a copy on a broker that is dead',
  );
  if (lost.findings.some(({ severity }) => severity !== 'ok' && severity !== 'unknown')) return lost;
  return judged(evaluateDoubt(facts, limit, under, topics.reassignmentsProblem.message));
}

const countOnLastCopy = (under: readonly Located[]) => ({
  onLastCopyCount: under.filter(({ partition }) => partition.inSyncReplicaIds.length <= 1).length,
});

const evaluateListed = (facts: HealthFacts, limit: Limit, under: readonly Located[], what: string): Judgement =>
  evaluateCount(facts, check, limit, under, what, countOnLastCopy(under));

/** A copy that is not in sync on a broker that is dead is late, whatever is being added elsewhere. */
const isOnDeadBroker = ({ roster }: HealthFacts): ((one: Located) => boolean) => {
  const dead = new Set(roster?.entries.filter(isUnreachable).map(({ id }) => id));
  return ({ partition: { replicaIds, inSyncReplicaIds } }) =>
    replicaIds.some((id) => dead.has(id) && !inSyncReplicaIds.includes(id));
};

/**
 * Copies that a reassignment adds look like lost ones where nobody told which they are. The brokers' own metric leaves them
 * out, so it decides where it is fresh and of every broker; without it nobody knows (RUNBOOK section 6, 20).
 */
function evaluateDoubt({ seen, topicGap }: HealthFacts, limit: Limit, under: readonly Located[], why: string): Finding {
  const { samples, isComplete } = sumOverBrokers(seen, metric);
  const count = samples.at(-1)?.value;
  const names = nameFirst(partitionNames(under));
  const evidence = {
    partitionCount: under.length,
    ...countOnLastCopy(under),
    partitions: names,
    ...(count !== undefined && { underReplicatedPartitions: count }),
  };
  const look = `${counted(under.length, 'partition')} with a copy that is not in sync: ${names}.`;
  const doubt = `Whether a reassignment is adding those copies is not known (${why})`;
  const report = (verdict: Ruling, message: string): Finding =>
    ofWholeList(finding(check, 'cluster', verdict, message, ['brokers', 'cloudwatch'], evidence), topicGap);
  const byMetric = severityOf(limit, samples);
  // Of some brokers alone it is the least that there are: enough to call it bad, and never enough to call it good.
  if (count === undefined || (!isComplete && byMetric[0] === 'ok')) {
    return report(
      ['unknown', 'reassignments-unread'],
      `${look} ${doubt}, and CloudWatch has no fresh count of every broker.`,
    );
  }
  if (count === 0) {
    return report(
      ['notice', 'may-be-reassignment'],
      `${look} ${doubt}; CloudWatch, which leaves such copies out, counts none.`,
    );
  }
  return report(
    byMetric,
    `${look} ${doubt}; CloudWatch, which leaves such copies out, counts ${isComplete ? '' : 'at least '}${count}.`,
  );
}
