import { describe, expect, test } from 'vitest';
import type { Ended, Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { listen, punctual } from '../../../../../../functions/health/incident/core/listen.ts';
import type { AlarmRoster, Look, Word } from '../../../../../../functions/health/incident/core/words.ts';
import {
  alarm,
  at,
  brokerDown,
  finding,
  incidentOf,
  look,
  memberOf,
  workOf,
} from '../../../../../support/incident/builders.ts';

const dayMinutes = 24 * 60;
const broker2 = { kind: 'broker-down', of: '2' } as const;
const down = (minute: number, more: Partial<Word> = {}): Word => brokerDown(2, { atMs: at(minute), ...more });
const gone = (minute: number): Word => down(minute, { says: 'gone' });

const heardAt = (
  minute: number,
  words: readonly Word[],
  {
    incidents = [],
    ended = [],
    looks = [],
    roster,
  }: {
    incidents?: readonly Incident[];
    ended?: readonly Ended[];
    looks?: readonly Look[];
    roster?: AlarmRoster;
  } = {},
) =>
  listen(
    incidents,
    ended,
    { words, looks, ...(roster !== undefined && { roster }) },
    (_owner, rule) => (rule === 'brokers-unreachable' ? ['broker-answers'] : []),
    at(minute),
  );

const freshKeys = (...args: Parameters<typeof heardAt>): readonly string[] =>
  heardAt(...args).fresh.map(({ check }) => check);

describe('a clock that runs ahead', () => {
  test('makes no word, no look and no work of what is to come', () => {
    const heard = {
      words: [down(90, { sinceMs: at(80) }), down(1, { sinceMs: at(0) })],
      looks: [look(90, 'broker-answers'), look(1)],
      works: [
        workOf('disk', { sinceMs: at(90), untilMs: at(120) }),
        workOf('disk', { sinceMs: at(90), untilMs: at(90) }),
        workOf('disk', { sinceMs: at(1), untilMs: at(120) }),
      ],
    };
    const said = punctual(heard, at(5));
    expect(said.words.map(({ atMs, sinceMs }) => [atMs, sinceMs])).toEqual([
      [at(5), at(5)],
      [at(1), at(0)],
    ]);
    expect(said.looks.map(({ atMs }) => atMs)).toEqual([at(5), at(1)]);
    // What is over has no time left, whichever clock says so.
    expect(said.works.map(({ sinceMs, untilMs }) => [sinceMs, untilMs])).toEqual([
      [at(5), at(120)],
      [at(5), at(5)],
      [at(1), at(120)],
    ]);
  });
});

describe('words that come together', () => {
  test('are heard in the order in which they were true', () => {
    expect(freshKeys(5, [gone(2), down(1)])).toEqual([]);
    expect(freshKeys(5, [down(3), gone(2)])).toEqual(['broker-answers']);
  });
  test('are one member each, of whatever is known', () => {
    const incident = incidentOf(broker2, [memberOf(down(0))]);
    const heard = heardAt(5, [gone(2), down(1, { severity: 'emergency' })], { incidents: [incident] });
    expect(heard.incidents[0]?.members).toMatchObject([{ goneAtMs: at(2), worst: 'emergency' }]);
    expect(heard.fresh).toEqual([]);
  });
  test('are judged by the look that came with them', () => {
    const alarmOver = alarm('brokers-unreachable', { atMs: at(2), says: 'unproven' });
    const incident = incidentOf(broker2, [memberOf(down(0)), memberOf(alarm('brokers-unreachable'))]);
    const { incidents } = heardAt(5, [alarmOver], { incidents: [incident], looks: [look(4, 'broker-answers')] });
    expect(incidents[0]?.members.map(({ goneAtMs }) => goneAtMs)).toEqual([at(4), at(4)]);
    expect(freshKeys(5, [down(1)], { looks: [look(4, 'broker-answers')] })).toEqual([]);
  });
});

describe('what comes late', () => {
  const ended = [{ id: '1', cause: broker2, quietSinceMs: at(30), endedAtMs: at(40) }];
  test.each([
    ['the fault itself, said before its end was proven', down(20), []],
    ['a symptom of it, said before', finding('under-replicated', 'cluster', { atMs: at(20) }), []],
    ['its alarm, said before', alarm('brokers-unreachable', { atMs: at(20) }), []],
    ['the fault itself, said since', down(30), ['broker-answers']],
    ['another broker’s, said before', brokerDown(3, { atMs: at(20) }), ['broker-answers']],
    ['what another fault explains, said before', finding('disk-used', 'broker 2', { atMs: at(20) }), ['disk-used']],
    [
      'an alarm that fires, by CloudWatch’s own answer now',
      alarm('brokers-unreachable', { atMs: at(20), isAsked: true }),
      ['brokers-unreachable'],
    ],
  ] as const)('of a fault that ended: %s', (_name, word, checks) => {
    expect(freshKeys(50, [word], { ended })).toEqual(checks);
  });
  test.each([
    ['a finding of yesterday', down(0), dayMinutes, ['broker-answers']],
    ['a finding of two days ago', down(0), 2 * dayMinutes, []],
    ['an alarm that fires for two days', alarm('heartbeat'), 2 * dayMinutes, ['heartbeat']],
  ] as const)('of nothing known: %s', (_name, word, minute, checks) => {
    expect(freshKeys(minute, [word])).toEqual(checks);
  });
  test('of what is open it counts like any other', () => {
    const incident = incidentOf(broker2, [memberOf(down(0))]);
    expect(
      heardAt(3 * dayMinutes, [gone(1)], { incidents: [incident], ended }).incidents[0]?.members[0]?.goneAtMs,
    ).toBe(at(1));
  });
});

describe('a list of all alarms', () => {
  const listed = (minute: number, ...rules: readonly string[]): AlarmRoster => ({
    atMs: at(minute),
    keys: new Set(rules.map((rule) => alarm(rule).key)),
  });
  const members = [memberOf(down(0)), memberOf(alarm('heartbeat')), memberOf(alarm('brokers-unreachable'))];
  const incident = incidentOf(broker2, members);
  const withList = (minute: number, roster?: AlarmRoster, words: readonly Word[] = [], before = incident) =>
    heardAt(minute, words, { incidents: [before], ...(roster !== undefined && { roster }) }).incidents[0];

  test('ends what is not on it, and says why; not what is, and no finding', () => {
    expect(withList(5, listed(5, 'brokers-unreachable'))?.members).toMatchObject([
      { check: 'broker-answers' },
      { check: 'heartbeat', goneAtMs: at(5), goneBy: 'no-alarm' },
      { check: 'brokers-unreachable' },
    ]);
    expect(withList(5, listed(5, 'brokers-unreachable'))?.members.map(({ goneAtMs }) => goneAtMs)).toEqual([
      undefined,
      at(5),
      undefined,
    ]);
  });
  test('ends nothing where nobody asked, or what was heard of since', () => {
    expect(withList(5)).toEqual(incident);
    expect(withList(5, listed(0))).toEqual(incident);
  });
  test('ends what nothing proves, too', () => {
    const unproven = alarm('heartbeat', { atMs: at(2), says: 'unproven' });
    expect(withList(5, listed(5), [unproven])?.members[1]).toMatchObject({ isUnproven: false, goneAtMs: at(5) });
  });
  test('that has it again, as it fires since before, takes the end back', () => {
    const gone = withList(5, listed(5));
    const asked = alarm('heartbeat', { isAsked: true });
    const back = withList(10, listed(10, 'heartbeat'), [asked], gone)?.members[1];
    expect(back).toMatchObject({ check: 'heartbeat', isUnproven: false });
    expect(back).not.toHaveProperty('goneAtMs');
    expect(back).not.toHaveProperty('goneBy');
  });
});

test('CloudWatch’s own OK is how it is known where no look judges it, once, and whatever is said after it', () => {
  const over = alarm('heartbeat', { atMs: at(2), says: 'gone', isAsked: true });
  const incident = incidentOf(broker2, [memberOf(alarm('heartbeat'))]);
  const { incidents } = heardAt(5, [over], { incidents: [incident] });
  expect(incidents[0]?.members).toMatchObject([{ goneAtMs: at(2), goneBy: 'alarm' }]);
  const unproven = alarm('heartbeat', { atMs: at(3), says: 'unproven' });
  expect(heardAt(6, [unproven], { incidents }).incidents[0]?.members).toMatchObject([
    { goneAtMs: at(2), goneBy: 'alarm' },
  ]);
});
