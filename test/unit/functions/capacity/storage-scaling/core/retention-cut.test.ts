import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCandidates } from '../../../../../../functions/capacity/storage-scaling/core/retention-candidates.ts';
import {
  type CutCandidate,
  describeRetentionCut,
  planRetentionCut,
} from '../../../../../../functions/capacity/storage-scaling/core/retention-cut.ts';
import { dayMs } from '../../../../../../shared/core/units.ts';
import { brokerView, clusterView, partitionView, topicView } from '../../../../../support/health/builders.ts';

const candidate = (topic: string, shareOfDisk: number, more: Partial<CutCandidate> = {}): CutCandidate => ({
  topic,
  shareOfDisk,
  recordCount: 1_000_000,
  retentionMs: 7 * dayMs,
  bytesPerPartition: 1_000_000,
  isCompacted: false,
  isBound: true,
  isCritical: false,
  ...more,
});

test('C12: the largest topics first, halved, until enough is freed, with records lost', () => {
  const proposal = planRetentionCut(
    [candidate('small', 0.1), candidate('large', 0.6), candidate('middle', 0.3)],
    400,
    150,
  );
  expect(proposal).toEqual({
    cuts: [
      expect.objectContaining({
        topic: 'large',
        setting: 'retention.ms',
        from: 7 * dayMs,
        to: 3.5 * dayMs,
        freedGiB: 120,
      }),
      expect.objectContaining({ topic: 'middle', freedGiB: 60, lostRecords: 500_000 }),
    ],
    freedGiB: 180,
    lostRecords: 1_000_000,
    isEnough: true,
    leftOut: { compacted: 0, unbound: 0 },
  });
});

test.each<[string, Partial<CutCandidate>, object]>([
  ['a compacted topic is never cut', { isCompacted: true }, { compacted: 1, unbound: 0 }],
  ['6.9: a topic still below its retention would free nothing', { isBound: false }, { compacted: 0, unbound: 1 }],
])('%s', (_name, more, leftOut) => {
  expect(planRetentionCut([candidate('orders', 1, more)], 400, 10)).toMatchObject({
    cuts: [],
    isEnough: false,
    leftOut,
  });
});

test('a topic without any retention has nothing to cut', () => {
  const { retentionMs: _retention, ...endless } = candidate('orders', 1);
  expect(planRetentionCut([endless], 400, 10).cuts).toEqual([]);
});

test('a topic bound by bytes is cut by bytes, from what it really holds', () => {
  const bound = candidate('orders', 1, { retentionBytes: 5_000_000, bytesPerPartition: 1_000_000 });
  expect(planRetentionCut([bound], 400, 10).cuts).toMatchObject([
    { setting: 'retention.bytes', from: 5_000_000, to: 500_000, freedGiB: 200 },
  ]);
});

test('critical topics are cut last', () => {
  const proposal = planRetentionCut([candidate('orders', 0.8, { isCritical: true }), candidate('logs', 0.2)], 400, 30);
  expect(proposal.cuts.map(({ topic }) => topic)).toEqual(['logs']);
});

test('it says what is not enough, what to type, and that nothing is applied', () => {
  const proposal = planRetentionCut([candidate('logs', 0.1), candidate('state', 0.9, { isCompacted: true })], 400, 100);
  const text = describeRetentionCut(proposal, 100)
    .map(({ message }) => message)
    .join('\n');
  expect(text).toContain('never applied by mskeeper');
  expect(text).toContain('Not enough: 100 GiB are needed.');
  expect(text).toContain(
    'kafka-configs.sh --alter --entity-type topics --entity-name logs --add-config retention.ms=302400000',
  );
  expect(text).toContain('1 compacted topic cannot be cut');
  expect(text).toContain('500000 records lost');
});

const cutsOf = (...candidates: CutCandidate[]) =>
  describeRetentionCut(planRetentionCut(candidates, 400, 100), 100).map(({ message }) => message);
const alter = 'kafka-configs.sh --alter --entity-type topics --entity-name';

