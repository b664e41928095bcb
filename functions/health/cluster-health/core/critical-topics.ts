import type { TopicView } from '../../../../shared/core/cluster-view.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, type Ruling, unwanted } from './judgement.ts';
import { findNamedTopic } from './named-topic.ts';
import type { HealthExpectation } from './observation.ts';
import { replicationFactorOf } from './partition-state.ts';
import { unreadTopics } from './topic-list.ts';

const check = 'critical-topic';

type Report = (verdict: Ruling, message: string, evidence?: Finding['evidence']) => Finding;

/** H1 critical topics are there, with the configured replication factor. */
export const evaluateCriticalTopics = (facts: HealthFacts): Judgement =>
  facts.expected.criticalTopics.length === 0
    ? unwanted(check, 'no critical topic is configured')
    : judged(...facts.expected.criticalTopics.map((topic) => evaluateCriticalTopic(topic, facts)));

function evaluateCriticalTopic(
  { name, replicationFactor }: HealthExpectation['criticalTopics'][number],
  { seen, topics }: HealthFacts,
): Finding {
  const subject = `topic ${name}`;
  if (topics === undefined) return unreadTopics(check, subject, seen);
  const report: Report = (verdict, message, evidence = {}) =>
    finding(check, subject, verdict, message, ['brokers', 'configuration'], {
      configuredReplicationFactor: replicationFactor,
      ...evidence,
    });
  const found = findNamedTopic(name, topics);
  if (found.kind === 'not-known') return report(['unknown', found.reason], found.why);
  if (found.kind === 'missing') {
    return report(['critical', 'missing'], `Critical topic ${name} does not exist: create it or restore its metadata.`);
  }
  const { topic } = found;
  if (topic.problem !== undefined) {
    return report(['unknown', topic.problem.kind], `Topic ${name} could not be read: ${topic.problem.message}`);
  }
  return judgeReplicationFactor(topic, replicationFactor, report);
}

/** While a reassignment runs, copies that it adds do not count, and those that it will take away do until they are gone. */
function judgeReplicationFactor(topic: TopicView, wanted: number, report: Report): Finding {
  const factors = topic.partitions.map(replicationFactorOf);
  if (factors.length === 0) return report(['unknown', 'no-partitions'], `Topic ${topic.name} lists no partition.`);
  const lowest = Math.min(...factors);
  const highest = Math.max(...factors);
  const underWay = describeReassignment(topic);
  const evidence = { replicationFactor: lowest, partitionCount: factors.length, ...underWay.evidence };
  if (lowest < wanted) {
    const message = `Topic ${topic.name} has replication factor ${lowest}, ${wanted} are configured: reassign its partitions with more replicas.${underWay.sentence}`;
    return report(['warning', 'too-few-replicas'], message, evidence);
  }
  if (highest > wanted) {
    const message = `Topic ${topic.name} has ${highest} copies, ${wanted} are configured.${underWay.sentence}`;
    return report(['notice', 'more-replicas'], message, { ...evidence, replicationFactor: highest });
  }
  return report(['ok', 'as-configured'], `Topic ${topic.name} has ${wanted} copies.${underWay.sentence}`, evidence);
}

/** What it has now is judged; what it will have is said beside it. */
function describeReassignment({ partitions }: TopicView) {
  const moving = partitions.filter(
    ({ addingReplicaIds = [], removingReplicaIds = [] }) => addingReplicaIds.length + removingReplicaIds.length > 0,
  );
  if (moving.length === 0) return { sentence: '', evidence: {} };
  const targets = partitions.map(
    ({ replicaIds, removingReplicaIds = [] }) => replicaIds.filter((id) => !removingReplicaIds.includes(id)).length,
  );
  const target = Math.min(...targets);
  const sentence = ` A reassignment of ${moving.length} of its partitions is under way, after which it has ${target}.`;
  return { sentence, evidence: { reassignedPartitionCount: moving.length, targetReplicationFactor: target } };
}
