import type { ClusterView, TopicView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import type { HealthObservation } from './observation.ts';
import type { Located } from './partitions.ts';

/** H1 topics and groups counted, critical topics present with the right replication factor. */
export function evaluateTopics(facts: HealthFacts): Judgement {
  const { seen, expected, topics, partitions } = facts;
  return combine(
    evaluateReadableTopics(seen, topics, partitions),
    judged(...expected.criticalTopics.map((topic) => evaluateCriticalTopic(topic, seen, topics))),
    evaluateGroupCount(facts),
  );
}

const unread = (check: string, subject: string, seen: HealthObservation): Finding =>
  !seen.view.isKnown && seen.view.isAsked
    ? unanswered(check, subject, 'brokers', seen.view)
    : finding(check, subject, ['unknown', 'not-listed'], `${subject}: the brokers did not list their topics.`, [
        'brokers',
      ]);

function evaluateReadableTopics(
  seen: HealthObservation,
  view: ClusterView | undefined,
  partitions: readonly Located[],
): Judgement {
  const check = 'topic-count';
  if (view === undefined) return judged(unread(check, 'cluster', seen));
  const evidence = {
    topicCount: view.topics.length,
    internalTopicCount: view.topics.filter(({ isInternal }) => isInternal).length,
    partitionCount: partitions.length,
  };
  const broken = view.topics.filter(({ problem }) => problem !== undefined);
  if (broken.length === 0) {
    const message = `${counted(view.topics.length, 'topic')} with ${counted(evidence.partitionCount, 'partition')}.`;
    return judged(finding(check, 'cluster', ['ok', 'counted'], message, ['brokers'], evidence));
  }
  const names = nameFirst(broken.map(({ name }) => name));
  const message = `${counted(broken.length, 'topic')} of ${view.topics.length} could not be read: ${names}.`;
  const told = { ...evidence, unreadableCount: broken.length };
  return judged(finding(check, 'cluster', ['unknown', 'topics-unreadable'], message, ['brokers'], told));
}

function evaluateCriticalTopic(
  wanted: { readonly name: string; readonly replicationFactor: number },
  seen: HealthObservation,
  view: ClusterView | undefined,
): Finding {
  const check = 'critical-topic';
  const subject = `topic ${wanted.name}`;
  if (view === undefined) return unread(check, subject, seen);
  const topic = view.topics.find(({ name }) => name === wanted.name);
  const report = (verdict: readonly [Finding['severity'], string], message: string, more: Finding['evidence'] = {}) =>
    finding(check, subject, verdict, message, ['brokers', 'configuration'], {
      configuredReplicationFactor: wanted.replicationFactor,
      ...more,
    });
  if (topic === undefined) {
    return report(
      ['critical', 'missing'],
      `Critical topic ${wanted.name} does not exist: create it or restore its metadata.`,
    );
  }
  if (topic.problem !== undefined) {
    return report(['unknown', topic.problem.kind], `Topic ${wanted.name} could not be read: ${topic.problem.message}`);
  }
  return judgeReplicationFactor(topic, wanted.replicationFactor, report);
}

function judgeReplicationFactor(
  topic: TopicView,
  wanted: number,
  report: (verdict: readonly [Finding['severity'], string], message: string, more?: Finding['evidence']) => Finding,
): Finding {
  const factors = topic.partitions.map(({ replicaIds }) => replicaIds.length);
  if (factors.length === 0) return report(['unknown', 'no-partitions'], `Topic ${topic.name} lists no partition.`);
  const lowest = Math.min(...factors);
  const highest = Math.max(...factors);
  const evidence = { replicationFactor: lowest, partitionCount: factors.length };
  if (lowest < wanted) {
    const message = `Topic ${topic.name} has replication factor ${lowest}, ${wanted} are configured: reassign its partitions with more replicas.`;
    return report(['warning', 'too-few-replicas'], message, evidence);
  }
  if (highest > wanted) {
    const message = `Topic ${topic.name} has ${highest} copies, ${wanted} are configured.`;
    return report(['notice', 'more-replicas'], message, { ...evidence, replicationFactor: highest });
  }
  return report(['ok', 'as-configured'], `Topic ${topic.name} has ${wanted} copies.`, evidence);
}

/** Counted daily; a broker that did not list its groups makes the count unknown, never smaller. */
function evaluateGroupCount({ seen, expected: { isWatchedGroup } }: HealthFacts): Judgement {
  const check = 'group-count';
  if (seen.depth === 'light') return notJudged(check, 'counted daily');
  if (!seen.view.isKnown) return judged(unread(check, 'cluster', seen));
  const { problems, brokers, absentBrokerIds } = seen.view.value;
  const groups = seen.view.value.groups?.filter(({ groupId }) => isWatchedGroup(groupId));
  const isAnyoneSilent = brokers.some(({ problem }) => problem !== undefined) || absentBrokerIds.length > 0;
  if (groups === undefined || isAnyoneSilent || problems.some(({ what }) => what !== 'bootstrap')) {
    const evidence = groups === undefined ? {} : { listedGroupCount: groups.length };
    const message = 'Not every broker listed its groups.';
    return judged(finding(check, 'cluster', ['unknown', 'incomplete'], message, ['brokers'], evidence));
  }
  const byState: Record<string, number> = {};
  for (const { state } of groups) byState[`groupCount${state}`] = (byState[`groupCount${state}`] ?? 0) + 1;
  const evidence = { groupCount: groups.length, ...byState };
  const message = `${counted(groups.length, 'group')}.`;
  return judged(finding(check, 'cluster', ['ok', 'counted'], message, ['brokers'], evidence));
}
