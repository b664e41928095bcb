import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { reconsiderOffline } from './led-again.ts';
import { isDescribed } from './looks.ts';
import type { HealthState } from './memory.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { allPartitions, byHolder, type Located } from './partitions.ts';
import { compareRoster, countUnreachable, type Roster } from './roster.ts';
import { findTopicGap, type ListGap } from './topic-list.ts';

/**
 * What one run saw, what is expected of it, and what more than one rule draws from that, worked out once.
 *
 * @property previous what the run before left; undefined on a first run, and where it could not be read
 * @property roster undefined where the brokers were not looked at
 * @property unreachableCount the value of the metric `BrokersUnreachable`; undefined where the look proves nothing
 * @property topics the look where some broker described the cluster: else its empty lists mean nothing
 * @property topicGap why its list of topics may not be whole; undefined where nothing says so, and without `topics`
 * @property partitions of all topics that the look told of, by name and number
 * @property partitionsByHolder the same by the id of each broker that has, or should have, a copy
 * @property ledAgainCount how many of them had no leader in the first look, and one in the last
 * @property isLookEmpty the brokers were asked and described nothing: CloudWatch's older word may call it bad, never good
 */
export type HealthFacts = {
  readonly seen: HealthObservation;
  readonly expected: HealthExpectation;
  readonly previous: HealthState | undefined;
  readonly roster: Roster | undefined;
  readonly unreachableCount: number | undefined;
  readonly topics: ClusterView | undefined;
  readonly topicGap: ListGap | undefined;
  readonly partitions: readonly Located[];
  readonly partitionsByHolder: ReadonlyMap<number, readonly Located[]>;
  readonly ledAgainCount: number;
  readonly isLookEmpty: boolean;
};

/** The facts that every rule of a run is given. */
export function compileFacts(seen: HealthObservation, expected: HealthExpectation): HealthFacts {
  const { view } = seen;
  const roster = compareRoster(seen, expected);
  const { view: told, ledAgainCount } = view.isKnown
    ? reconsiderOffline(view.value, seen)
    : { view: undefined, ledAgainCount: 0 };
  const topics = told !== undefined && isDescribed(told) ? told : undefined;
  const partitions = told === undefined ? [] : allPartitions(told);
  return {
    seen,
    expected,
    previous: seen.previous.isKnown ? seen.previous.value : undefined,
    roster,
    unreachableCount: countUnreachable(roster),
    topics,
    topicGap: topics && findTopicGap(topics, seen, roster?.expectedCount ?? topics.brokers.length),
    partitions,
    partitionsByHolder: byHolder(partitions),
    ledAgainCount,
    isLookEmpty: view.isKnown && (topics?.topics ?? []).length === 0,
  };
}
