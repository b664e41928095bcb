import { expect, test } from 'vitest';
import { DependencyError, type DependencyFailure } from '../../../../../shared/core/errors.ts';
import { headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

/** The cluster cannot be described at the first looks, so many of them. */
const silentFor = (looks: number, failure: DependencyFailure): StorageWorld => {
  const storage = openStorageWorld({ mode: 'plan' });
  const { fetchCluster } = storage.ports;
  let asked = 0;
  const ports = {
    ...storage.ports,
    fetchCluster: async () => {
      asked += 1;
      if (asked <= looks) throw new DependencyError('kafka:DescribeClusterV2', failure, `${failure}: no answer`);
      return fetchCluster();
    },
  };
  return { ...storage, ports };
};

const unknowns = (storage: StorageWorld) =>
  headlines(storage).filter((line) => line.includes('kafka:DescribeClusterV2'));

test.each<[number, DependencyFailure, number]>([
  [1, 'timed-out', 0],
  [2, 'timed-out', 0],
  [3, 'timed-out', 1],
  [1, 'denied', 1],
])('of a source that was silent at %d looks (%s) people hear %d times', async (looks, failure, times) => {
  const storage = silentFor(looks, failure);
  await scale(storage);
  expect(unknowns(storage)).toHaveLength(times);
});
