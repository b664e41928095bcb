import type { BrokerView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';

/**
 * One broker that somebody promises: MSK's node list, or the brokers themselves. A dead broker is in no Metadata, so
 * only the promise names it.
 */
export type RosterEntry = {
  readonly id: number;
  readonly isPromisedByMsk: boolean;
  readonly view?: BrokerView;
  /** It was silent in the first look and answered in the second. */
  readonly isSecondAnswer: boolean;
};

/** Brokers by id, and how many more should exist whose ids nobody told: none where MSK's list answered with any. */
export type Roster = {
  readonly entries: readonly RosterEntry[];
  readonly namelessMissingCount: number;
  readonly expectedCount: number;
  /** No broker described the cluster for a reason that is ours or nobody's: silence proves nothing then. */
  readonly refusal?: ViewProblem;
};

/** `undefined` where the brokers were not looked at. */
export function compareRoster(seen: HealthObservation, expected: HealthExpectation): Roster | undefined {
  if (!seen.view.isKnown) return undefined;
  const view = seen.view.value;
  const promised = new Set(seen.nodes.isKnown ? seen.nodes.value : []);
  const viewById = new Map(view.brokers.map((broker) => [broker.id, broker]));
  const second = seen.secondView.isKnown ? seen.secondView.value.brokers : [];
  const secondById = new Map(second.map((broker) => [broker.id, broker]));
  const ids = [...new Set([...promised, ...viewById.keys(), ...view.absentBrokerIds])].sort((a, b) => a - b);
  const entries = ids.map((id): RosterEntry => {
    const first = viewById.get(id);
    const again = secondById.get(id);
    const isSecondAnswer = again !== undefined && isHeard(again) && (first === undefined || isSilent(first));
    const broker = isSecondAnswer ? again : first;
    return { id, isPromisedByMsk: promised.has(id), isSecondAnswer, ...(broker !== undefined && { view: broker }) };
  });
  const mskCount = seen.msk.isKnown ? seen.msk.value.brokerCount : undefined;
  // MSK's count runs ahead of its list while brokers are added: `broker-count` tells that they differ, and nobody is dead.
  const promisedCount = promised.size > 0 ? promised.size : (mskCount ?? expected.brokerCount);
  const expectedCount = Math.max(promisedCount, ids.length);
  const undescribed = view.problems.find(({ what, problem }) => what === 'metadata' && !isSilence(problem))?.problem;
  return {
    entries,
    expectedCount,
    namelessMissingCount: expectedCount - ids.length,
    ...(undescribed !== undefined && { refusal: undescribed }),
  };
}

/** Nobody spoke, or spoke rubbish. A failed handshake with all of them may as well be our trust or our secret. */
export const isSilence = ({ kind }: ViewProblem): boolean =>
  kind === 'unreachable' || kind === 'timed-out' || kind === 'bad-answer';

/** Brokers that said no to us: our permissions or secret are wrong, which says nothing about their health. */
const isRefusal = (problem: ViewProblem): boolean =>
  problem.kind === 'authentication-failed' || problem.kind === 'denied';

/** It answered us, and not with a problem. */
export const isHeard = (broker: BrokerView): boolean => broker.problem === undefined && broker.answerMs !== undefined;

/** It did not answer, or answered rubbish: its clients fare no better. */
export function isSilent({ problem, answerMs }: BrokerView): boolean {
  if (problem === undefined) return answerMs === undefined;
  switch (problem.kind) {
    case 'unreachable':
    case 'timed-out':
    case 'tls-failed':
    case 'bad-answer':
      return true;
    case 'authentication-failed':
    case 'denied':
    case 'unsupported':
    case 'kafka-error':
      return false;
    default:
      return problem.kind satisfies never;
  }
}

/** Silent in every look, or not in the cluster. */
export const isUnreachable = ({ view }: RosterEntry): boolean => view === undefined || isSilent(view);

/**
 * How many brokers cannot be reached: the value of the metric `BrokersUnreachable` (no MSK metric says it). `undefined`
 * where the look could not be done, so that no datapoint is published: no look, or every broker refused us.
 */
export function countUnreachable(roster: Roster | undefined): number | undefined {
  if (roster === undefined || roster.refusal !== undefined) return undefined;
  const refusals = roster.entries.filter(({ view }) => view?.problem !== undefined && isRefusal(view.problem));
  if (roster.entries.length > 0 && refusals.length === roster.entries.length) return undefined;
  return roster.entries.filter(isUnreachable).length + roster.namelessMissingCount;
}
