import type { MetricPoint } from '../../../../local/metrics-pump/metric-point.ts';
import type { BrokerView, ClusterView, GroupView, PartitionView } from '../../../../shared/core/cluster-view.ts';

/** A broker that answered, with bytes on one disk; `problem` for one that did not. */
export const broker = (id: number, usedBytes = 0, more: Partial<BrokerView> = {}): BrokerView => ({
  id,
  host: '127.0.0.1',
  port: 9092,
  logDirectories: [{ path: '/data', usedBytes }],
  requestCount: 0,
  ...more,
});

export const silent = { problem: { kind: 'unreachable', message: 'connection refused' } } as const;

export const partition = (index: number, leaderId: number | undefined, inSync: number[], end = 0n): PartitionView => ({
  partition: index,
  ...(leaderId === undefined ? {} : { leaderId }),
  replicaIds: [1, 2, 3],
  inSyncReplicaIds: inSync,
  offlineReplicaIds: [],
  ...(end < 0n ? {} : { latestOffset: end }),
});

export const group = (groupId: string, state: string, committed: readonly (bigint | undefined)[]): GroupView => ({
  groupId,
  coordinatorId: 1,
  protocol: 'classic',
  protocolType: 'consumer',
  state,
  members: [],
  commits: committed.map((committedOffset, index) => ({
    topic: 'orders',
    partition: index,
    ...(committedOffset === undefined ? {} : { committedOffset }),
  })),
});

export const view = (more: Partial<ClusterView> & { readonly partitions?: readonly PartitionView[] }): ClusterView => ({
  version: 1,
  takenAtMs: 0,
  durationMs: 1,
  controller: { brokerId: 1, toldBy: 'quorum' },
  brokers: [broker(1), broker(2), broker(3)],
  topics: [
    { name: 'orders', isInternal: false, partitions: more.partitions ?? [], settings: { 'min.insync.replicas': '2' } },
  ],
  witnesses: [],
  absentBrokerIds: [],
  problems: [],
  requestCountByApi: {},
  ...more,
});

/** Values of one metric, each with its broker (undefined for the cluster's). */
export const valuesOf = (points: readonly MetricPoint[], name: string) =>
  points.flatMap((point) => (point.name === name ? [[point.dimensions['Broker ID'], point.value]] : []));
