import { describe, expect, test } from 'vitest';
import { holdingWork, repairingWork } from '../../../../../../functions/health/incident/core/holding.ts';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import { worksNow } from '../../../../../../functions/health/incident/core/works.ts';
import {
  alarm,
  at,
  brokerDown,
  clusterState,
  finding,
  memberOf,
  workOf,
} from '../../../../../support/incident/builders.ts';

const mskWorks = (reason: string) =>
  worksNow([], { words: [clusterState(reason)], looks: [], works: [] }, [], 3, at(0));
const patching = mskWorks('maintenance');
const healing = mskWorks('healing');

const isHeld = (minute: number, word: Word, works = patching, others: readonly Word[] = []): boolean =>
  holdingWork(
    memberOf(word),
    works,
    [word, ...others].map((one) => memberOf(one)),
    at(minute),
  ) !== undefined;

describe('M3 what MSK’s own patching brings about pages nobody, for 30 min a broker', () => {
  const offline = finding('offline-partitions', 'cluster', { severity: 'emergency' });
  test.each([
    ['a broker that is away', brokerDown(2), 29, true],
    ['a broker that is away for half an hour', brokerDown(2), 30, false],
    ['the next broker, for as long again', brokerDown(3, { atMs: at(40) }), 69, true],
    ['copies that are not in sync, of one broker after the other', finding('under-replicated', 'cluster'), 119, true],
    ['the same, once MSK should be done', finding('under-replicated', 'cluster'), 120, false],
    ['the alarm that counts brokers', alarm('brokers-unreachable'), 100, true],
    ['not lag that may be anybody’s', finding('lag-messages', 'group billing'), 1, false],
    ['lag of a group that a restarted broker leads', finding('lag-messages', 'group a', { brokers: ['2'] }), 29, true],
    ['not a critical topic that is missing', finding('critical-topic', 'topic orders'), 1, false],
    ['not a topic that stopped', finding('topic-flow', 'topic orders'), 1, false],
    ['not low traffic', alarm('low-throughput'), 1, false],
    ['not CPU of nobody knows whom', alarm('cpu-used'), 1, false],
    ['a look that is not whole, for one restart', finding('look-complete', 'cluster'), 29, true],
    ['and not for all of them', finding('look-complete', 'cluster'), 30, false],
    ['writes that fail', finding('below-min-isr', 'cluster'), 29, true],
    ['writes that fail for longer than one restart', finding('below-min-isr', 'cluster'), 30, false],
    ['writes that fail, by their alarm', alarm('under-min-isr'), 30, false],
    ['never an emergency', offline, 1, false],
    ['not a disk that fills', finding('disk-used', 'broker 2'), 1, false],
    ['not an application', finding('endpoint', 'endpoint registry'), 1, false],
    ['not mskeeper itself', finding('endpoint-fails', 'endpoint on-call'), 1, false],
  ] as const)('%s (%#)', (_name, word, minute, held) => {
    expect(isHeld(minute, word)).toBe(held);
  });
  test('once MSK is done, for 5 min, and only what began before', () => {
    const over = worksNow(
      patching,
      { words: [clusterState('active', { says: 'gone', atMs: at(20) })], looks: [], works: [] },
      [],
      3,
      at(20),
    );
    expect(isHeld(24, alarm('brokers-unreachable', { atMs: at(10), sinceMs: at(10) }), over)).toBe(true);
    expect(isHeld(25, alarm('brokers-unreachable', { atMs: at(10), sinceMs: at(10) }), over)).toBe(false);
    expect(isHeld(24, brokerDown(2, { atMs: at(20), sinceMs: at(20) }), over)).toBe(false);
  });
  test('it explains one broker at a time', () => {
    expect(isHeld(5, brokerDown(2), patching, [brokerDown(3)])).toBe(false);
    expect(isHeld(5, finding('under-replicated', 'cluster'), patching, [brokerDown(2), brokerDown(3)])).toBe(false);
  });
  test('a second broker that is only late is not away', () => {
    const late = brokerDown(3, { reason: 'late', severity: 'warning' });
    expect(isHeld(5, brokerDown(2), patching, [late])).toBe(true);
    expect(isHeld(5, late, patching, [brokerDown(2)])).toBe(true);
  });
  test('a broker that came back is away no more', () => {
    const back = { ...memberOf(brokerDown(3)), goneAtMs: at(4) };
    expect(holdingWork(memberOf(brokerDown(2)), patching, [memberOf(brokerDown(2)), back], at(5))).toBeDefined();
  });
  test('HEALING holds nothing: it follows from what broke', () => {
    expect(isHeld(1, brokerDown(2), healing)).toBe(false);
  });
  test('without any work nothing is held: a recurring window is none', () => {
    expect(isHeld(1, brokerDown(2), [])).toBe(false);
  });
});

