import { counted } from '../../../../shared/core/counted.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, notJudged, unanswered } from './judgement.ts';
import { isHeard } from './roster.ts';

/** More than this over the mean, and over a handful, is worth an election or a reassignment (C8 decides). */
const skewPercent = 50;
const skewLeaders = 10;

/** H3 leader distribution. Only a notice: partition-balance judges what to do. */
export function evaluateLeaders({ seen, topics, partitions }: HealthFacts): Judgement {
  const check = 'leader-distribution';
  if (topics === undefined) {
    if (seen.view.isKnown || !seen.view.isAsked) return notJudged(check, 'topics are not known');
    return judged(unanswered(check, 'cluster', 'brokers', seen.view));
  }
  const ids = topics.brokers.filter(isHeard).map(({ id }) => id);
  const countById = ids.map((id) => ({
    id,
    count: partitions.filter(({ partition }) => partition.leaderId === id).length,
  }));
  const total = countById.reduce((sum, { count }) => sum + count, 0);
  const mean = total / ids.length;
  const notPreferred = partitions.filter(
    ({ partition: { leaderId, replicaIds } }) => leaderId !== undefined && leaderId !== replicaIds[0],
  ).length;
  const evidence = {
    ...Object.fromEntries(countById.map(({ id, count }) => [`leaderCountBroker${id}`, count])),
    notOnPreferredCount: notPreferred,
  };
  const worst = countById.toSorted((left, right) => right.count - left.count)[0];
  const isSkewed =
    worst !== undefined && worst.count > mean * (1 + skewPercent / 100) && worst.count - mean > skewLeaders;
  const message = isSkewed
    ? `Broker ${worst.id} leads ${worst.count} of ${total} partitions; a preferred-leader election would spread them.`
    : `Leaders are spread over ${counted(ids.length, 'broker')}.`;
  const verdict = isSkewed ? (['notice', 'skewed'] as const) : (['ok', 'spread'] as const);
  return judged(finding(check, 'cluster', verdict, message, ['brokers'], evidence));
}
