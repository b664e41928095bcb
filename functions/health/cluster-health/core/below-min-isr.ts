import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, nameFirst, notJudged, unwanted } from './judgement.ts';
import { findLeftOut } from './metrics.ts';
import { evaluateByMetric, evaluateCount } from './partition-counts.ts';
import { isLed } from './partition-state.ts';
import { type Located, partitionNames } from './partitions.ts';
import { ofWholeList } from './topic-list.ts';

const check = 'below-min-isr';
const metric = 'UnderMinIsrPartitionCount';
const what = 'below min.insync.replicas (where acks=all writes fail)';

/**
 * Below its minimum a partition takes no `acks=all` write. Counted from the topics' settings where this look read them; where
 * they leave something open, the brokers' own metric decides.
 */
export function evaluateBelowMinIsr(facts: HealthFacts, limit: Limit | undefined): Judgement {
  const { seen, expected, topics, partitions } = facts;
  if (limit === undefined) return unwanted(check, 'the policy names no limit');
  const read = topics === undefined ? [] : partitions.filter(({ topic }) => minimumOf(topic) !== undefined);
  if (topics !== undefined && read.length > 0) {
    const verdicts = sortByVerdict(read, topics);
    const unread = topics.topics.filter((topic) => minimumOf(topic) === undefined).map(({ name }) => name);
    const more = {
      ...(unread.length > 0 && { unreadTopicCount: unread.length }),
      ...(verdicts.perhaps.length > 0 && { doubtfulCount: verdicts.perhaps.length }),
    };
    const byList = evaluateCount(facts, check, limit, verdicts.below, what, more);
    if (verdicts.below.length > 0 || (unread.length === 0 && verdicts.perhaps.length === 0)) return byList;
    const openQuestion = evaluateOpen(verdicts.perhaps, unread, facts);
    return proveByMetric(facts, limit) ?? openQuestion;
  }
  const leftOut = findLeftOut(metric, seen, expected);
  if (leftOut === undefined) return evaluateByMetric(facts, check, metric, limit);
  if (seen.depth === 'light') return notJudged(check, `${leftOut}; topic settings are read daily`);
  return judged(
    finding(check, 'cluster', ['unknown', 'settings-unread'], 'Topic settings were not read.', ['brokers']),
  );
}

/** `min.insync.replicas` of a topic: undefined where it was not read, or is no number that Kafka would take. */
function minimumOf({ settings }: Located['topic']): number | undefined {
  const text = settings?.['min.insync.replicas'];
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/**
 * From Kafka 3.7 on the minimum is no more than the replicas there are (KAFKA-15583), before the setting alone: which of both
 * holds, the leader's broker decides (RUNBOOK section 6, 19). `perhaps`: below by the old rule alone, under a leader of which
 * the version is not known.
 */
function sortByVerdict(located: readonly Located[], { brokers }: ClusterView) {
  const capsById = new Map(brokers.map(({ id, capsMinIsrByReplicas }) => [id, capsMinIsrByReplicas]));
  const below: Located[] = [];
  const perhaps: Located[] = [];
  for (const one of located) {
    const { leaderId, replicaIds, inSyncReplicaIds } = one.partition;
    const minimum = minimumOf(one.topic) ?? 1;
    if (!isLed(one.partition) || inSyncReplicaIds.length >= minimum) continue;
    const isCapped = leaderId === undefined ? undefined : capsById.get(leaderId);
    if (isCapped === false || inSyncReplicaIds.length < replicaIds.length) below.push(one);
    else if (isCapped === undefined) perhaps.push(one);
  }
  return { below, perhaps };
}

/** The metric where it is told of every broker: it follows the rule of each broker's own version. */
function proveByMetric(facts: HealthFacts, limit: Limit): Judgement | undefined {
  if (findLeftOut(metric, facts.seen, facts.expected) !== undefined) return undefined;
  const byMetric = evaluateByMetric(facts, check, metric, limit);
  const isProof = byMetric.findings.every(({ severity }) => severity !== 'unknown');
  return isProof ? byMetric : undefined;
}

function evaluateOpen(perhaps: readonly Located[], unread: readonly string[], { topicGap }: HealthFacts): Judgement {
  const doubts = [
    unread.length > 0 &&
      `min.insync.replicas of ${counted(unread.length, 'topic')} was not read, or is no number: ${nameFirst(unread)}`,
    perhaps.length > 0 &&
      `${counted(perhaps.length, 'partition')} below it by the rule before Kafka 3.7 alone, and the version of the leader is not known: ${nameFirst(partitionNames(perhaps))}`,
  ].filter((doubt) => doubt !== false);
  const reason = unread.length > 0 ? 'settings-unread' : 'version-unknown';
  const message = `No other partition ${what}. ${doubts.join('. ')}.`;
  const evidence = { partitionCount: 0, unreadTopicCount: unread.length, doubtfulCount: perhaps.length };
  return judged(ofWholeList(finding(check, 'cluster', ['unknown', reason], message, ['brokers'], evidence), topicGap));
}