describe('M3 a one-off window holds what it names, until it closes', () => {
  const window = [workOf(['2'])];
  test.each([
    ['broker 2', brokerDown(2), 119, true],
    ['what names no broker', finding('under-replicated', 'cluster'), 119, true],
    ['broker 2’s directory', finding('log-directory', 'broker 2 /kafka'), 1, true],
    ['not broker 3', brokerDown(3), 1, false],
    ['not what names both', finding('controller', 'cluster', { brokers: ['2', '3'] }), 1, false],
    ['not what both hold copies of', finding('under-replicated', 'cluster', { brokers: ['2', '3'] }), 1, false],
    ['nobody once it is closed', brokerDown(2), 120, false],
    ['nobody before it opens', brokerDown(2), -1, false],
    ['never an emergency', brokerDown(2, { severity: 'emergency' }), 1, false],
  ] as const)('%s (%#)', (_name, word, minute, held) => {
    expect(isHeld(minute, word, window)).toBe(held);
  });
  test('broker 2 is held beside broker 3 that is not', () => {
    expect(isHeld(1, brokerDown(2), window, [brokerDown(3)])).toBe(true);
  });
  test('one that names the cluster holds every broker', () => {
    expect(isHeld(1, brokerDown(3), [workOf('cluster')], [brokerDown(2)])).toBe(true);
  });
  test('work on the disk holds no broker', () => {
    expect(isHeld(1, brokerDown(2), [workOf('disk')])).toBe(false);
  });
});

describe('I3 nothing climbs while work deals with it and time remains before harm', () => {
  const isDealtWith = (
    kind: 'broker-down' | 'disk' | 'lag',
    words: readonly Word[],
    works = healing,
    minute = 1,
  ): boolean =>
    repairingWork(
      kind,
      words.map((one) => memberOf(one)),
      works,
      at(minute),
    ) !== undefined;
  const expanding = [workOf('disk', { does: 'repairs', untilMs: at(60) })];
  test.each([
    ['a dead broker that MSK heals', 'broker-down', [brokerDown(2)], healing, 59, true],
    ['a dead broker that MSK heals for an hour', 'broker-down', [brokerDown(2)], healing, 60, false],
    ['two dead brokers', 'broker-down', [brokerDown(2), brokerDown(3)], healing, 1, false],
    [
      'partitions that are offline: the harm is there',
      'broker-down',
      [brokerDown(2), finding('offline-partitions', 'cluster', { severity: 'emergency' })],
      healing,
      1,
      false,
    ],
    ['another fault', 'lag', [finding('lag-messages', 'group billing')], healing, 1, false],
    ['a disk that is expanded', 'disk', [finding('disk-used', 'broker 2')], expanding, 59, true],
    ['a disk whose expansion took too long', 'disk', [finding('disk-used', 'broker 2')], expanding, 60, false],
    [
      'a disk that is full before help comes',
      'disk',
      [finding('disk-used', 'broker 2'), finding('storage-capacity', 'broker 2')],
      expanding,
      1,
      false,
    ],
    ['a dead broker, by work on a disk', 'broker-down', [brokerDown(2)], expanding, 1, false],
    ['a broker that MSK restarts', 'broker-down', [brokerDown(2)], patching, 29, true],
    ['a broker that did not come back from its restart', 'broker-down', [brokerDown(2)], patching, 30, false],
    [
      'a broker that an act of ours restarts',
      'broker-down',
      [brokerDown(2)],
      [workOf(['2'], { does: 'repairs' })],
      100,
      true,
    ],
    ['broker 3, by an act on broker 2', 'broker-down', [brokerDown(3)], [workOf(['2'], { does: 'repairs' })], 1, false],
    ['nothing that still is', 'broker-down', [], healing, 1, false],
  ] as const)('%s (%#)', (_name, kind, words, works, minute, dealt) => {
    expect(isDealtWith(kind, words, works, minute)).toBe(dealt);
  });
});
