import { counted } from '../../../../shared/core/counted.ts';
import type { Finding, Source } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import { evaluateLookProblems, evaluateRefusal } from './look-complete.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { isOffline, type Located, partitionNames } from './partitions.ts';
import { countSilentOnce, isUnreachable, type Roster, type RosterEntry, silentOnce, unnamed } from './roster.ts';

/** H1 each broker answers in time, H2 also those that no metric misses yet; the whole cluster silent is P0. */
export function evaluateBrokers({ seen, expected, roster, unreachableCount, partitions }: HealthFacts): Judgement {
  if (!seen.view.isKnown) {
    if (!seen.view.isAsked) return notJudged('broker-answers', 'the brokers were not looked at');
    return judged(
      unanswered('cluster-answers', 'cluster', 'brokers', seen.view),
      unanswered('broker-answers', 'cluster', 'brokers', seen.view),
    );
  }
  if (roster === undefined) return notJudged('broker-answers', 'the brokers were not looked at');
  if (roster.refusal !== undefined) return evaluateRefusal(roster.refusal);
  const secondFailed = failureOf(seen.secondView);
  const perBroker = roster.entries.map((entry) => evaluateBroker(entry, partitions, expected, secondFailed));
  const nameless = roster.namelessMissingCount > 0 ? [evaluateNameless(roster, secondFailed)] : [];
  const silentOnceCount = countSilentOnce(roster);
  return combine(
    judged(
      evaluateWhole(unreachableCount, silentOnceCount, roster.expectedCount, secondFailed),
      ...perBroker,
      ...nameless,
    ),
    evaluateLookProblems(seen.view.value, (unreachableCount ?? 0) + silentOnceCount),
  );
}

/** As it stands in the sentence about a look that is the only one. */
const failureOf = (second: HealthObservation['secondView']): string =>
  second.isKnown || !second.isAsked ? 'it was refused' : `${second.call}: ${second.failure}`;

function evaluateWhole(
  unreachableCount: number | undefined,
  silentOnceCount: number,
  expectedCount: number,
  secondFailed: string,
): Finding {
  const report = (verdict: readonly [Finding['severity'], string], message: string): Finding =>
    finding('cluster-answers', 'cluster', verdict, message, ['brokers'], {
      expectedCount,
      ...(unreachableCount !== undefined && { unreachableCount }),
      ...(silentOnceCount > 0 && { silentOnceCount }),
    });
  if (unreachableCount === undefined && silentOnceCount > 0) {
    const message = `None of ${counted(expectedCount, 'broker')} answered, in the only look that there is: the second failed (${secondFailed}). If the next run hears none, the cluster is offline or cut off.`;
    return report(['warning', silentOnce], message);
  }
  if (unreachableCount === undefined) {
    const message =
      'Every broker refused mskeeper, so nothing is known of their health: check its secret and its role.';
    return report(['unknown', 'refused'], message);
  }
  if (expectedCount === 0) return report(['unknown', 'no-brokers-known'], 'Nobody names a broker of this cluster.');
  if (unreachableCount >= expectedCount) {
    const message = `None of ${counted(expectedCount, 'broker')} answers: the cluster is offline, or its network is cut off from mskeeper's.`;
    return report(['emergency', 'no-broker-answers'], message);
  }
  const answering = expectedCount - unreachableCount - silentOnceCount;
  return report(['ok', 'answers'], `${answering} of ${expectedCount} brokers answer.`);
}

