import type { BrokerView, ClusterView, PartitionView } from '../../shared/core/cluster-view.ts';
import { brokerPoint, clusterPoint, type MetricPoint } from './metric-point.ts';

/** 1 MiB of a local disk stands for 1 GiB of a broker's volume. */
const localBytesPerVolumeGiB = 1024 * 1024;

type LedPartition = { readonly partition: PartitionView; readonly minInSyncReplicas: number };

const isUnderReplicated = ({ partition }: LedPartition): boolean =>
  partition.inSyncReplicaIds.length < partition.replicaIds.length;

const isUnderMinIsr = ({ partition, minInSyncReplicas }: LedPartition): boolean =>
  partition.inSyncReplicaIds.length < minInSyncReplicas;

/** Brokers that answered: MSK publishes nothing for a broker that is down, and nobody publishes for it. */
export const answeringBrokers = (view: ClusterView): readonly BrokerView[] =>
  view.brokers.filter(({ problem }) => problem === undefined);

/** Bytes of all replicas on a broker; undefined where any of its directories did not tell. */
export const usedBytesOf = ({ logDirectories }: BrokerView): number | undefined =>
  logDirectories?.reduce<number | undefined>(
    (sum, { usedBytes, problem }) =>
      sum === undefined || usedBytes === undefined || problem !== undefined ? undefined : sum + usedBytes,
    0,
  );

const partitionsOf = (view: ClusterView): LedPartition[] =>
  view.topics.flatMap(({ partitions, settings }) => {
    // Kafka's own default where the setting was not read.
    const minInSyncReplicas = Number(settings?.['min.insync.replicas'] ?? 1);
    return partitions.map((partition) => ({ partition, minInSyncReplicas }));
  });

/** A controller that is no broker reports for itself: it answers by way of the brokers that told who it is. */
const reporterIds = (view: ClusterView): readonly number[] => {
  const ids = answeringBrokers(view).map(({ id }) => id);
  const { brokerId } = view.controller;
  const isApart = brokerId !== undefined && view.brokers.every(({ id }) => id !== brokerId);
  return isApart && ids.length > 0 ? [...ids, brokerId] : ids;
};

/** Every broker reports these under the cluster's name; all but the controller report 0. Source: MSK Developer Guide, metrics at DEFAULT level. */
const controllerPoints = (cluster: string, view: ClusterView, partitions: readonly LedPartition[]): MetricPoint[] =>
  reporterIds(view).flatMap((id) => {
    const ofController = (value: number): number => (id === view.controller.brokerId ? value : 0);
    const offline = partitions.filter(({ partition }) => partition.leaderId === undefined).length;
    return [
      clusterPoint(cluster, 'ActiveControllerCount', ofController(1)),
      clusterPoint(cluster, 'OfflinePartitionsCount', ofController(offline)),
      clusterPoint(cluster, 'GlobalPartitionCount', ofController(partitions.length)),
      clusterPoint(cluster, 'GlobalTopicCount', ofController(view.topics.length)),
    ];
  });

/** As Kafka counts them: health of a partition at its leader, the replica at each broker that holds one. */
const partitionPoints = (cluster: string, view: ClusterView, partitions: readonly LedPartition[]): MetricPoint[] =>
  answeringBrokers(view).flatMap(({ id }) => {
    const led = partitions.filter(({ partition }) => partition.leaderId === id);
    const held = partitions.filter(({ partition }) => partition.replicaIds.includes(id));
    return [
      brokerPoint(cluster, id, 'UnderReplicatedPartitions', led.filter(isUnderReplicated).length),
      brokerPoint(cluster, id, 'UnderMinIsrPartitionCount', led.filter(isUnderMinIsr).length),
      brokerPoint(cluster, id, 'PartitionCount', held.length),
      brokerPoint(cluster, id, 'LeaderCount', led.length),
    ];
  });

/** Bytes of all replicas against a declared volume, both as the broker and under the cluster's name alone. */
const diskPoints = (cluster: string, view: ClusterView, volumeGiB: number | undefined): MetricPoint[] =>
  answeringBrokers(view).flatMap((broker) => {
    const { id } = broker;
    const usedBytes = usedBytesOf(broker);
    if (usedBytes === undefined || volumeGiB === undefined) return [];
    const usedPercent = Math.min(100, (100 * usedBytes) / (volumeGiB * localBytesPerVolumeGiB));
    return [
      brokerPoint(cluster, id, 'KafkaDataLogsDiskUsed', usedPercent),
      clusterPoint(cluster, 'KafkaDataLogsDiskUsed', usedPercent),
    ];
  });

/** What one look tells by itself. All of it is measured on the brokers. */
export const statePoints = (cluster: string, view: ClusterView, volumeGiB: number | undefined): MetricPoint[] => {
  const partitions = partitionsOf(view);
  return [
    ...controllerPoints(cluster, view, partitions),
    ...partitionPoints(cluster, view, partitions),
    ...diskPoints(cluster, view, volumeGiB),
  ];
};
