import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import { metricFreshMs } from '../../../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import { finding, nameFirst, unanswered } from './judgement.ts';
import { countFull, describeLoneWord, isLoneWord } from './lone-word.ts';
import { freshSamples } from './metrics.ts';
import type { HealthObservation } from './observation.ts';
import { stateOf } from './partition-state.ts';

/**
 * Why the brokers' list of topics may leave some out, tell too little of one, or be of the past: then what holds for every
 * listed one is not known of every one. Kafka leaves out what the principal may not describe, without an error (RUNBOOK
 * section 6, 22), and a broker that is cut off from the controller goes on telling what was.
 */
export type ListGap = {
  readonly reason: 'denied' | 'nothing-listed' | 'not-all-listed' | 'one-witness' | 'topics-unreadable';
  /** Sentences for people. */
  readonly why: string;
  readonly evidence: Finding['evidence'];
};

const grant =
  'Give it Describe on every topic (with IAM kafka-cluster:DescribeTopic on all topics of the cluster, else an ACL).';

/**
 * `undefined` where nothing says that the list is not whole.
 *
 * @param brokerCount how many brokers somebody promises
 */
export function findTopicGap(view: ClusterView, seen: HealthObservation, brokerCount: number): ListGap | undefined {
  const { topics, unlistedTopics = [] } = view;
  const denied = unlistedTopics
    .filter(({ problem }) => problem.kind === 'denied')
    .map(({ name }) => name)
    .toSorted();
  if (denied.length > 0) {
    const why = `mskeeper may not describe every topic: it was denied ${nameFirst(denied)}, and what may not be described is left out of the list without an error. ${grant}`;
    return { reason: 'denied', why, evidence: { deniedTopicCount: denied.length } };
  }
  if (topics.length === 0) {
    const why = `The brokers listed no topic: there is none, or mskeeper may describe none. ${grant}`;
    return { reason: 'nothing-listed', why, evidence: {} };
  }
  return findUncounted(view, seen) ?? findLoneWitness(view, brokerCount) ?? findUnreadable(view);
}

function findLoneWitness(view: ClusterView, brokerCount: number): ListGap | undefined {
  if (!isLoneWord(view, brokerCount)) return undefined;
  const why = describeLoneWord(view, brokerCount);
  return { reason: 'one-witness', why, evidence: { fullWitnessCount: countFull(view) } };
}

/**
 * CloudWatch counts more than was listed. Its news is minutes old, so a topic that was just deleted looks the same: the
 * lowest count of the last minutes is held against the list.
 */
function findUncounted({ topics }: ClusterView, seen: HealthObservation): ListGap | undefined {
  const partitionCount = topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const countedTopics = lowestCount(seen, 'GlobalTopicCount');
  const countedPartitions = lowestCount(seen, 'GlobalPartitionCount');
  if (countedTopics === undefined && countedPartitions === undefined) return findUncompared(seen);
  const isMore = (count: number | undefined, listed: number): boolean => count !== undefined && count > listed;
  if (!isMore(countedTopics, topics.length) && !isMore(countedPartitions, partitionCount)) return undefined;
  const told = [
    ...(countedTopics === undefined ? [] : [counted(countedTopics, 'topic')]),
    ...(countedPartitions === undefined ? [] : [counted(countedPartitions, 'partition')]),
  ].join(' with ');
  const why = `The brokers listed ${counted(topics.length, 'topic')} with ${counted(partitionCount, 'partition')} to mskeeper, CloudWatch counts ${told}: what mskeeper may not describe is left out without an error, and what was deleted some minutes ago is still counted. ${grant}`;
  const evidence = {
    listedTopicCount: topics.length,
    listedPartitionCount: partitionCount,
    ...(countedTopics !== undefined && { globalTopicCount: countedTopics }),
    ...(countedPartitions !== undefined && { globalPartitionCount: countedPartitions }),
  };
  return { reason: 'not-all-listed', why, evidence };
}

/** Where nobody counts what was asked for, a list that was not whole in the run before is not whole now: only a count proves it. */
function findUncompared({ metrics, previous }: HealthObservation): ListGap | undefined {
  const isAsked = metrics.isKnown ? metrics.value.some(({ metric }) => metric === 'GlobalTopicCount') : metrics.isAsked;
  const wasUnknown = previous.isKnown && Object.hasOwn(previous.value?.unknownStreaks ?? {}, 'topic-count|cluster');
  if (!isAsked || !wasUnknown) return undefined;
  const why = `In the run before the brokers' list of topics was not whole, and CloudWatch has no count to hold it against now. ${grant}`;
  return { reason: 'not-all-listed', why, evidence: {} };
}

/** Of the last ten minutes; a broker that is no controller counts 0, which says nothing of how many there are. */
function lowestCount(seen: HealthObservation, metric: MetricName): number | undefined {
  const values = freshSamples(seen, metric)
    .filter(({ atMs, value }) => seen.nowMs - atMs <= metricFreshMs && value > 0)
    .map(({ value }) => value);
  return values.length === 0 ? undefined : Math.min(...values);
}

function findUnreadable({ topics }: ClusterView): ListGap | undefined {
  const isUnreadable = ({ problem, partitions }: ClusterView['topics'][number]): boolean =>
    problem !== undefined ||
    partitions.length === 0 ||
    partitions.some((partition) => stateOf(partition) === 'unreadable');
  const names = topics
    .filter(isUnreadable)
    .map(({ name }) => name)
    .toSorted();
  if (names.length === 0) return undefined;
  const why = `${counted(names.length, 'topic')} of ${topics.length} could not be read: ${nameFirst(names)}.`;
  return { reason: 'topics-unreadable', why, evidence: { unreadableCount: names.length } };
}

/** What holds for every listed topic is `ok` of the cluster only where the list is whole; what is bad stays bad. */
export const ofWholeList = (one: Finding, gap: ListGap | undefined): Finding =>
  gap === undefined || one.severity !== 'ok'
    ? one
    : {
        ...one,
        severity: 'unknown',
        reason: gap.reason,
        message: gap.why,
        evidence: { ...one.evidence, ...gap.evidence },
      };

/** Nobody described the cluster, so nothing is known of its topics. */
export const unreadTopics = (check: string, subject: string, seen: HealthObservation): Finding =>
  !seen.view.isKnown && seen.view.isAsked
    ? unanswered(check, subject, 'brokers', seen.view)
    : finding(check, subject, ['unknown', 'not-listed'], `${subject}: the brokers did not list their topics.`, [
        'brokers',
      ]);
