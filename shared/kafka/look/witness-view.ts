import type { WitnessView } from '../../core/cluster-view.ts';
import { keyOf } from './options.ts';
import { entryOf, type ListedBroker, type Testimony } from './testimony.ts';

const idsBeyond = (brokers: readonly ListedBroker[], others: readonly ListedBroker[]): readonly number[] => {
  const entries = new Set(others.map(entryOf));
  return brokers.filter((broker) => !entries.has(entryOf(broker))).map(({ id }) => id);
};

const overruledOf = (testimony: Testimony, brokers: readonly ListedBroker[], partitionCount: number) => {
  const missingBrokerIds = idsBeyond(brokers, testimony.brokers);
  const extraBrokerIds = idsBeyond(testimony.brokers, brokers);
  const isOdd = missingBrokerIds.length + extraBrokerIds.length + partitionCount > 0;
  return isOdd ? { overruled: { missingBrokerIds, extraBrokerIds, partitionCount } } : {};
};

/**
 * Who described the cluster, and in what it was overruled.
 *
 * @param brokers the list that stands
 * @param clusterId ours
 * @param overruledCounts by address, of how many partitions it spoke otherwise than stands
 */
export const viewWitnesses = (
  testimonies: readonly Testimony[],
  brokers: readonly ListedBroker[],
  clusterId: string | undefined,
  overruledCounts: ReadonlyMap<string, number>,
): readonly WitnessView[] => {
  // A broker that is not in the list that stands has its id from whom lists it.
  const ours = testimonies.filter((testimony) => testimony.clusterId === clusterId).flatMap((each) => each.brokers);
  const idByKey = new Map([...ours, ...brokers].map((broker) => [keyOf(broker), broker.id]));
  const sharedKeys = new Set(
    [...Map.groupBy(brokers, keyOf)].flatMap(([key, sharing]) => (sharing.length > 1 ? [key] : [])),
  );
  return testimonies
    .map((testimony): WitnessView => {
      const { address, depth } = testimony;
      const key = keyOf(address);
      const brokerId = sharedKeys.has(key) ? undefined : idByKey.get(key);
      return {
        ...(brokerId === undefined ? {} : { brokerId }),
        address: `${address.host}:${address.port}`,
        depth,
        brokerIds: testimony.brokers.map(({ id }) => id),
        ...(testimony.clusterId === clusterId ? {} : { otherClusterId: testimony.clusterId ?? 'none' }),
        ...overruledOf(testimony, brokers, overruledCounts.get(key) ?? 0),
      };
    })
    .sort(
      (left, right) =>
        (left.brokerId ?? Number.MAX_SAFE_INTEGER) - (right.brokerId ?? Number.MAX_SAFE_INTEGER) ||
        (left.address < right.address ? -1 : 1),
    );
};
