import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import {
  approverAda,
  openStorageWorld,
  refusedUpdate,
  type StorageWorld,
} from '../../../../support/storage-scaling/world.ts';

const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
const cause = 'orders-storage-scaling-7-2026-01-14t1200';

/** What a run did, in the words of its history, and what it told whom. */
async function historyOf(open: () => StorageWorld) {
  const storage = open();
  await scale(storage);
  const { run, world } = storage;
  return {
    operations: run.operations,
    moves: run.transitions.map(({ to, facts }) => [to, facts]),
    waitedSeconds: run.waits.map(({ seconds }) => seconds),
    told: world.told.map(({ atMs, kind, severity, findings }) => [
      (atMs - noonMs) / minuteMs,
      kind,
      severity,
      findings[0]?.reason,
    ]),
    heard: world.told,
  };
}

const counts = (looks: number, attempts: number) => ({ looks, attempts, undelivered: 0 });
const enlarging = (looks: number, attempt = 1, operation = 1) => [
  ['acting', { cause: `${cause}-${attempt}`, fromGiB: 500, toGiB: 600 }],
  ['watching', { operation: `arn:operation:${operation}`, toGiB: 600 }],
  ['expanded', { reason: 'above-threshold', ...counts(looks, attempt) }],
];
const watching = (attempt: number) => [
  `step notify accepted ${attempt}`,
  'transition watching',
  `poll watch ${attempt}`,
  `poll verify ${attempt}`,
  `step notify expanded ${attempt}`,
  'step over 1',
  'transition expanded',
];

