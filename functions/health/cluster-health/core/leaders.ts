import { counted } from '../../../../shared/core/counted.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, notJudged, unanswered } from './judgement.ts';
import { isHeard } from './looks.ts';
import { ofWholeList } from './topic-list.ts';

/** More than this over the mean, and over a handful, is worth an election or a reassignment (C8 decides). */
const skewPercent = 50;
const skewLeaders = 10;

/** H3 leader distribution. Only a notice: partition-balance judges what to do. */
export function evaluateLeaders({ seen, topics, topicGap, partitions }: HealthFacts): Judgement {
  const check = 'leader-distribution';
  if (topics === undefined) {
    if (seen.view.isKnown || !seen.view.isAsked) return notJudged(check, 'topics are not known');
    return judged(unanswered(check, 'cluster', 'brokers', seen.view));
  }
  const ids = topics.brokers.filter(isHeard).map(({ id }) => id);
  if (ids.length === 0) {
    const message = 'No broker was heard, so nothing is spread over any.';
    return judged(finding(check, 'cluster', ['unknown', 'no-broker-heard'], message, ['brokers']));
  }
  const countByLeader = new Map<number, number>();
  for (const { partition } of partitions)
    if (partition.leaderId !== undefined)
      countByLeader.set(partition.leaderId, (countByLeader.get(partition.leaderId) ?? 0) + 1);
  const countById = ids.map((id) => ({ id, count: countByLeader.get(id) ?? 0 }));
  const total = countById.reduce((sum, { count }) => sum + count, 0);
  const mean = total / ids.length;
  const notPreferred = partitions.filter(
    ({ partition: { leaderId, replicaIds } }) => leaderId !== undefined && leaderId !== replicaIds[0],
  ).length;
  const evidence = {
    ...Object.fromEntries(countById.map(({ id, count }) => [`leaderCountBroker${id}`, count])),
    notOnPreferredCount: notPreferred,
  };
  if (total === 0 && topicGap === undefined) {
    const message = 'None of the brokers that were heard leads a listed partition.';
    return judged(finding(check, 'cluster', ['unknown', 'no-leaders'], message, ['brokers'], evidence));
  }
  const unheardCount = partitions.filter(({ partition: { leaderId } }) => leaderId !== undefined).length - total;
  const worst = countById.toSorted((left, right) => right.count - left.count)[0];
  const isSkewed =
    worst !== undefined && worst.count > mean * (1 + skewPercent / 100) && worst.count - mean > skewLeaders;
  const message = isSkewed
    ? `Broker ${worst.id} leads ${worst.count} of ${total} partitions; a preferred-leader election would spread them.`
    : `Leaders are spread over ${counted(ids.length, 'broker')}.`;
  if (!isSkewed && unheardCount > 0) {
    const said = `${counted(unheardCount, 'partition')} led by a broker that was not heard, so nobody knows how leaders are spread.`;
    return judged(finding(check, 'cluster', ['unknown', 'leader-unheard'], said, ['brokers'], evidence));
  }
  const verdict = isSkewed ? (['notice', 'skewed'] as const) : (['ok', 'spread'] as const);
  return judged(ofWholeList(finding(check, 'cluster', verdict, message, ['brokers'], evidence), topicGap));
}
