import type { NamedPartition } from '../../../../shared/core/diagnosis.ts';
import type { HealthFacts } from './facts.ts';
import { isOffline, isUnderReplicated } from './partition-state.ts';
import type { Located } from './partitions.ts';

/** The partitions that a page names: without a leader, and with copies that are not in sync; by topic and number. */
export type Suffering = {
  readonly offline: readonly NamedPartition[];
  readonly underReplicated: readonly NamedPartition[];
};

/** @returns undefined where no broker told its topics: then nobody knows which partitions suffer */
export function findSuffering({ topics, partitions }: HealthFacts): Suffering | undefined {
  if (topics === undefined) return undefined;
  return {
    offline: partitions.filter(({ partition }) => isOffline(partition)).map(named),
    underReplicated: partitions.filter(({ partition }) => isUnderReplicated(partition)).map(named),
  };
}

const named = ({ topic: { name }, partition: { partition, leaderId } }: Located): NamedPartition => ({
  topic: name,
  partition,
  ...(leaderId !== undefined && { leaderId }),
});
