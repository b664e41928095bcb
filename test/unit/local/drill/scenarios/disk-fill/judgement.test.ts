import { describe, expect, test } from 'vitest';
import {
  acceptedUpdates,
  bytesUntil,
  fullestDisk,
  keptActOf,
  storageUpdates,
  tellsHoursToFull,
} from '../../../../../../local/drill/scenarios/disk-fill/judgement.ts';

const sample = (brokerId: number, usedPercent: number, clockMs = 10) => ({
  brokerId,
  usedPercent,
  clockMs,
  volumeGiB: 100,
});
const call = (operation: string, outcome = 'ok', service = 'kafka') => ({
  service,
  operation,
  outcome,
  roleName: 'scaler',
  requestId: `${operation} ${outcome}`,
});

describe('how full the disks are', () => {
  test('is told by the fullest of the last moment, whatever was before', () => {
    expect(fullestDisk([sample(1, 90, 5), sample(1, 40), sample(2, 41), sample(3, 39)])).toEqual(sample(2, 41));
    expect(fullestDisk([])).toBeUndefined();
  });

  test('and what is missing is counted in MiB of the volume, never below nothing', () => {
    expect(bytesUntil(82, sample(1, 2))).toBe(80 * 1024 * 1024);
    expect(bytesUntil(82, { ...sample(1, 41), volumeGiB: 200 })).toBe(82 * 1024 * 1024);
    expect(bytesUntil(82, sample(1, 83))).toBe(0);
  });
});

describe('calls that enlarge volumes', () => {
  const calls = [
    call('DescribeClusterV2'),
    call('UpdateBrokerStorage', 'BadRequestException'),
    call('UpdateBrokerStorage'),
    call('UpdateStorage'),
    call('UpdateBrokerStorage', 'ok', 'elsewhere'),
  ];

  test('are counted by both operations of MSK, and by nothing else', () => {
    expect(storageUpdates(calls).map(({ requestId }) => requestId)).toEqual([
      'UpdateBrokerStorage BadRequestException',
      'UpdateBrokerStorage ok',
      'UpdateStorage ok',
    ]);
  });

  test('were accepted where MSK took them', () => {
    expect(acceptedUpdates(calls).map(({ operation }) => operation)).toEqual(['UpdateBrokerStorage', 'UpdateStorage']);
  });
});

describe('an audit record', () => {
  const record = {
    version: 1,
    cause: 'drill-storage-scaling-1-1',
    mode: 'act',
    plan: { action: 'expand', reason: 'above-threshold' },
    tries: [{ id: 'a' }, { id: 'b' }],
    end: { decision: 'adopted', requestId: 'r-1' },
  };

  test('is read as it lies in the bucket, also without an end', () => {
    const kept = { cause: 'drill-storage-scaling-1-1', mode: 'act', action: 'expand', tryCount: 2 };
    expect(keptActOf(record)).toEqual({ ...kept, decision: 'adopted', requestId: 'r-1' });
    const { end: _, ...open } = record;
    expect(keptActOf(open)).toEqual({ ...kept, decision: undefined, requestId: undefined });
  });

  test.each([[undefined], ['text'], [{}], [{ ...record, tries: 2 }], [{ ...record, plan: 'expand' }]])(
    'is nothing else: %j',
    (document) => {
      expect(keptActOf(document)).toBeUndefined();
    },
  );
});

test.each([
  ["Broker 2's disk is full in 41 min. Storage was changed lately.", true],
  ['is full in 3.2 h', true],
  ['How soon it is full is unknown', false],
  ['the disk is full', false],
])('a message tells how long the disk lasts, or does not: %s', (message, isTold) => {
  expect(tellsHoursToFull(message)).toBe(isTold);
});
