import { counted } from '../../../../shared/core/counted.ts';
import type { Finding, Source } from '../../../../shared/core/finding.ts';
import { bootstrapAnswers, inLooks } from './cluster-answers.ts';
import type { HealthFacts } from './facts.ts';
import { finding, nameFirst, type Ruling } from './judgement.ts';
import { isShared, whyUnproven } from './looks.ts';
import { isOffline } from './partition-state.ts';
import { partitionNames } from './partitions.ts';
import { isUnreachable, type Roster, type RosterEntry, silentOnce } from './roster.ts';

type Report = (verdict: Ruling, message: string, evidence?: Finding['evidence']) => Finding;

/** H1 each broker answers in time; rules worst first. */
export function evaluateBroker(entry: RosterEntry, facts: HealthFacts, { lookCount }: Roster): Finding {
  const { seen, expected } = facts;
  const { id, view } = entry;
  const problem = view?.problem;
  const answerMs = view?.answerMs;
  const sources: readonly Source[] = entry.isPromisedByMsk ? ['brokers', 'msk'] : ['brokers'];
  const report: Report = (verdict, message, evidence = {}) =>
    finding('broker-answers', `broker ${id}`, verdict, message, sources, {
      ...evidence,
      ...(view !== undefined && { host: view.host }),
      ...(answerMs !== undefined && { answerMs }),
      isPromisedByMsk: entry.isPromisedByMsk,
    });
  if (entry.isSilentOnce) {
    const message = `Broker ${id} did not answer (${problem?.message ?? 'silent'}), and the second look failed (${whyUnproven(seen)}): if the next run does not hear it either, it is dead.`;
    return report(['notice', silentOnce], message);
  }
  if (isUnreachable(entry)) return evaluateUnreachable(entry, facts, lookCount, report);
  if (view === undefined) return evaluateWithoutListener(id, facts, report);
  if (isShared(view)) {
    const others = nameFirst((view.sharesAddressWith ?? []).map(String));
    const message = `Broker ${id} has the address ${view.host}:${view.port} together with broker ${others}: at most one of them was reached, and nobody knows which. Give each an address of its own in advertised.listeners.`;
    return report(['unknown', 'address-shared'], message, { sharesAddressWith: others });
  }
  if (problem !== undefined) {
    const message = `Broker ${id} answered with a refusal (${problem.kind}): ${problem.message}`;
    return report(['unknown', problem.kind], message, problem.code === undefined ? {} : { code: problem.code });
  }
  const limitMs = expected.brokerAnswerTimeoutMs;
  if (answerMs !== undefined && answerMs > limitMs) {
    const message = `Broker ${id} took ${answerMs} ms to answer, more than ${limitMs} ms.`;
    return report(['warning', 'late'], message, { limitMs });
  }
  if (seen.view.isKnown && seen.view.value.controller.unansweredByIds?.includes(id) === true) {
    const message = `Broker ${id} answers, but not who the controller is, which others told: it may be cut off from it. Look again; if it stays, ask for a reboot.`;
    return report(['notice', 'controller-unanswered'], message);
  }
  if (entry.isSecondAnswer) {
    const message = `Broker ${id} did not answer the first look and did a later one: watch its network.`;
    return report(['notice', 'answers-second-time'], message);
  }
  return report(['ok', 'answers'], `Broker ${id} answers.`);
}

function evaluateUnreachable(entry: RosterEntry, facts: HealthFacts, lookCount: number, report: Report): Finding {
  const { id, view } = entry;
  const affected = affectedPartitions(facts, id);
  const reason = view === undefined ? 'not-in-cluster' : (view.problem?.kind ?? 'no-answer');
  const message = `Broker ${id} ${describeAbsence(entry, lookCount)}: ${affected.sentence} ${adviseOn(entry, facts)}`;
  return report(['critical', reason], message, affected.evidence);
}

function describeAbsence({ view, unlistedBy }: RosterEntry, lookCount: number): string {
  if (view === undefined && unlistedBy === 'cut-off') {
    return 'is not in the cluster: it answers and believes itself in, but the others do not list it, so it is cut off from the controller, and clients that ask it are told of a cluster of the past';
  }
  if (view === undefined) return `is not in the cluster${inLooks(lookCount)}`;
  const why = view.problem?.message ?? 'silent';
  return view.answerMs === undefined
    ? `does not answer${inLooks(lookCount)} (${why})`
    : `let mskeeper in and then answered nothing${inLooks(lookCount)} (${why})`;
}

/** A reboot mends no address: where every one is unreachable and the cluster is described, `cluster-answers` says what to do. */
const adviseOn = ({ view }: RosterEntry, { seen, unreachableCount = 0, roster }: HealthFacts): string =>
  view !== undefined && unreachableCount >= (roster?.expectedCount ?? 0) && bootstrapAnswers(seen).length > 0
    ? 'The cluster is described elsewhere: look at its advertised address before any reboot.'
    : 'Confirm with DescribeClusterV2; if MSK is not HEALING, ask for a reboot.';

/** It lives: somebody leads or is in sync there. For those who use its other listeners nothing is wrong. */
function evaluateWithoutListener(id: number, facts: HealthFacts, report: Report): Finding {
  const { sentence, evidence } = affectedPartitions(facts, id);
  const message = `Broker ${id} lives, but has no listener of the kind that mskeeper uses${portOf(facts.seen)}: ${sentence} Its other listeners may serve. While one is rolled out, wait; else give it that listener.`;
  return report(['warning', 'listener-missing'], message, evidence);
}

/** The listener as people may find it: the port that the brokers have there that were listed. */
export function portOf({ view }: Pick<HealthFacts['seen'], 'view'>): string {
  const ports = new Set(view.isKnown ? view.value.brokers.map(({ port }) => port) : []);
  return ports.size === 1 ? ` (port ${[...ports].join('')} of the others)` : '';
}

/**
 * What its loss costs (I6): partitions with a copy there, those left without a leader, and those that Metadata still
 * shows led by it, since the controller takes seconds to notice.
 */
function affectedPartitions({ partitionsByHolder }: HealthFacts, brokerId: number) {
  const held = partitionsByHolder.get(brokerId) ?? [];
  const hit = held.filter(({ partition }) => partition.replicaIds.includes(brokerId));
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
