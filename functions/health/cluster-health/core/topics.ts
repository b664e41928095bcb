import { counted } from '../../../../shared/core/counted.ts';
import { evaluateCriticalTopics } from './critical-topics.ts';
import type { HealthFacts } from './facts.ts';
import { evaluateGroupCount } from './groups.ts';
import { combine, finding, type Judgement, judged } from './judgement.ts';
import { ofWholeList, unreadTopics } from './topic-list.ts';

/** H1 topics and groups counted, critical topics present with the right replication factor. */
export const evaluateTopics = (facts: HealthFacts): Judgement =>
  combine(evaluateTopicCount(facts), evaluateCriticalTopics(facts), evaluateGroupCount(facts));

/** A list that may not be whole makes the count unknown, never smaller. */
function evaluateTopicCount({ seen, topics, topicGap, partitions }: HealthFacts): Judgement {
  const check = 'topic-count';
  if (topics === undefined) return judged(unreadTopics(check, 'cluster', seen));
  const evidence = {
    topicCount: topics.topics.length,
    internalTopicCount: topics.topics.filter(({ isInternal }) => isInternal).length,
    partitionCount: partitions.length,
  };
  const message = `${counted(topics.topics.length, 'topic')} with ${counted(evidence.partitionCount, 'partition')}.`;
  return judged(ofWholeList(finding(check, 'cluster', ['ok', 'counted'], message, ['brokers'], evidence), topicGap));
}
