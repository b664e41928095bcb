import { describe, expect, test } from 'vitest';
import { hear, isLive, isPressing, overlookedBy } from '../../../../../../functions/health/incident/core/member.ts';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import { alarm, at, brokerDown, finding, look, memberOf } from '../../../../../support/incident/builders.ts';

const down = (minute: number, more: Partial<Word> = {}): Word => brokerDown(2, { atMs: at(minute), ...more });
const gone = (minute: number): Word => down(minute, { says: 'gone', severity: 'ok', reason: 'answers' });
const unproven = (minute: number): Word => down(minute, { says: 'unproven', severity: 'unknown' });

describe('of nothing known', () => {
  test.each([
    ['an end', gone(1)],
    ['that nobody knows', unproven(1)],
  ])('%s is nothing to remember', (_name, word) => {
    expect(hear(undefined, word)).toBeUndefined();
  });
  test('what is so becomes a member', () => {
    expect(hear(undefined, down(1, { severity: 'warning', sinceMs: at(-3) }))).toMatchObject({
      severity: 'warning',
      worst: 'warning',
      sinceMs: at(-3),
      heardAtMs: at(1),
      isUnproven: false,
    });
    expect(hear(undefined, down(1, { isAsked: true }))).not.toHaveProperty('isAsked');
    expect(hear(undefined, down(1))).not.toHaveProperty('says');
  });
});

describe('the newest word counts, in whatever order they come', () => {
  test.each([
    ['a newer one that it is over', gone(2), { goneAtMs: at(2), heardAtMs: at(2) }],
    ['an older one that it is over', gone(0), { heardAtMs: at(1) }],
    ['a newer one that nobody knows', unproven(2), { isUnproven: true, heardAtMs: at(2), severity: 'critical' }],
    ['a newer one that is milder', down(2, { severity: 'warning' }), { severity: 'warning', worst: 'critical' }],
    ['a newer one that is worse', down(2, { severity: 'emergency' }), { severity: 'emergency', worst: 'emergency' }],
    ['an older one that is worse', down(0, { severity: 'emergency' }), { severity: 'critical', worst: 'critical' }],
    ['a newer one that begins later', down(2, { sinceMs: at(2) }), { sinceMs: at(1) }],
    ['a newer one that began earlier', down(2, { sinceMs: at(-9) }), { sinceMs: at(-9) }],
    ['one of the same moment that it is over', gone(1), { heardAtMs: at(1), isUnproven: false }],
    ['one of the same moment that is worse', down(1, { severity: 'emergency' }), { severity: 'emergency' }],
    ['one of the same moment that is milder', down(1, { severity: 'warning' }), { severity: 'critical' }],
    ['one of the same moment that nobody knows', unproven(1), { isUnproven: false }],
  ] as const)('%s', (_name, word, expected) => {
    const member = hear(memberOf(down(1)), word);
    expect(member).toMatchObject(expected);
    expect(member?.goneAtMs).toBe('goneAtMs' in expected ? expected.goneAtMs : undefined);
  });

  test('what nobody knows of what is over leaves it over', () => {
    expect(hear(memberOf(down(1), { goneAtMs: at(2), heardAtMs: at(2) }), unproven(3))?.goneAtMs).toBe(at(2));
  });
  test('a second proof leaves the first one’s time', () => {
    expect(hear(memberOf(down(1), { goneAtMs: at(2), heardAtMs: at(2) }), gone(5))).toMatchObject({
      goneAtMs: at(2),
      heardAtMs: at(5),
    });
  });
  test('what comes again begins anew', () => {
    const again = hear(
      memberOf(down(1, { severity: 'emergency' }), { goneAtMs: at(2), heardAtMs: at(2) }),
      down(3, { severity: 'warning', sinceMs: at(3) }),
    );
    expect(again).toMatchObject({ sinceMs: at(3), worst: 'warning', isUnproven: false });
    expect(again).not.toHaveProperty('goneAtMs');
  });
  // CloudWatch tells of a change as an event, which proves nothing, and says the same of the same moment when it is asked.
  test('an OK that was heard as an event ends an alarm once it is asked for', () => {
    const ok = (says: 'gone' | 'unproven'): Word => alarm('heartbeat', { atMs: at(4), says });
    const heard = hear(memberOf(alarm('heartbeat', { atMs: at(1) })), ok('unproven'));
    expect(heard).toMatchObject({ isUnproven: true });
    expect(heard && hear(heard, ok('gone'))).toMatchObject({ goneAtMs: at(4), isUnproven: false });
    expect(heard && hear(heard, { ...ok('gone'), says: 'live' })).toMatchObject({
      heardAtMs: at(4),
      isUnproven: false,
    });
  });
});

describe('a look that did not name a symptom', () => {
  const broker = memberOf(down(1));
  const wakened = memberOf(alarm('brokers-unreachable', { atMs: at(1) }));
  test.each([
    ['ends a finding whose check it judged', broker, look(2, 'broker-answers'), [], at(2)],
    ['ends nothing whose check it did not judge', broker, look(2, 'under-replicated'), [], undefined],
    ['ends nothing that was heard of since it began', broker, look(1, 'broker-answers'), [], undefined],
    ['ends nothing of another procedure', broker, { ...look(2, 'broker-answers'), procedure: 'other' }, [], undefined],
    ['ends no alarm that fires', wakened, look(2, 'broker-answers'), ['broker-answers'], undefined],
    [
      'ends an alarm that is OK or silent',
      { ...wakened, isUnproven: true },
      look(2, 'broker-answers'),
      ['broker-answers'],
      at(2),
    ],
    [
      'ends no alarm by a check that it did not judge',
      { ...wakened, isUnproven: true },
      look(2, 'broker-answers'),
      ['broker-answers', 'controller'],
      undefined,
    ],
    [
      'ends no alarm that no look judges',
      { ...wakened, isUnproven: true },
      look(2, 'brokers-unreachable'),
      [],
      undefined,
    ],
    ['leaves the time of what is over', { ...broker, goneAtMs: at(1.5) }, look(2, 'broker-answers'), [], at(1.5)],
  ] as const)('%s', (_name, member, seen, checks, goneAtMs) => {
    expect(overlookedBy(member, seen, checks).goneAtMs).toBe(goneAtMs);
  });
  test('ends the doubt with it', () => {
    expect(overlookedBy({ ...broker, isUnproven: true }, look(2, 'broker-answers'), []).isUnproven).toBe(false);
  });
});

test.each([
  ['critical', undefined, true, true],
  ['warning', undefined, true, true],
  ['notice', undefined, true, false],
  ['critical', at(1), false, false],
] as const)(
  'a member that is %s and gone at %s is live: %s, and keeps its incident open: %s',
  (severity, goneAtMs, live, pressing) => {
    const member = memberOf(finding('disk-used', 'broker 2', { severity }), goneAtMs === undefined ? {} : { goneAtMs });
    expect(isLive(member)).toBe(live);
    expect(isPressing(member)).toBe(pressing);
  },
);
