import type { ClusterView } from '../../shared/core/cluster-view.ts';
import { brokerPoint, type MetricPoint } from './metric-point.ts';
import { answeringBrokers, usedBytesOf } from './state-points.ts';

/** Records that came into a partition between two looks, with where they came in and on how many disks they lie. */
type Arrival = { readonly leaderId: number; readonly copies: number; readonly records: number };

const endsOf = (view: ClusterView): Map<string, bigint> =>
  new Map(
    view.topics.flatMap(({ name, topicId, partitions }) =>
      partitions.flatMap(({ partition, latestOffset }) =>
        latestOffset === undefined ? [] : [[`${name}/${topicId}/${partition}`, latestOffset] as const],
      ),
    ),
  );

const arrivalsBetween = (before: ClusterView, after: ClusterView): Arrival[] => {
  const earlier = endsOf(before);
  return after.topics.flatMap(({ name, topicId, partitions }) =>
    partitions.flatMap(({ partition, leaderId, latestOffset, inSyncReplicaIds }) => {
      const previous = earlier.get(`${name}/${topicId}/${partition}`);
      if (leaderId === undefined || latestOffset === undefined || previous === undefined) return [];
      // A leader without all records may follow (unclean election): that is no negative rate.
      const records = Math.max(0, Number(latestOffset - previous));
      return [{ leaderId, copies: inSyncReplicaIds.length, records }];
    }),
  );
};

const usedBytesOfAll = (view: ClusterView): number | undefined => {
  const used = answeringBrokers(view).map(usedBytesOf);
  return used.reduce<number | undefined>(
    (sum, bytes) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
};

/** Average size of an arrived record on disk; undefined where brokers came or went, or retention deleted more than came. */
const bytesPerRecord = (before: ClusterView, after: ClusterView, arrivals: readonly Arrival[]): number | undefined => {
  if (answeringBrokers(before).length !== answeringBrokers(after).length) return undefined;
  const [earlier, later] = [usedBytesOfAll(before), usedBytesOfAll(after)];
  const stored = arrivals.reduce((sum, { records, copies }) => sum + records * copies, 0);
  if (earlier === undefined || later === undefined || later < earlier) return undefined;
  return stored === 0 ? 0 : (later - earlier) / stored;
};

/**
 * Rates between two looks, at the broker that leads a partition, as its JMX would count them: records from end offsets,
 * bytes from the growth of the log directories shared out by records (the size of a single record is not read). Nothing
 * where the looks are not comparable.
 */
export const ratePoints = (cluster: string, before: ClusterView, after: ClusterView): MetricPoint[] => {
  const seconds = (after.takenAtMs - before.takenAtMs) / 1000;
  if (seconds <= 0) return [];
  const arrivals = arrivalsBetween(before, after);
  const recordBytes = bytesPerRecord(before, after, arrivals);
  return answeringBrokers(after).flatMap(({ id }) => {
    const records = arrivals.reduce((sum, arrival) => sum + (arrival.leaderId === id ? arrival.records : 0), 0);
    return [
      brokerPoint(cluster, id, 'MessagesInPerSec', records / seconds),
      ...(recordBytes === undefined
        ? []
        : [brokerPoint(cluster, id, 'BytesInPerSec', (records * recordBytes) / seconds)]),
    ];
  });
};
