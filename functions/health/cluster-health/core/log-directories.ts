import type { BrokerView, ClusterView, LogDirectoryView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import {
  combine,
  finding,
  type Judgement,
  judged,
  nameFirst,
  notJudged,
  type Ruling,
  unanswered,
  unwanted,
} from './judgement.ts';
import { isHeard, isHeardItself } from './looks.ts';
import { type Located, partitionNames } from './partitions.ts';
import { ofWholeList } from './topic-list.ts';

/**
 * H3 offline log directories. Metadata shows them at any depth: a copy that is offline although its broker answers.
 * DescribeLogDirs, daily, names the directory. A broker that does not answer is told as that, and what was said of its disks
 * before is not over.
 */
export function evaluateLogDirectories(facts: HealthFacts): Judgement {
  const { seen, expected, topics, roster } = facts;
  const check = 'log-directories';
  const { brokerKind } = expected;
  if (brokerKind !== 'standard')
    return combine(
      ...[check, 'log-directory'].map((one) => unwanted(one, `AWS owns the storage of ${brokerKind} brokers`)),
    );
  if (!seen.view.isKnown) {
    if (!seen.view.isAsked) return notJudged(check, 'the brokers were not looked at');
    return judged(unanswered(check, 'brokers', 'brokers', seen.view));
  }
  if (topics === undefined) {
    return judged(finding(check, 'brokers', ['unknown', 'not-listed'], 'No broker told its copies.', ['brokers']));
  }
  const heard = topics.brokers.filter(isHeard).toSorted((left, right) => left.id - right.id);
  const unheard = roster?.entries.filter(({ id }) => heard.every((broker) => broker.id !== id)) ?? [];
  const names = nameFirst(unheard.map(({ id }) => `broker ${id}`));
  const onBrokers = heard.map((broker) => evaluateCopies(broker.id, facts));
  const leftOut = unheard.length === 0 ? [] : [check, 'log-directory'].map((one) => notJudged(one, `not of ${names}`));
  return combine(...onBrokers, ...(seen.depth === 'full' ? [evaluateDirectories(topics)] : []), ...leftOut);
}

function evaluateCopies(brokerId: number, { partitionsByHolder, topicGap }: HealthFacts): Judgement {
  const check = 'log-directories';
  const held = partitionsByHolder.get(brokerId) ?? [];
  const isThere = ({ partition }: Located): boolean => partition.replicaIds.includes(brokerId);
  const lost = held.filter(({ partition }) => partition.offlineReplicaIds.includes(brokerId));
  const subject = `broker ${brokerId}`;
  if (lost.length > 0) {
    const names = nameFirst(partitionNames(lost));
    const message = `Broker ${brokerId} answers, but ${counted(lost.length, 'partition')} offline there: ${names}. A log directory failed: on MSK, reboot the broker, then open a support case.`;
    const evidence = { offlineCopyCount: lost.length, partitions: names };
    return judged(finding(check, subject, ['critical', 'copies-offline'], message, ['brokers'], evidence));
  }
  if (topicGap === undefined && !held.some(isThere)) return notJudged(check, `${subject} holds no copy`);
  const message = `Every listed copy on broker ${brokerId} is online.`;
  return judged(ofWholeList(finding(check, subject, ['ok', 'online'], message, ['brokers']), topicGap));
}

const evaluateDirectories = ({ brokers }: ClusterView): Judgement =>
  judged(...brokers.filter(isHeard).flatMap(evaluateDirectoriesOf));

function evaluateDirectoriesOf(broker: BrokerView): readonly Finding[] {
  const { id, logDirectories, logDirectoriesProblem } = broker;
  const check = 'log-directory';
  const subject = `broker ${id}`;
  const report = (reason: string, message: string) => [
    finding(check, subject, ['unknown', reason], message, ['brokers']),
  ];
  if (!isHeardItself(broker)) return report('address-shared', `Whose log directories broker ${id} told is not known.`);
  if (logDirectories === undefined) {
    const why = logDirectoriesProblem?.message ?? 'no answer';
    return report(
      logDirectoriesProblem?.kind ?? 'not-told',
      `Broker ${id} did not describe its log directories: ${why}`,
    );
  }
  if (logDirectories.length === 0) {
    return report(
      'nothing-listed',
      `Broker ${id} described no log directory: before Kafka 3.2 that is also how it refuses.`,
    );
  }
  return logDirectories.map((directory) => evaluateDirectory(id, directory));
}

function evaluateDirectory(
  brokerId: number,
  { path, usedBytes, totalBytes, usableBytes, problem }: LogDirectoryView,
): Finding {
  const evidence = {
    path,
    ...(usedBytes !== undefined && { usedBytes }),
    ...(totalBytes !== undefined && { totalBytes }),
    ...(usableBytes !== undefined && { usableBytes }),
  };
  const report = (verdict: Ruling, message: string): Finding =>
    finding('log-directory', `broker ${brokerId} ${path}`, verdict, message, ['brokers'], evidence);
  if (problem === undefined) return report(['ok', 'online'], `Log directory ${path} is online.`);
  if (problem.kind !== 'kafka-error') {
    const message = `Log directory ${path} of broker ${brokerId} was not described: ${problem.message}`;
    return report(['unknown', problem.kind], message);
  }
  return report(['critical', 'offline'], `Log directory ${path} of broker ${brokerId} is offline: ${problem.message}`);
}