function evaluateBroker(
  entry: RosterEntry,
  partitions: readonly Located[],
  expected: HealthExpectation,
  secondFailed: string,
): Finding {
  const subject = `broker ${entry.id}`;
  const sources: readonly Source[] = entry.isPromisedByMsk ? ['brokers', 'msk'] : ['brokers'];
  const problem = entry.view?.problem;
  const answerMs = entry.view?.answerMs;
  const report = (
    verdict: readonly [Finding['severity'], string],
    message: string,
    evidence: Finding['evidence'] = {},
  ) =>
    finding('broker-answers', subject, verdict, message, sources, {
      ...evidence,
      ...(entry.view !== undefined && { host: entry.view.host }),
      ...(answerMs !== undefined && { answerMs }),
      isPromisedByMsk: entry.isPromisedByMsk,
    });
  if (entry.isSilentOnce) {
    const message = `Broker ${entry.id} did not answer (${problem?.message ?? 'silent'}), and the second look failed (${secondFailed}): if the next run does not hear it either, it is dead.`;
    return report(['notice', silentOnce], message);
  }
  if (isUnreachable(entry)) {
    const affected = affectedPartitions(partitions, entry.id);
    const how =
      entry.view === undefined ? 'is not in the cluster' : `does not answer (${problem?.message ?? 'silent'})`;
    const reason = entry.view === undefined ? 'not-in-cluster' : (problem?.kind ?? 'no-answer');
    const message = `Broker ${entry.id} ${how}: ${affected.sentence} Confirm with DescribeClusterV2; if MSK is not HEALING, ask for a reboot.`;
    return report(['critical', reason], message, affected.evidence);
  }
  if (problem !== undefined) {
    const message = `Broker ${entry.id} answered with a refusal (${problem.kind}): ${problem.message}`;
    return report(['unknown', problem.kind], message, problem.code === undefined ? {} : { code: problem.code });
  }
  const limitMs = expected.brokerAnswerTimeoutMs;
  if (answerMs !== undefined && answerMs > limitMs) {
    const message = `Broker ${entry.id} took ${answerMs} ms to answer, more than ${limitMs} ms.`;
    return report(['warning', 'late'], message, { limitMs });
  }
  if (entry.isSecondAnswer) {
    const message = `Broker ${entry.id} did not answer the first look and did the second: watch its network.`;
    return report(['notice', 'answers-second-time'], message);
  }
  return report(['ok', 'answers'], `Broker ${entry.id} answers.`);
}

/**
 * What its loss costs (I6): partitions with a copy there, those left without a leader, and those that Metadata still
 * shows led by it, since the controller takes seconds to notice.
 */
function affectedPartitions(partitions: readonly Located[], brokerId: number) {
  const hit = partitions.filter(({ partition }) => partition.replicaIds.includes(brokerId));
  const offline = hit.filter(({ partition }) => isOffline(partition));
  const ledThere = hit.filter(({ partition }) => partition.leaderId === brokerId);
  const others = hit.filter(({ partition }) => !isOffline(partition) && partition.leaderId !== brokerId);
  const names = partitionNames([...offline, ...ledThere, ...others]);
  const counts = `${offline.length} without a leader, ${ledThere.length} still led by it`;
  return {
    sentence:
      names.length === 0
        ? 'no partition is known to suffer.'
        : `${counted(names.length, 'partition')} affected (${counts}): ${nameFirst(names)}.`,
    evidence: {
      affectedPartitionCount: names.length,
      offlinePartitionCount: offline.length,
      ledPartitionCount: ledThere.length,
      ...(names.length > 0 && { affectedPartitions: nameFirst(names) }),
    },
  };
}

function evaluateNameless(
  { namelessMissingCount: missingCount, isNamelessOnce, expectedCount }: Roster,
  secondFailed: string,
): Finding {
  const message = `${counted(missingCount, 'broker')} of ${expectedCount} not in the cluster; which ones is not known, since MSK's node list names none.`;
  const evidence = { missingCount, expectedCount };
  if (isNamelessOnce) {
    const said = `Of ${counted(missingCount, 'broker')} that nobody names none answered, and the second look failed (${secondFailed}): the next run judges.`;
    return finding('broker-answers', unnamed, ['notice', silentOnce], said, ['brokers', 'msk'], evidence);
  }
  return finding(
    'broker-answers',
    unnamed,
    ['critical', 'fewer-than-configured'],
    message,
    ['brokers', 'msk'],
    evidence,
  );
}
