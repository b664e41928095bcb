import type { BrokerView, LookRequest, WitnessView } from '../../core/cluster-view.ts';
import type { AddressLinks } from './address-link.ts';
import { problemOfListing, problemOfSharing } from './advertised.ts';
import type { Agreement } from './agreement.ts';
import type { AskableLinks } from './any-broker.ts';
import { type BrokerLink, linkBroker, refuseBroker } from './broker-link.ts';
import { fetchLogDirectories } from './log-directories.ts';
import { type BrokerAddress, keyOf } from './options.ts';
import type { ListedBroker } from './testimony.ts';

/** A listed broker, how it is asked, and who else is at its address. */
export type LinkedBroker = {
  readonly broker: ListedBroker;
  readonly link: BrokerLink;
  readonly sharesAddressWith: readonly number[];
  /** False where nothing is sent to it. */
  readonly isAsked: boolean;
};

/** Of brokers that share an address the one with the lowest id is asked there, and the others are not. */
export const linkBrokers = (
  { brokers, clusterId }: Agreement,
  links: AddressLinks,
  refusalOf: (address: BrokerAddress) => string | undefined,
): readonly LinkedBroker[] => {
  const idsByKey = Map.groupBy(brokers, keyOf);
  return brokers.map((broker) => {
    const sharing = (idsByKey.get(keyOf(broker)) ?? []).map(({ id }) => id);
    const sharesAddressWith = sharing.filter((id) => id !== broker.id);
    const askedId = Math.min(...sharing);
    const problem =
      problemOfListing(broker, refusalOf) ?? (askedId === broker.id ? undefined : problemOfSharing(broker, askedId));
    const link =
      problem === undefined
        ? linkBroker(broker.id, links.at({ host: broker.host, port: broker.port }), clusterId)
        : refuseBroker(broker.id, problem);
    return { broker, link, sharesAddressWith, isAsked: problem === undefined };
  });
};

/** Those that told of the cluster in time, by whether they were overruled. */
export const askableOf = (brokers: readonly LinkedBroker[], witnesses: readonly WitnessView[]): AskableLinks => {
  const linksWhere = (isOdd: boolean) =>
    brokers.flatMap(({ link }) => {
      const witness = witnesses.find(({ brokerId }) => brokerId === link.brokerId);
      return witness !== undefined && (witness.overruled !== undefined) === isOdd ? [link] : [];
    });
  return { trusted: linksWhere(false), doubted: linksWhere(true) };
};

/** API key of Fetch, whose version 16 came with Kafka 3.7 (KIP-951), as did the cap (KAFKA-15583). */
const fetchKey = 1;
const cappingFetchVersion = 16;

/** What is asked of every broker about itself. */
export const fetchLogDirectoriesOf = async (
  brokers: readonly LinkedBroker[],
  { logDirectories, topicBytes = false }: Pick<LookRequest, 'logDirectories' | 'topicBytes'>,
): Promise<ReadonlyMap<number, Pick<BrokerView, 'logDirectories' | 'logDirectoriesProblem'>>> => {
  if (!logDirectories) return new Map();
  const each = brokers.map(async ({ link }) => [link.brokerId, await fetchLogDirectories(link, topicBytes)] as const);
  return new Map(await Promise.all(each));
};

/** One broker as Metadata lists it and as it answered. To be called when nothing more is asked of it. */
export const composeBroker = async ({
  broker,
  link,
  sharesAddressWith,
}: LinkedBroker): Promise<Omit<BrokerView, 'requestCount'>> => {
  const connected = await link.connected;
  const silence = link.silence();
  const problem = connected.isAnswered ? silence : connected.problem;
  const fetchVersion = connected.isAnswered ? connected.answer.newestVersionOf(fetchKey) : undefined;
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    ...(broker.rack === undefined ? {} : { rack: broker.rack }),
    ...(connected.isAnswered && silence === undefined ? { answerMs: Math.round(connected.answer.answerMs) } : {}),
    ...(sharesAddressWith.length === 0 ? {} : { sharesAddressWith }),
    ...(fetchVersion === undefined ? {} : { capsMinIsrByReplicas: fetchVersion >= cappingFetchVersion }),
    ...(problem === undefined ? {} : { problem }),
  };
};