test('a proposal, whole: the sum, each cut by time or by bytes, and what stays out', () => {
  expect(
    cutsOf(
      candidate('large', 0.5),
      candidate('small', 0.02, { retentionBytes: 5_000_000, bytesPerPartition: 3_000_000, recordCount: 3 }),
      candidate('state', 0.2, { isCompacted: true }),
      candidate('table', 0.2, { isCompacted: true }),
      candidate('young', 0.08, { isBound: false }),
    ),
  ).toEqual([
    'Proposed, never applied by mskeeper: cut retention of 1 topic; about 100 GiB freed on the fullest broker and 500000 records lost for good, also for groups that have not read them. Afterwards set the old value again.',
    `large: retention.ms 604800000 → 302400000 (7 days → 3.5 days), about 100 GiB, 500000 records: ${alter} large --add-config retention.ms=302400000`,
    '2 compacted topics cannot be cut by retention; 1 topic not bound by retention yet would free nothing.',
  ]);
  const bytes = { retentionBytes: 5_000_000, bytesPerPartition: 3_000_000, recordCount: 3 };
  expect(cutsOf(candidate('small', 0.02, bytes))).toEqual([
    'Proposed, never applied by mskeeper: cut retention of 1 topic; about 4 GiB freed on the fullest broker and 2 records lost for good, also for groups that have not read them. Not enough: 100 GiB are needed. Afterwards set the old value again.',
    `small: retention.bytes 5000000 → 1500000 (5000000 bytes a partition → 1500000 bytes a partition), about 4 GiB, 2 records: ${alter} small --add-config retention.bytes=1500000`,
  ]);
});

test.each([
  [0.00624, '1.2 GiB'],
  [0.0499, '10 GiB'],
  [0.0524, '10 GiB'],
])('%d of a disk of 400 GiB, halved, is said as %s', (shareOfDisk, words) => {
  expect(cutsOf(candidate('logs', shareOfDisk))[0]).toContain(`about ${words} freed`);
});

test.each([
  ['young', { isBound: false }, '1 topic not bound by retention yet would free nothing'],
  ['compacted', { isCompacted: true }, '1 compacted topic cannot be cut by retention'],
])('where nothing can be cut the %s ones are the reason', (_name, more, why) => {
  expect(cutsOf(candidate('orders', 1, more))).toEqual([`No retention cut would free anything at once. ${why}`]);
});

test.each([
  ['as many as are wanted', 60, 1],
  ['one more where a part is missing', 60.1, 2],
])('cuts end with %s', (_name, wantedGiB, count) => {
  const proposal = planRetentionCut([candidate('a', 0.3), candidate('b', 0.3)], 400, wantedGiB);
  expect(proposal).toMatchObject({ isEnough: true, freedGiB: 60 * count });
  expect(proposal.cuts).toHaveLength(count);
});

test('a retention of two is cut to one, and one of one is not cut to nothing', () => {
  const by = (more: Partial<CutCandidate>) =>
    planRetentionCut([candidate('a', 1, more)], 400, 1).cuts.map(({ to }) => to);
  expect(by({ retentionMs: 2 })).toEqual([1]);
  expect(by({ retentionMs: 1 })).toEqual([]);
  expect(by({ retentionBytes: 2, bytesPerPartition: 9 })).toEqual([1]);
  expect(by({ retentionBytes: 1, bytesPerPartition: 9 })).toEqual([]);
});

test('nobody reads more than ten cuts, and a topic that cannot be cut is none of them', () => {
  const { retentionMs: _retention, ...endless } = candidate('endless', 0.05);
  const many = Array.from({ length: 12 }, (_, index) => candidate(`t${index}`, 0.01));
  expect(planRetentionCut([endless, ...many], 400, 400).cuts).toHaveLength(10);
});

test('nothing to cut is said, too', () => {
  expect(describeRetentionCut(planRetentionCut([], 400, 100), 100)).toEqual([
    { message: 'No retention cut would free anything at once.' },
  ]);
});

