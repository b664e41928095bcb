import { expect, test } from 'vitest';
import { type WatchedStorage, watchStorage } from '../../../../local/world/storage-happenings.ts';

const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/drill/1';
const startMs = Date.parse('2026-03-02T09:00:00Z');

const storage = () => {
  const cluster = { volumeGiB: 100, state: 'ACTIVE', storageLockedUntilMs: undefined as number | undefined };
  const operations: { arn: string; type: string; state: string; startMs: number; endMs?: number }[] = [];
  // A boundary of the test: only what is watched is there.
  const msk = { cluster: () => cluster, operations: () => operations } as unknown as WatchedStorage;
  return { cluster, operations, read: watchStorage(msk, arn) };
};

test('the first look tells how things stand, the next ones only what is new', () => {
  const { cluster, read } = storage();
  expect(read().map(({ subject, label, tone }) => [subject, label, tone])).toEqual([
    ['volumes', '100 GiB a broker', 'good'],
    ['cluster', 'cluster ACTIVE', 'good'],
  ]);
  expect(read()).toEqual([]);
  cluster.state = 'UPDATING';
  expect(read()).toEqual([{ lane: 'storage', subject: 'cluster', label: 'cluster UPDATING', tone: 'warn' }]);
});

test('an operation is told once it has ended, at the time it did, with the new volumes and the lock', () => {
  const { cluster, operations, read } = storage();
  read();
  operations.push({ arn: 'o-1', type: 'INCREASE_BROKER_STORAGE', state: 'UPDATE_IN_PROGRESS', startMs });
  expect(read()).toEqual([]);
  const endMs = startMs + 10 * 60_000;
  operations.splice(0, 1, {
    arn: 'o-1',
    type: 'INCREASE_BROKER_STORAGE',
    state: 'UPDATE_COMPLETE',
    startMs,
    endMs,
  });
  Object.assign(cluster, { volumeGiB: 200, storageLockedUntilMs: endMs + 6 * 3_600_000 });
  expect(read().map(({ label, clockMs }) => [label, clockMs])).toEqual([
    ['200 GiB a broker', undefined],
    ['locked until 2026-03-02 15:10', undefined],
    ['MSK operation INCREASE_BROKER_STORAGE from 09:00 to 09:10: UPDATE_COMPLETE', endMs],
  ]);
  expect(read()).toEqual([]);
});

test('what had ended before the watch began is no news', () => {
  const cluster = { volumeGiB: 100, state: 'ACTIVE', storageLockedUntilMs: undefined };
  const old = { arn: 'o-1', type: 'REBOOT_NODE', state: 'UPDATE_FAILED', startMs, endMs: startMs };
  const msk = { cluster: () => cluster, operations: () => [old] } as unknown as WatchedStorage;
  expect(watchStorage(msk, arn)().filter(({ lane }) => lane === 'acts')).toEqual([]);
});
