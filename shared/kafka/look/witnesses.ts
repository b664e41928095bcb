import { agreeOnBrokers, areBrokersDisputed } from './agreed-brokers.ts';
import { areTopicsDisputed } from './agreed-topics.ts';
import { Court, type WitnessQuestion } from './court.ts';
import { hedge, waitFor } from './hedge.ts';
import { type BrokerAddress, keyOf } from './options.ts';
import { clusterIdsOf } from './our-cluster.ts';
import { descriptionsOf, isDescription, listOf, type Testimony } from './testimony.ts';

/** So long a slow witness is waited for once two have told everything. Its own state as a broker is found all the same. */
const graceMs = 1_000;
/** So long a third is waited for where two disagree: their word is there already. */
const thirdMs = 3_000;

/** What was heard in time. */
export type Hearing = {
  /** Of every witness that answered, also of another cluster; each with the deepest that it told. */
  readonly testimonies: readonly Testimony[];
  /** One; two and more where nobody knows which of them is ours; none where nobody described any. */
  readonly clusterIds: readonly (string | undefined)[];
};

type ClusterId = string | undefined;

const keysOf = (addresses: readonly BrokerAddress[]): ReadonlySet<string> => new Set(addresses.map(keyOf));

const isGood = (testimony: Testimony | undefined): boolean => testimony !== undefined && isDescription(testimony);

/** How many brokers told everything at an address of their own: a bootstrap name may lead to any of them. */
const fullCount = (court: Court, clusterId: ClusterId): number => {
  const ours = descriptionsOf(court.testimonies, clusterId);
  const listed = keysOf(ours.flatMap(({ brokers }) => brokers));
  return ours.filter(({ depth, address }) => depth === 'full' && listed.has(keyOf(address))).length;
};

/** Whom to ask for everything after the first: another bootstrap server that is a broker, another broker, another name. */
const nextInFull = (court: Court, servers: readonly BrokerAddress[], first: Testimony): readonly BrokerAddress[] => {
  const listed = court.listed(first.clusterId);
  const listedKeys = keysOf(listed);
  const serverKeys = keysOf(servers);
  const isNew = (address: BrokerAddress) => !court.isAsked(address);
  const own = [
    ...servers.filter((server) => listedKeys.has(keyOf(server))),
    ...listed.filter((broker) => !serverKeys.has(keyOf(broker))),
  ];
  const names = servers.filter((server) => !listedKeys.has(keyOf(server)));
  const byNews = [...own.filter(isNew), ...own.filter((address) => !isNew(address)), ...names];
  return byNews.filter((address) => keyOf(address) !== keyOf(first.address));
};

const hearSecond = async (court: Court, question: WitnessQuestion, first: Testimony): Promise<void> => {
  const { clusterId } = first;
  const over = new AbortController();
  const askInTurn = async () => {
    let left = nextInFull(court, question.servers, first);
    while (left.length > 0 && fullCount(court, clusterId) < 2) {
      const isOurs = (told: Testimony | undefined) => isGood(told) && told?.clusterId === clusterId;
      const ask = (address: BrokerAddress) => court.ask(address, 'full');
      const { winner, others } = await hedge(left, ask, isOurs, over.signal);
      if (winner === undefined) return;
      const done = keysOf([winner.candidate, ...others.map(({ candidate }) => candidate)]);
      left = left.filter((address) => !done.has(keyOf(address)));
    }
  };
  const asking = askInTurn();
  court.askRest(clusterId);
  await waitFor(asking, question.patienceMs);
  over.abort();
};

/** One more tells everything where those who did disagree, or where most brokers hold a list that none of them has. */
const hearThird = async (court: Court, clusterId: ClusterId): Promise<void> => {
  const ours = descriptionsOf(court.testimonies, clusterId);
  if (!areBrokersDisputed(ours) && !areTopicsDisputed(ours)) return;
  const standing = listOf({ brokers: agreeOnBrokers(ours) });
  const known = new Set(ours.filter(({ depth }) => depth === 'full').map(listOf));
  const worth = (testimony: Testimony): number => {
    const list = listOf(testimony);
    return (known.has(list) ? 0 : 2) + (list === standing ? 1 : 0);
  };
  const candidates = ours
    .filter(({ depth }) => depth === 'brokers')
    .sort((left, right) => worth(right) - worth(left) || (keyOf(left.address) < keyOf(right.address) ? -1 : 1))
    .slice(0, 2)
    .map(({ address }) => address);
  const over = new AbortController();
  await waitFor(
    hedge(candidates, (address) => court.ask(address, 'full'), isGood, over.signal),
    thirdMs,
  );
  over.abort();
};

/** Hears the cluster to which the first of some servers leads. @returns undefined where none describes any */
const hearCluster = async (court: Court, question: WitnessQuestion): Promise<Testimony | undefined> => {
  const { winner } = await hedge(question.servers, (server) => court.ask(server, 'full'), isGood);
  const first = winner?.value;
  if (first === undefined) return undefined;
  await hearSecond(court, question, first);
  await court.settle(first.clusterId, graceMs);
  await hearThird(court, first.clusterId);
  return first;
};

/**
 * Asks what brokers know of the whole cluster, so that no broker's word is the whole truth: one that is cut off from the
 * controller tells for long what is no more. Two tell everything, the second at another address than the first; the others
 * tell who the brokers are; a third tells everything where they disagree. A broker that has not learnt yet who is there is
 * passed over. Where most bootstrap servers lead to another cluster than the first, that one is heard.
 */
export const hearWitnesses = async (question: WitnessQuestion): Promise<Hearing> => {
  const serverKeys = keysOf(question.servers);
  const court = new Court(question);
  const heardFirst = await hearCluster(court, question);
  const clusterIds = clusterIdsOf(court.testimonies, serverKeys);
  const [clusterId] = clusterIds;
  if (heardFirst === undefined || clusterIds.length !== 1 || clusterId === heardFirst.clusterId)
    return { testimonies: court.testimonies, clusterIds };
  const ours = keysOf(descriptionsOf(court.testimonies, clusterId).map(({ address }) => address));
  await hearCluster(court, { ...question, servers: question.servers.filter((server) => ours.has(keyOf(server))) });
  return { testimonies: court.testimonies, clusterIds };
};
