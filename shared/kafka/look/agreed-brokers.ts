import { newerCount } from './newer-count.ts';
import { keyOf } from './options.ts';
import { isDescription, type ListedBroker, listOf, type Testimony } from './testimony.ts';

/** Addresses that some witness lists as a broker's own. */
const listedKeys = (testimonies: readonly Testimony[]): ReadonlySet<string> =>
  new Set(testimonies.flatMap(({ brokers }) => brokers.map(keyOf)));

/**
 * Who has a vote: one for each broker. A bootstrap name leads to a broker that speaks for itself already, so it counts only
 * where no broker's own address answered.
 */
export const votersOf = (testimonies: readonly Testimony[]): readonly Testimony[] => {
  const described = testimonies.filter(isDescription);
  const keys = listedKeys(described);
  const own = described.filter(({ address }) => keys.has(keyOf(address)));
  return own.length > 0 ? own : described;
};

/**
 * Whose word on topics counts: of those who told everything the ones at an address of their own, where there are two. One
 * that was asked by a bootstrap name, too, would count twice.
 */
export const fullVotersOf = (testimonies: readonly Testimony[]): readonly Testimony[] => {
  const isFull = ({ depth }: Testimony) => depth === 'full';
  const own = votersOf(testimonies).filter(isFull);
  return own.length > 1 ? own : testimonies.filter(isFull);
};

type Candidate = {
  readonly list: string;
  readonly brokers: readonly ListedBroker[];
  readonly voters: readonly Testimony[];
};

const candidatesOf = (testimonies: readonly Testimony[]): readonly Candidate[] =>
  [...Map.groupBy(votersOf(testimonies), listOf)].map(([list, voters]) => ({
    list,
    brokers: voters[0]?.brokers ?? [],
    voters,
  }));

/** Witnesses of a list that told everything: also those without a vote, since their epochs are as good. */
const fullOf = ({ list }: Candidate, testimonies: readonly Testimony[]): readonly Testimony[] =>
  testimonies.filter((testimony) => testimony.depth === 'full' && listOf(testimony) === list);

const newnessOf = (candidate: Candidate, testimonies: readonly Testimony[]): number => {
  const others = testimonies.filter(({ depth }) => depth === 'full');
  return fullOf(candidate, testimonies).reduce(
    (sum, one) => sum + others.reduce((count, other) => count + Math.sign(newerCount(one, other)), 0),
    0,
  );
};

/** Somebody lists it at its address, and it does not list itself: it has not heard yet that it is there. */
const omitsItself = ({ address, brokers }: Testimony, listed: ReadonlyMap<string, readonly ListedBroker[]>): boolean =>
  (listed.get(keyOf(address)) ?? []).some(({ id }) => brokers.every((broker) => broker.id !== id));

/**
 * Most votes; then the newest epochs; then the list that is not all of brokers that begin and omit themselves; then the
 * shorter one, since a broker that hides a fault lists too many.
 */
const rank = (candidates: readonly Candidate[], testimonies: readonly Testimony[]): readonly Candidate[] => {
  // Most often all say the same, and to compare every epoch of a large cluster takes time.
  if (candidates.length < 2) return candidates;
  const listed = Map.groupBy(
    testimonies.flatMap(({ brokers }) => brokers),
    keyOf,
  );
  const ranked = candidates.map((candidate) => ({
    candidate,
    newness: newnessOf(candidate, testimonies),
    isOfBeginners: candidate.voters.every((voter) => omitsItself(voter, listed)),
  }));
  return ranked
    .sort(
      (left, right) =>
        right.candidate.voters.length - left.candidate.voters.length ||
        right.newness - left.newness ||
        Number(left.isOfBeginners) - Number(right.isOfBeginners) ||
        left.candidate.brokers.length - right.candidate.brokers.length ||
        (left.candidate.list < right.candidate.list ? -1 : 1),
    )
    .map(({ candidate }) => candidate);
};

/** The list of brokers that stands, of witnesses of one cluster. None where nobody described it. */
export const agreeOnBrokers = (testimonies: readonly Testimony[]): readonly ListedBroker[] =>
  rank(candidatesOf(testimonies), testimonies)[0]?.brokers ?? [];

/** True where the list that most brokers hold is nobody's who told everything, or as many hold another. */
export const areBrokersDisputed = (testimonies: readonly Testimony[]): boolean => {
  const [first, second] = rank(candidatesOf(testimonies), testimonies);
  if (first === undefined) return false;
  return second?.voters.length === first.voters.length || fullOf(first, testimonies).length === 0;
};
