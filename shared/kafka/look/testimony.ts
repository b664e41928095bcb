import type { MetadataAnswer, MetadataBroker, MetadataTopic } from '../codecs/metadata.ts';
import type { Depth } from './address-link.ts';
import { type BrokerAddress, keyOf } from './options.ts';

/** A broker as one witness lists it. An id that it lists at several addresses has one entry, which names all of them. */
export type ListedBroker = MetadataBroker & { readonly isListedAt?: readonly string[] };

/** What one address said of the cluster. */
export type Testimony = {
  readonly address: BrokerAddress;
  readonly depth: Depth;
  /** By id. None where the broker has not learnt yet who is there: that is no word about the cluster. */
  readonly brokers: readonly ListedBroker[];
  readonly clusterId: string | undefined;
  readonly controllerId: number;
  /** By name; empty where only the brokers were asked for. */
  readonly topics: ReadonlyMap<string, MetadataTopic>;
};

const listOnce = (brokers: readonly MetadataBroker[]): readonly ListedBroker[] => {
  const byId = Map.groupBy(brokers, ({ id }) => id);
  return [...byId.values()]
    .flatMap((listed): ListedBroker[] => {
      const byAddress = listed.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
      const [first] = byAddress;
      const isListedAt = [...new Set(byAddress.map(keyOf))];
      if (first === undefined) return [];
      return [isListedAt.length === 1 ? first : { ...first, isListedAt }];
    })
    .sort((left, right) => left.id - right.id);
};

export const testimonyOf = (address: BrokerAddress, depth: Depth, answer: MetadataAnswer): Testimony => ({
  address,
  depth,
  brokers: listOnce(answer.brokers),
  clusterId: answer.clusterId,
  controllerId: answer.controllerId,
  topics: new Map(answer.topics.map((topic) => [topic.name, topic])),
});

/** What tells a broker's entry from another: its id and where it is. */
export const entryOf = (broker: ListedBroker): string =>
  `${broker.id}@${broker.isListedAt?.join('|') ?? keyOf(broker)}`;

/** Its list of brokers as one text, by which lists are told apart. */
export const listOf = ({ brokers }: Pick<Testimony, 'brokers'>): string => brokers.map(entryOf).join(',');

/** True for an answer that describes a cluster at all. */
export const isDescription = ({ brokers }: Testimony): boolean => brokers.length > 0;

/** Descriptions of one cluster. */
export const descriptionsOf = (
  testimonies: readonly Testimony[],
  clusterId: Testimony['clusterId'],
): readonly Testimony[] =>
  testimonies.filter((testimony) => testimony.clusterId === clusterId && isDescription(testimony));
