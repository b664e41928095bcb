import type { BrokerView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import { compareSeverities } from '../../../../shared/core/finding.ts';
import { findingKey } from './memory.ts';
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
  /** It was silent in the only look that there is, and not in the run before: one lost packet looks the same. */
  readonly isSilentOnce: boolean;
};

/** Brokers by id, and how many more should exist whose ids nobody told: none where MSK's list answered with any. */
export type Roster = {
  readonly entries: readonly RosterEntry[];
  readonly namelessMissingCount: number;
  /** Nobody told of them, in the only look that there is, and the run before did not miss them. */
  readonly isNamelessOnce: boolean;
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
  const isOnlyLook = isSecondFailed(seen.secondView);
  const isDescribed = view.problems.every(({ what }) => what !== 'metadata');
  const ids = [...new Set([...promised, ...viewById.keys(), ...view.absentBrokerIds])].sort((a, b) => a - b);
  const entries = ids.map((id): RosterEntry => {
    const first = viewById.get(id);
    const again = secondById.get(id);
    const isSecondAnswer = again !== undefined && isHeard(again) && (first === undefined || isSilent(first));
    const broker = isSecondAnswer ? again : first;
    // One that others describe a cluster without is not only silent: the controller misses it, too.
    const isMissed = first === undefined ? !isDescribed : isSilent(first);
    const isSilentOnce = isOnlyLook && isMissed && !wasSilent(`broker ${id}`, seen);
    const view = broker === undefined ? {} : { view: broker };
    return { id, isPromisedByMsk: promised.has(id), isSecondAnswer, isSilentOnce, ...view };
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
    isNamelessOnce: isOnlyLook && !isDescribed && !wasSilent(unnamed, seen),
    ...(undescribed !== undefined && { refusal: undescribed }),
  };
}

/** What is told of brokers that nobody names. */
export const unnamed = 'brokers unnamed';
/** Why a broker that was silent in the only look is not called dead. */
export const silentOnce = 'silent-once';

/** A second look was asked for and proves nothing: it failed, or was refused as a whole. */
const isSecondFailed = (second: HealthObservation['secondView']): boolean =>
  second.isKnown
    ? second.value.problems.some(({ what, problem }) => what === 'metadata' && !isSilence(problem))
    : second.isAsked;

/** The run before found it silent, or nobody knows what it found: else a broker could be silent once at every run. */
function wasSilent(subject: string, { previous }: HealthObservation): boolean {
  if (!previous.isKnown) return true;
  const open = previous.value?.openByKey[findingKey({ check: 'broker-answers', subject })];
  return open !== undefined && (open.reason === silentOnce || compareSeverities(open.severity, 'critical') >= 0);
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
    case 'too-large':
    case 'unsupported':
    case 'kafka-error':
      return false;
    default:
      return problem.kind satisfies never;
  }
}

/** Silent in every look that there is, or not in the cluster. */
export const isUnheard = ({ view }: RosterEntry): boolean => view === undefined || isSilent(view);

/** The same, on two looks or more: of this run, or of this one and the one before. */
export const isUnreachable = (entry: RosterEntry): boolean => isUnheard(entry) && !entry.isSilentOnce;

/** How many were silent in the only look that there is: nobody knows yet whether they are dead. */
export const countSilentOnce = ({ entries, namelessMissingCount, isNamelessOnce }: Roster): number =>
  entries.filter(({ isSilentOnce }) => isSilentOnce).length + (isNamelessOnce ? namelessMissingCount : 0);

/**
 * How many brokers cannot be reached: the value of the metric `BrokersUnreachable` (no MSK metric says it). `undefined`
 * where the look could not be done, so that no datapoint is published: no look, every broker refused us, or nobody was
 * heard in the only look that there is.
 */
export function countUnreachable(roster: Roster | undefined): number | undefined {
  if (roster === undefined || roster.refusal !== undefined) return undefined;
  const refusals = roster.entries.filter(({ view }) => view?.problem !== undefined && isRefusal(view.problem));
  if (roster.entries.length > 0 && refusals.length === roster.entries.length) return undefined;
  const count = roster.entries.filter(isUnreachable).length + (roster.isNamelessOnce ? 0 : roster.namelessMissingCount);
  const once = countSilentOnce(roster);
  return once > 0 && count + once >= roster.expectedCount ? undefined : count;
}
