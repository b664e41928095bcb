import { expect, test } from 'vitest';
import type { StorageState } from '../../../../../../functions/capacity/storage-scaling/core/model.ts';
import { judgeRefusal } from '../../../../../../functions/capacity/storage-scaling/core/refused.ts';

const planned: StorageState = { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null };
const seen = (more: Partial<StorageState> = {}, lock: Parameters<typeof judgeRefusal>[2]['lock'] = 'free') => ({
  state: { ...planned, ...more },
  lock,
});

test.each([
  ['MSK names its lock', 'storage-optimizing', seen(), 'storage-optimizing'],
  ['words nobody knows, and the cluster is busy', 'other', seen({ state: 'SOMETHING_NEW' }), 'not-updatable'],
  ['words nobody knows, and an operation runs', 'other', seen({ activeOperationArn: 'arn:op' }), 'not-updatable'],
  ['words nobody knows, and the version moved', 'other', seen({ currentVersion: 'V2' }), 'version-moved'],
  ['words nobody knows, and the volume grew', 'other', seen({ volumeGiB: 600 }), 'version-moved'],
  ['words nobody knows, and storage may be locked', 'other', seen({}, 'uncertain'), 'storage-optimizing'],
  ['words nobody knows, and nothing explains them', 'other', seen(), 'other'],
  ['words nobody knows, and nobody can look', 'other', { state: null, lock: 'unknown' }, 'other'],
  ['a version that moved, and the state says busy', 'version-moved', seen({ state: 'UPDATING' }), 'not-updatable'],
  ['a state that is over by now', 'not-updatable', seen(), 'not-updatable'],
] as const)('%s', (_what, said, after, refusal) => {
  expect(judgeRefusal(said, planned, after)).toBe(refusal);
});