test('where nothing must be freed nothing is proposed, and nothing is called impossible', () => {
  const large = [candidate('clicks', 0.9)];
  expect(describeRetentionCut(planRetentionCut(large, 350, 0), 0)).toEqual([
    { message: 'No retention cut is proposed: the disk that is full first needs none of its space freed now.' },
  ]);
  expect(planRetentionCut(large, 350, 0.1).cuts).toHaveLength(1);
});

test('a proposal never frees more than there is, never cuts to nothing, and is at most ten topics', () => {
  const some = fc.array(
    fc.record({
      topic: fc.string({ minLength: 1 }),
      shareOfDisk: fc.double({ min: 0, max: 0.1, noNaN: true }),
      recordCount: fc.nat(1_000_000),
      retentionMs: fc.nat(1_000_000_000),
      bytesPerPartition: fc.nat(1_000_000),
      isCompacted: fc.boolean(),
      isBound: fc.boolean(),
      isCritical: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(some, fc.double({ min: 0, max: 500, noNaN: true }), (candidates, wantedGiB) => {
      const { cuts, freedGiB, lostRecords } = planRetentionCut(candidates, 400, wantedGiB);
      expect(cuts.length).toBeLessThanOrEqual(10);
      expect(freedGiB).toBeLessThanOrEqual(400 * candidates.reduce((sum, { shareOfDisk }) => sum + shareOfDisk, 0));
      expect(cuts.every(({ from, to }) => to >= 1 && to < from)).toBe(true);
      expect(lostRecords).toBeLessThanOrEqual(candidates.reduce((sum, { recordCount }) => sum + recordCount, 0) + 10);
    }),
  );
});

const settings = { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'retention.bytes': '-1' };
const bound = [0, 1].map((id) => partitionView(id, { earliestOffset: 50n, latestOffset: 150n }));
const viewOf = (...topics: ReturnType<typeof topicView>[]) =>
  clusterView({
    topics,
    brokers: [
      brokerView(1),
      brokerView(2, {
        logDirectories: [
          {
            path: '/d',
            usedBytes: 1000,
            usedBytesByTopic: Object.fromEntries([
              ...topics.map(({ name }) => [name, 600 / topics.length]),
              ['__x', 400],
            ]),
          },
        ],
      }),
    ],
  });

test('candidates carry their share of that broker’s disk, and the records between both ends', () => {
  const compiled = compileCandidates(
    viewOf(topicView('orders', bound, { settings })),
    2,
    (topic) => topic === 'orders',
  );
  expect(compiled).toEqual({
    candidates: [
      {
        topic: 'orders',
        shareOfDisk: 0.6,
        recordCount: 200,
        retentionMs: 604_800_000,
        bytesPerPartition: 300,
        isCompacted: false,
        isBound: true,
        isCritical: true,
      },
    ],
    unreadable: 0,
  });
});

test.each([
  ['a topic whose settings were not told is unreadable', topicView('a', bound), { candidates: [], unreadable: 1 }],
  [
    'a topic whose ends were not told is unreadable',
    topicView('a', [partitionView(0)], { settings }),
    { candidates: [], unreadable: 1 },
  ],
  [
    'a tiered topic stays out',
    topicView('a', bound, { settings: { ...settings, 'remote.storage.enable': 'true' } }),
    { candidates: [], unreadable: 0 },
  ],
  ['an internal topic stays out', topicView('__a', bound, { settings }), { candidates: [], unreadable: 0 }],
])('%s', (_name, topic, expected) => {
  expect(compileCandidates(viewOf(topic), 2, () => false)).toEqual(expected);
});

test('a young topic is not bound', () => {
  const young = topicView('a', [partitionView(0, { earliestOffset: 0n, latestOffset: 10n })], { settings });
  expect(compileCandidates(viewOf(young), 2, () => false)?.candidates).toMatchObject([{ isBound: false }]);
});

test('a broker that does not tell its bytes has no candidates, rather than none to cut', () => {
  expect(compileCandidates(viewOf(topicView('a', bound, { settings })), 1, () => false)).toBeUndefined();
});
