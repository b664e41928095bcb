import type { BrokerView, ClusterView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import { compareSeverities, findingKey } from '../../../../shared/core/finding.ts';
import { countLooks, findInLaterLooks, isDescribed, isHeard, isOnlyLook, isSilence, isSilent } from './looks.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { stateOf } from './partition-state.ts';

/**
 * One broker that somebody promises: MSK's node list, or the brokers themselves. A dead broker is in no Metadata, so
 * only the promise names it.
 */
export type RosterEntry = {
  readonly id: number;
  readonly isPromisedByMsk: boolean;
  readonly view?: BrokerView;
  /** It was silent in the first look and answered in a later one. */
  readonly isSecondAnswer: boolean;
  /**
   * Why the others do not list it though it lives. `cut-off`: it answers and believes itself in the cluster, so the
   * controller does not hear it. `listener-missing`: it leads partitions or is in sync, and lacks the listener that was asked.
   */
  readonly unlistedBy?: 'cut-off' | 'listener-missing';
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
  /** Those that prove something. */
  readonly lookCount: number;
  /** No broker described the cluster for a reason that is ours or nobody's: silence proves nothing then. */
  readonly refusal?: ViewProblem;
};

/** `undefined` where the brokers were not looked at. */
export function compareRoster(seen: HealthObservation, expected: HealthExpectation): Roster | undefined {
  if (!seen.view.isKnown) return undefined;
  const view = seen.view.value;
  const promised = new Set(seen.nodes.isKnown ? seen.nodes.value : []);
  const viewById = new Map(view.brokers.map((broker) => [broker.id, asReached(broker, view)]));
  const isOnly = isOnlyLook(seen);
  const isToldOf = isDescribed(view);
  const unlisted = findUnlisted(view);
  const ids = [...new Set([...promised, ...viewById.keys(), ...view.absentBrokerIds])].sort((a, b) => a - b);
  const entries = ids.map((id): RosterEntry => {
    const first = viewById.get(id);
    const again = findInLaterLooks(id, seen);
    const isSecondAnswer = again !== undefined && isHeard(again) && (first === undefined || isSilent(first));
    const broker = isSecondAnswer ? again : first;
    const unlistedBy = broker === undefined ? unlisted(id) : undefined;
    // One that others describe a cluster without is not only silent: the controller misses it, too.
    const isMissed = first === undefined ? !isToldOf : isSilent(first);
    return {
      id,
      isPromisedByMsk: promised.has(id),
      isSecondAnswer,
      isSilentOnce: isOnly && isMissed && !wasSilent(`broker ${id}`, seen),
      ...(broker !== undefined && { view: broker }),
      ...(unlistedBy !== undefined && { unlistedBy }),
    };
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
    isNamelessOnce: isOnly && !isToldOf && !wasSilent(unnamed, seen),
    lookCount: countLooks(seen),
    ...(undescribed !== undefined && { refusal: undescribed }),
  };
}

/** Of brokers at one address one was asked: where it is silent, clients of the others get no answer either. */
function asReached(broker: BrokerView, { brokers }: ClusterView): BrokerView {
  const { sharesAddressWith = [], problem } = broker;
  if (problem?.kind !== 'unsupported') return broker;
  const silence = brokers.find(
    ({ id, problem }) => sharesAddressWith.includes(id) && problem !== undefined && isSilence(problem),
  );
  return silence?.problem === undefined ? broker : { ...broker, problem: silence.problem };
}

/**
 * Brokers that live and are in no list. Kafka says LISTENER_NOT_FOUND only of a leader that lives, and who is in sync with it
 * lives, too: the controller takes away from both who is gone.
 */
function findUnlisted({ witnesses, topics }: ClusterView): (id: number) => RosterEntry['unlistedBy'] {
  const partitions = topics.flatMap((topic) => topic.partitions);
  const withoutListener = partitions.filter((partition) => stateOf(partition) === 'listener-missing');
  const listenerless = new Set(withoutListener.flatMap(({ inSyncReplicaIds }) => inSyncReplicaIds));
  const answering = new Set(
    witnesses.flatMap(({ brokerId, brokerIds, otherClusterId }) =>
      brokerId !== undefined && otherClusterId === undefined && brokerIds.includes(brokerId) ? [brokerId] : [],
    ),
  );
  return (id) => {
    if (answering.has(id)) return 'cut-off';
    return listenerless.has(id) ? 'listener-missing' : undefined;
  };
}

/** What is told of brokers that nobody names. */
export const unnamed = 'brokers unnamed';
/** Why a broker that was silent in the only look is not called dead. */
export const silentOnce = 'silent-once';

/** The run before found it silent, or nobody knows what it found: else a broker could be silent once at every run. */
function wasSilent(subject: string, { previous }: HealthObservation): boolean {
  if (!previous.isKnown) return true;
  const open = previous.value?.openByKey[findingKey({ check: 'broker-answers', subject })];
  return open !== undefined && (open.reason === silentOnce || compareSeverities(open.severity, 'critical') >= 0);
}

/** Brokers that said no to us: our permissions or secret are wrong, which says nothing about their health. */
const isRefusal = (problem: ViewProblem): boolean =>
  problem.kind === 'authentication-failed' || problem.kind === 'denied';

/** Silent in every look that there is, or not in the cluster and not known to live elsewhere. */
export const isUnheard = ({ view, unlistedBy }: RosterEntry): boolean =>
  view === undefined ? unlistedBy !== 'listener-missing' : isSilent(view);

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
