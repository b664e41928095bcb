import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import { type Located, partitionNames } from './partitions.ts';
import { isHeard } from './roster.ts';

/**
 * H3 offline log directories. Metadata shows them at any depth: a copy that is offline although its broker answers.
 * DescribeLogDirs, daily, names the directory.
 */
export function evaluateLogDirectories({ seen, expected, topics, partitions }: HealthFacts): Judgement {
  const check = 'log-directories';
  const { brokerKind } = expected;
  if (brokerKind !== 'standard') return notJudged(check, `AWS owns the storage of ${brokerKind} brokers`);
  if (!seen.view.isKnown) {
    if (!seen.view.isAsked) return notJudged(check, 'the brokers were not looked at');
    return judged(unanswered(check, 'brokers', 'brokers', seen.view));
  }
  const view = seen.view.value;
  if (topics === undefined) {
    return judged(finding(check, 'brokers', ['unknown', 'not-listed'], 'No broker told its copies.', ['brokers']));
  }
  const onBrokers = view.brokers.filter(isHeard).map((broker) => evaluateCopies(broker.id, partitions));
  return combine(judged(...onBrokers), seen.depth === 'full' ? evaluateDirectories(view) : judged());
}

function evaluateCopies(brokerId: number, partitions: readonly Located[]): Finding {
  const lost = partitions.filter(({ partition }) => partition.offlineReplicaIds.includes(brokerId));
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
