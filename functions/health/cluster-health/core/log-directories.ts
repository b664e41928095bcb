import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import { combine, counted, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { allPartitions, knownTopics, partitionNames } from './partitions.ts';
import { isHeard } from './roster.ts';

/**
 * H3 offline log directories. Metadata shows them at any depth: a copy that is offline although its broker answers.
 * DescribeLogDirs, daily, names the directory.
 */
export function evaluateLogDirectories(seen: HealthObservation, { brokerKind }: HealthExpectation): Judgement {
  const check = 'log-directories';
  if (brokerKind !== 'standard') return notJudged(check, `AWS owns the storage of ${brokerKind} brokers`);
  if (!seen.view.isAnswered) {
    if (!seen.view.isAsked) return notJudged(check, 'the brokers were not looked at');
    return judged(unanswered(check, 'brokers', 'brokers', seen.view));
  }
  const view = seen.view.value;
  if (knownTopics(seen) === undefined) {
    return judged(finding(check, 'brokers', ['unknown', 'not-listed'], 'No broker told its copies.', ['brokers']));
  }
  const onBrokers = view.brokers.filter(isHeard).map((broker) => evaluateCopies(broker.id, view));
  return combine(judged(...onBrokers), seen.depth === 'full' ? evaluateDirectories(view) : judged());
}

function evaluateCopies(brokerId: number, view: ClusterView): Finding {
  const lost = allPartitions(view).filter(({ partition }) => partition.offlineReplicaIds.includes(brokerId));
  const subject = `broker ${brokerId}`;
  if (lost.length === 0) {
    const message = `Every copy on broker ${brokerId} is online.`;
    return finding('log-directories', subject, ['ok', 'online'], message, ['brokers']);
  }
  const names = nameFirst(partitionNames(lost));
  const message = `Broker ${brokerId} answers, but ${counted(lost.length, 'partition')} offline there: ${names}. A log directory failed: on MSK, reboot the broker, then open a support case.`;
  const evidence = { offlineCopyCount: lost.length, partitions: names };
  return finding('log-directories', subject, ['critical', 'copies-offline'], message, ['brokers'], evidence);
}

function evaluateDirectories(view: ClusterView): Judgement {
  const check = 'log-directory';
  return judged(
    ...view.brokers.filter(isHeard).flatMap(({ id, logDirectories, logDirectoriesProblem }) => {
      const subject = `broker ${id}`;
      if (logDirectories === undefined) {
        const kind = logDirectoriesProblem?.kind ?? 'not-told';
        const message = `Broker ${id} did not describe its log directories: ${logDirectoriesProblem?.message ?? 'no answer'}`;
        return [finding(check, subject, ['unknown', kind], message, ['brokers'])];
      }
      return logDirectories.map(({ path, usedBytes, totalBytes, usableBytes, problem }) => {
        const evidence = {
          path,
          ...(usedBytes !== undefined && { usedBytes }),
          ...(totalBytes !== undefined && { totalBytes }),
          ...(usableBytes !== undefined && { usableBytes }),
        };
        const where = `${subject} ${path}`;
        if (problem === undefined) {
          return finding(check, where, ['ok', 'online'], `Log directory ${path} is online.`, ['brokers'], evidence);
        }
        const message = `Log directory ${path} of broker ${id} is offline: ${problem.message}`;
        return finding(check, where, ['critical', 'offline'], message, ['brokers'], evidence);
      });
    }),
  );
}

/** More than this over the mean, and over a handful, is worth an election or a reassignment (C8 decides). */
const skewPercent = 50;
const skewLeaders = 10;

/** H3 leader distribution. Only a notice: partition-balance judges what to do. */
export function evaluateLeaders(seen: HealthObservation): Judgement {
  const check = 'leader-distribution';
  const view = knownTopics(seen);
  if (view === undefined) {
    if (seen.view.isAnswered || !seen.view.isAsked) return notJudged(check, 'topics are not known');
    return judged(unanswered(check, 'cluster', 'brokers', seen.view));
  }
  const ids = view.brokers.filter(isHeard).map(({ id }) => id);
  const located = allPartitions(view);
  const countById = ids.map((id) => ({
    id,
    count: located.filter(({ partition }) => partition.leaderId === id).length,
  }));
  const total = countById.reduce((sum, { count }) => sum + count, 0);
  const mean = total / ids.length;
  const notPreferred = located.filter(
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
