import type { BrokerView, ClusterView, TopicView } from '../../../../shared/core/cluster-view.ts';
import type { CutCandidate } from './retention-cut.ts';

/** What a look must bring along for `compileCandidates`. */
export const settingsOfRetention = [
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'remote.storage.enable',
] as const;

/** What is on one broker's disk by topic, as far as a retention cut could touch it. */
export type Candidates = {
  readonly candidates: readonly CutCandidate[];
  /** Topics with bytes there of which settings or offsets were not told. */
  readonly unreadable: number;
};

/**
 * The topics of one broker's data disk, from a look with settings, both ends and bytes by topic. Internal topics stay out,
 * and so do tiered ones, whose retention reaches records that are not on the disk.
 *
 * @returns undefined where that broker did not tell its bytes
 */
export function compileCandidates(
  view: ClusterView,
  brokerId: number,
  isCritical: (topic: string) => boolean,
): Candidates | undefined {
  const bytesByTopic = bytesOnBroker(view.brokers.find(({ id }) => id === brokerId));
  const totalBytes = [...(bytesByTopic?.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
  if (bytesByTopic === undefined || totalBytes === 0) return undefined;
  const users = view.topics.filter(
    (topic) => !topic.isInternal && !topic.name.startsWith('__') && (bytesByTopic.get(topic.name) ?? 0) > 0,
  );
  const compiled = users.map((topic) => {
    const bytes = bytesByTopic.get(topic.name) ?? 0;
    return candidateOf(topic, brokerId, bytes, totalBytes, isCritical(topic.name));
  });
  return {
    candidates: compiled.filter((one) => one !== 'tiered' && one !== 'unreadable'),
    unreadable: compiled.filter((one) => one === 'unreadable').length,
  };
}

function bytesOnBroker(broker: BrokerView | undefined): ReadonlyMap<string, number> | undefined {
  const told = broker?.logDirectories?.map(({ usedBytesByTopic }) => usedBytesByTopic);
  if (told === undefined || told.includes(undefined)) return undefined;
  const bytesByTopic = new Map<string, number>();
  for (const [topic, bytes] of told.flatMap((one) => Object.entries(one ?? {}))) {
    bytesByTopic.set(topic, (bytesByTopic.get(topic) ?? 0) + bytes);
  }
  return bytesByTopic;
}

function candidateOf(
  { name, settings, partitions }: TopicView,
  brokerId: number,
  bytes: number,
  totalBytes: number,
  isCritical: boolean,
): CutCandidate | 'tiered' | 'unreadable' {
  const counts = partitions.flatMap(({ earliestOffset, latestOffset }) =>
    earliestOffset === undefined || latestOffset === undefined ? [] : [Number(latestOffset - earliestOffset)],
  );
  const policy = settings?.['cleanup.policy'];
  if (settings === undefined || policy === undefined || counts.length < partitions.length) return 'unreadable';
  if (settings['remote.storage.enable'] === 'true') return 'tiered';
  const retentionMs = limitOf(settings['retention.ms']);
  const retentionBytes = limitOf(settings['retention.bytes']);
  const copiesHere = partitions.filter(({ replicaIds }) => replicaIds.includes(brokerId)).length;
  return {
    topic: name,
    shareOfDisk: bytes / totalBytes,
    recordCount: counts.reduce((sum, count) => sum + count, 0),
    ...(retentionMs !== undefined && { retentionMs }),
    ...(retentionBytes !== undefined && { retentionBytes }),
    bytesPerPartition: bytes / Math.max(1, copiesHere),
    isCompacted: !policy.split(',').includes('delete'),
    isBound: partitions.some(({ earliestOffset }) => earliestOffset !== undefined && earliestOffset > 0n),
    isCritical,
  };
}

/** Kafka writes "no limit" as −1. */
function limitOf(setting: string | undefined): number | undefined {
  const limit = Number(setting);
  return setting === undefined || !Number.isFinite(limit) || limit < 0 ? undefined : limit;
}