describe('the history of a run, as the console shows it', () => {
  test('an enlargement', async () => {
    expect(await historyOf(() => openStorageWorld())).toMatchObject({
      operations: ['step look 1', 'transition acting', 'step act 1.1', ...watching(1)],
      moves: enlarging(1),
      waitedSeconds: [],
      told: [
        [0, 'notice', 'warning', 'accepted'],
        [12.35, 'notice', 'notice', 'expanded'],
      ],
    });
  });

  test('mode plan', async () => {
    const { operations, moves, told } = await historyOf(() => openStorageWorld({ mode: 'plan' }));
    expect(operations).toEqual([
      'step look 1',
      'transition acting',
      'step act 1.1',
      'step notify would-act',
      'transition would-act',
    ]);
    expect(moves.at(-1)).toEqual(['would-act', { reason: 'above-threshold', ...counts(1, 1) }]);
    expect(told).toEqual([[0, 'notice', 'warning', 'above-threshold']]);
  });

  test('a lock that is waited out: the reason is one move, however often it is looked at', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.world.operations.push(storageOperation(5));
      return storage;
    };
    expect(await historyOf(open)).toMatchObject({
      operations: [
        'step look 1',
        'step notify hold storage-locked',
        'transition holding',
        'wait hold 1',
        'step look 2',
        'wait hold 2',
        'step look 3',
        'transition acting',
        'step act 1.1',
        ...watching(1),
      ],
      moves: [['holding', { reason: 'storage-locked' }], ...enlarging(3, 1, 2)],
      waitedSeconds: [1800, 1800],
      told: [
        [0, 'notice', 'warning', 'storage-locked'],
        [60, 'notice', 'warning', 'accepted'],
        [72.35, 'notice', 'notice', 'expanded'],
      ],
    });
  });

  const asking = [
    'step look 1',
    'step own episode 1',
    'approval approval 1',
    'transition awaiting-approval',
    'step notify approval 1',
    'wait approval 1',
  ];
  const asked = ['awaiting-approval', { id: 'orders-storage-scaling-7-1', toGiB: 600 }];

  test('a yes, after which the world is looked at anew', async () => {
    const answer = () => ({ decision: 'approved' as const, by: approverAda }) as const;
    expect(await historyOf(() => openStorageWorld({ approval, run: { answer } }))).toMatchObject({
      operations: [...asking, 'step look 2', 'transition acting', 'step act 1.1', ...watching(1)],
      moves: [asked, ...enlarging(2)],
      told: [
        [0, 'notice', 'critical', 'above-threshold'],
        [0, 'notice', 'warning', 'accepted'],
        [12.35, 'notice', 'notice', 'expanded'],
      ],
    });
  });

  test('silence', async () => {
    expect(await historyOf(() => openStorageWorld({ approval }))).toMatchObject({
      operations: [...asking, 'step look 2', 'step notify not approved 1', 'transition not-approved'],
      moves: [asked, ['not-approved', { reason: 'timed-out', ...counts(2, 0) }]],
      told: [
        [0, 'notice', 'critical', 'above-threshold'],
        [30, 'notice', 'critical', 'approval-timed-out'],
      ],
    });
  });

  test('a refusal of ours', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.world.autoScaling = { targetCount: 1, policyNames: [] };
      return storage;
    };
    expect(await historyOf(open)).toMatchObject({
      operations: ['step look 1', 'step notify refuse auto-scaled', 'transition refused'],
      moves: [['refused', { reason: 'auto-scaled', ...counts(1, 0) }]],
      told: [[0, 'notice', 'warning', 'auto-scaled']],
    });
  });

  test('a refusal of MSK’s, at growing pauses and with its numbers each time', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.world.failing.set('applyStorage', refusedUpdate('other'));
      return storage;
    };
    const { operations, moves, waitedSeconds, told, heard } = await historyOf(open);
    const refused = (attempt: number) => [
      `step look ${attempt}`,
      'transition acting',
      `step act ${attempt}.1`,
      `step refused ${attempt}`,
      `step notify refused ${attempt}`,
    ];
    expect(operations).toEqual([
      ...refused(1),
      'transition holding',
      'wait hold 1',
      ...refused(2),
      'wait hold 2',
      ...refused(3),
      'transition unfinished',
    ]);
    expect(moves.filter(([to]) => to !== 'acting')).toEqual([
      ['holding', { reason: 'other' }],
      ['unfinished', { reason: 'api-refused', ...counts(3, 3) }],
    ]);
    expect(waitedSeconds).toEqual([60, 120]);
    expect(told).toEqual([0, 1, 3].map((minutes) => [minutes, 'fault', 'critical', 'api-refused']));
    for (const { findings } of heard) expect(findings[0]?.evidence).toMatchObject({ usedPercent: 85, toGiB: 600 });
  });

  test('MSK’s "storage is optimizing": looked at once more at once, so that people hear why', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.world.lockedUntilMs = noonMs + hourMs;
      return storage;
    };
    const { moves, waitedSeconds, told } = await historyOf(open);
    expect(moves.map(([to]) => to)).toEqual(['acting', 'holding', 'acting', 'acting', 'watching', 'expanded']);
    expect(moves[1]).toEqual(['holding', { reason: 'storage-optimizing' }]);
    expect(waitedSeconds).toEqual([1, 1799, 1, 1800, 1799]);
    expect(told[0]?.slice(1)).toEqual(['notice', 'warning', 'storage-optimizing']);
  });

  test('the maximum, until there is room', async () => {
    const open = () => {
      const storage = openStorageWorld({ maxVolumeGiB: 500 });
      storage.world.usedGiB = (atMs) => (atMs > noonMs + 2 * minuteMs ? 200 : 425);
      return storage;
    };
    expect(await historyOf(open)).toMatchObject({
      operations: [
        'step look 1',
        'step cut at-maximum',
        'step notify incident at-maximum',
        'step event hold at-maximum',
        'transition holding',
        'wait hold 1',
        'step look 2',
        'step still 1',
        'wait hold 2',
        'step look 3',
        'step over 1',
        'step event over',
        'step over 2',
        'transition nothing-to-do',
      ],
      moves: [
        ['holding', { reason: 'at-maximum' }],
        ['nothing-to-do', { reason: 'under-threshold', ...counts(3, 0) }],
      ],
      waitedSeconds: [60, 120],
      told: [[0, 'fault', 'critical', 'at-maximum']],
    });
  });

  test('an alarm that hangs over a calm disk is looked at six times, for an hour', async () => {
    const open = () => {
      const storage = openStorageWorld();
      Object.assign(storage.world, { isAlarmStuck: true, usedGiB: () => 200 });
      return storage;
    };
    const { waitedSeconds, moves, told, operations } = await historyOf(open);
    expect(waitedSeconds).toEqual([60, 120, 240, 480, 960, 1800]);
    expect(moves.at(-1)).toEqual(['nothing-to-do', { reason: 'under-threshold', ...counts(7, 0) }]);
    expect(told).toEqual([[61, 'notice', 'notice', 'under-threshold']]);
    expect(operations[1]).toBe('step event hold alarm-not-over');
  });

  test('room that is found after something else was waited for is looked at as often', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.world.operations.push(storageOperation(5));
      Object.assign(storage.world, {
        isAlarmStuck: true,
        usedGiB: (atMs: number) => (atMs > noonMs + 10 * minuteMs ? 200 : 425),
      });
      return storage;
    };
    expect((await historyOf(open)).waitedSeconds).toEqual([1800, 60, 120, 240, 480, 960, 1800]);
  });

  test('a change that fails: the lock after it is waited for anew, as a move of its own', async () => {
    const open = () => {
      const storage = openStorageWorld();
      Object.assign(storage.world, { willFail: true, operationMs: minuteMs });
      return storage;
    };
    const { operations, moves, waitedSeconds, told } = await historyOf(open);
    expect(operations.slice(3, 11)).toEqual([
      'step notify accepted 1',
      'transition watching',
      'poll watch 1',
      'step notify operation-failed 1',
      'step look 2',
      'step notify hold storage-locked',
      'transition holding',
      'wait hold 2',
    ]);
    const round = ['acting', 'watching', 'holding'];
    expect(moves.slice(0, 6).map(([to]) => to)).toEqual([...round, ...round]);
    // Every half hour, and the last time to the lock's end.
    expect(waitedSeconds.slice(0, 13)).toEqual([...Array<number>(11).fill(1800), 1788, 1800]);
    expect(told.slice(0, 5)).toEqual([
      [0, 'notice', 'warning', 'accepted'],
      [1.2, 'fault', 'critical', 'operation-failed'],
      [1.2, 'notice', 'warning', 'storage-locked'],
      [361, 'notice', 'warning', 'accepted'],
      [362.2, 'fault', 'critical', 'operation-failed'],
    ]);
  });

  test('a run that gives up says so after six days, with what it last saw', async () => {
    const open = () => {
      const storage = openStorageWorld();
      storage.switches.killSwitch = 'on';
      return storage;
    };
    const { operations, moves, told, heard, waitedSeconds } = await historyOf(open);
    expect(operations.slice(2, 6)).toEqual([
      'step act 1.1',
      'step notify stopped kill-switch',
      'transition holding',
      'wait hold 1',
    ]);
    expect(operations.slice(-3)).toEqual([
      expect.stringMatching(/^step look \d+$/),
      'step notify unfinished',
      'transition unfinished',
    ]);
    expect(moves[1]).toEqual(['holding', { reason: 'kill-switch' }]);
    expect(moves.at(-1)).toMatchObject(['unfinished', { reason: 'above-threshold' }]);
    expect(waitedSeconds.slice(0, 7)).toEqual([60, 120, 240, 480, 960, 1800, 1800]);
    expect(told).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6].map((days) => [expect.closeTo(days * 23.5 * 60, -2), 'fault', 'warning', 'kill-switch']),
      [6 * 24 * 60, 'fault', 'critical', 'unfinished'],
    ]);
    expect(heard.at(-1)).toMatchObject({
      headline: expect.stringMatching(
        /^Storage scaling gave up after 6 days of waiting\. It last said: Broker 1's data/,
      ),
      findings: [{ evidence: { usedPercent: 85, thresholdPercent: 80 } }],
    });
  });
});
