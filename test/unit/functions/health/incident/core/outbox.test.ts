import { describe, expect, test } from 'vitest';
import {
  claimMessages,
  claimMs,
  laneOf,
  type Message,
  mostMessages,
  over,
  sendable,
  settleMessage,
  sweepOutbox,
} from '../../../../../../functions/health/incident/core/outbox.ts';
import { minuteMs, secondMs } from '../../../../../../shared/core/units.ts';
import { at, messageOf } from '../../../../../support/incident/builders.ts';

const trigger = (more: Partial<Message> = {}): Message => messageOf(more);
const update = (id: string, more: Partial<Message> = {}): Message =>
  messageOf({ id, action: 'update', kind: 'update', ...more });
const resolve = (id: string, more: Partial<Message> = {}): Message =>
  messageOf({ id, action: 'resolve', kind: 'closed', ...more });
const delivered = { outcome: 'delivered', outcomeAtMs: at(0) } as const;
const other = { destination: { by: 'endpoint', lane: 'chat', endpoints: ['chat'] } } as const;
const idsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ id }) => id);

describe('strictly in order a key at a destination', () => {
  test.each([
    ['a beginning goes first', [trigger(), resolve('1/2')], ['1/1']],
    ['an end goes once its beginning arrived', [trigger(delivered), resolve('1/2')], ['1/2']],
    ['another destination waits for nobody', [trigger(), update('1/2', other)], ['1/1', '1/2']],
    ['another key waits for nobody', [trigger(), trigger({ id: '1/2', key: '1/emergency' })], ['1/1', '1/2']],
    ['what waits for its time holds back what is behind it', [trigger({ dueAtMs: at(9) }), resolve('1/2')], []],
    [
      'what somebody sends just now holds it back, too',
      [trigger({ claim: { by: 'run-1', untilMs: at(6) } }), resolve('1/2')],
      [],
    ],
    [
      'what somebody who died was sending is anybody’s',
      [trigger({ claim: { by: 'run-1', untilMs: at(5) } }), resolve('1/2')],
      ['1/1'],
    ],
    ['what is due at this moment goes', [trigger({ dueAtMs: at(5) })], ['1/1']],
    ['what was refused holds nothing back', [trigger({ outcome: 'refused' }), resolve('1/2')], ['1/2']],
  ] as const)('%s', (_name, outbox, ids) => {
    expect(idsOf(sendable(outbox, at(5)))).toEqual(ids);
  });
  test('lanes are destinations and keys', () => {
    expect(laneOf(trigger())).toBe('on-call|1');
    expect(laneOf(trigger(other))).toBe('chat|1');
  });
});

describe('a message is claimed before it is sent', () => {
  test('who claims it has two minutes, and counts a try', () => {
    const [claimed, left] = claimMessages([trigger(), trigger({ id: '1/2' })], new Set(['1/1']), 'run-1', at(1));
    expect(claimed).toMatchObject({ tries: 1, claim: { by: 'run-1', untilMs: at(1) + claimMs } });
    expect(claimed).not.toHaveProperty('mayHaveArrived');
    expect(left).toEqual(trigger({ id: '1/2' }));
    expect(claimMs).toBe(2 * minuteMs);
  });
  test('a lost claim is repeated, and says so', () => {
    const lost = trigger({ tries: 1, claim: { by: 'run-1', untilMs: at(2) } });
    expect(claimMessages([lost], new Set(['1/1']), 'run-2', at(3))).toMatchObject([
      { tries: 2, mayHaveArrived: true, claim: { by: 'run-2' } },
    ]);
  });
});

describe('what comes of a try', () => {
  const claimed = (tries = 1): Message => trigger({ tries, claim: { by: 'run-1', untilMs: at(2) } });
  const settled = (message: Message, tried: Parameters<typeof settleMessage>[3], by = 'run-1') =>
    settleMessage([message], '1/1', by, tried, at(1))[0];
  test('what was delivered is over, whoever holds it now', () => {
    expect(settled(claimed(), { result: 'delivered' }, 'run-9')).toEqual({
      ...trigger({ tries: 1 }),
      outcome: 'delivered',
      outcomeAtMs: at(1),
    });
  });
  test('what begins a thread remembers how its endpoint calls it, what joins one does not', () => {
    const delivered = { result: 'delivered', reference: 'thread-1' } as const;
    expect(settled(claimed(), delivered)).toMatchObject({ outcome: 'delivered', reference: 'thread-1' });
    expect(settled({ ...claimed(), action: 'resolve' }, delivered)).not.toHaveProperty('reference');
  });
  test('what was refused is over, and says why', () => {
    expect(settled(claimed(), { result: 'refused', why: '400' })).toMatchObject({
      outcome: 'refused',
      why: '400',
      outcomeAtMs: at(1),
    });
  });
  test.each([
    [1, 30 * secondMs],
    // A minute that begins a moment before it is over counts as one.
    [2, 45 * secondMs],
    [3, 105 * secondMs],
    [4, 285 * secondMs],
    [9, 285 * secondMs],
  ])('after %d tries it waits %d ms', (tries, waitMs) => {
    const failed = settled(claimed(tries), { result: 'failed', why: '503' });
    expect(failed).toMatchObject({ dueAtMs: at(1) + waitMs, why: '503' });
    expect(failed).not.toHaveProperty('claim');
    expect(failed).not.toHaveProperty('mayHaveArrived');
  });
  test('it waits as long as the endpoint asks, where that is longer; how often it was tried before is no reason', () => {
    const often = { ...claimed(), tries: 4 };
    expect(settled(often, { result: 'failed', why: '429', afterMs: 1 })?.dueAtMs).toBe(at(1.5));
    expect(settled(often, { result: 'failed', why: '503' })?.dueAtMs).toBe(at(1) + 285_000);
    expect(settled(claimed(), { result: 'failed', why: '429', afterMs: 7 * minuteMs })?.dueAtMs).toBe(at(8));
    expect(settled(claimed(), { result: 'failed', why: '429', afterMs: 1 })?.dueAtMs).toBe(at(1.5));
  });
  test('of what nobody knows it may have arrived', () => {
    expect(settled(claimed(), { result: 'unknown', why: 'cut off' })).toMatchObject({
      mayHaveArrived: true,
      dueAtMs: at(1.5),
    });
  });
  test.each([
    { result: 'failed', why: '503' },
    { result: 'unknown', why: 'cut off' },
    { result: 'refused', why: '400' },
  ] as const)('another run took it over meanwhile, and knows better: %j', (tried) => {
    expect(settled(claimed(), tried, 'run-9')).toEqual(claimed());
  });
  test('what is over stays as it is, and others are left alone', () => {
    const done = trigger({ outcome: 'delivered' });
    expect(
      settleMessage([done, trigger({ id: '1/2' })], '1/1', 'run-1', { result: 'refused', why: '400' }, at(1)),
    ).toEqual([done, trigger({ id: '1/2' })]);
  });
});

describe('what nobody needs to hear is dropped', () => {
  const { incidentId: _none, ...testOfChannel } = messageOf({ kind: 'test' });
  const swept = (...outbox: readonly Message[]) =>
    sweepOutbox(outbox, new Set(['1']), at(5)).outbox.map(({ id, outcome }) => [id, outcome ?? 'waits']);
  test.each([
    ['the end of what was refused', [trigger({ outcome: 'refused' }), resolve('1/2')], ['refused', 'dropped']],
    ['an update of what was refused', [trigger({ outcome: 'refused' }), update('1/2')], ['refused', 'dropped']],
    [
      'a beginning with its end, of which nothing can have arrived',
      [trigger(), resolve('1/2')],
      ['dropped', 'dropped'],
    ],
    ['the same after tries that failed', [trigger({ tries: 3, why: '503' }), resolve('1/2')], ['dropped', 'dropped']],
    ['not the end of what arrived', [trigger(delivered), resolve('1/2')], ['delivered', 'waits']],
    ['not the end of what may have arrived', [trigger({ mayHaveArrived: true }), resolve('1/2')], ['waits', 'waits']],
    [
      'not the end of what somebody sends just now',
      [trigger({ claim: { by: 'run-1', untilMs: at(6) } }), resolve('1/2')],
      ['waits', 'waits'],
    ],
    ['not an end whose time has not come', [trigger(), resolve('1/2', { dueAtMs: at(6) })], ['waits', 'waits']],
    ['an end without a beginning', [resolve('1/2')], ['dropped']],
    [
      'an older update behind a newer one',
      [trigger(delivered), update('1/2'), update('1/3')],
      ['delivered', 'dropped', 'waits'],
    ],
    [
      'an update behind the end',
      [trigger(delivered), update('1/2'), resolve('1/3')],
      ['delivered', 'dropped', 'waits'],
    ],
    [
      'not an update that somebody sends just now',
      [trigger(delivered), update('1/2', { claim: { by: 'run-1', untilMs: at(6) } }), update('1/3')],
      ['delivered', 'waits', 'waits'],
    ],
    [
      'not an update of another destination',
      [trigger(delivered), update('1/2', other), update('1/3')],
      ['delivered', 'waits', 'waits'],
    ],
    ['a notice that nobody took for a day', [messageOf({ action: 'notice', madeAtMs: at(5 - 24 * 60) })], ['dropped']],
    ['not a younger one', [messageOf({ action: 'notice', madeAtMs: at(6 - 24 * 60) })], ['waits']],
  ] as const)('%s', (_name, outbox, outcomes) => {
    expect(swept(...outbox).map(([, outcome]) => outcome)).toEqual(outcomes);
  });
  const gone = (...outbox: readonly Message[]) =>
    sweepOutbox(outbox, new Set(), at(5)).outbox.map(({ outcome }) => outcome ?? 'waits');
  test.each([
    ['what never arrived is dropped with its end', [trigger({ why: '503' }), resolve('1/2')], ['dropped', 'dropped']],
    [
      'what may have arrived is ended, and not begun again',
      [trigger({ mayHaveArrived: true }), resolve('1/2')],
      ['dropped', 'waits'],
    ],
    [
      'its end does not come sooner than its beginning would have come again',
      [trigger({ mayHaveArrived: true, dueAtMs: at(5.5) }), resolve('1/2')],
      ['waits', 'waits'],
    ],
    [
      'so is what a run that died was sending',
      [trigger({ claim: { by: 'run-1', untilMs: at(5) } }), resolve('1/2')],
      ['dropped', 'waits'],
    ],
    [
      'what somebody sends just now is left to him',
      [trigger({ claim: { by: 'run-1', untilMs: at(6) } }), resolve('1/2')],
      ['waits', 'waits'],
    ],
    ['a text, which has no end, is not sent any more', [trigger({ why: '503' })], ['dropped']],
    [
      'an update is not sent any more',
      [trigger(delivered), update('1/2'), resolve('1/3', other)],
      ['delivered', 'dropped', 'dropped'],
    ],
    ['a test is nobody’s incident', [testOfChannel], ['waits']],
  ] as const)('of an incident that is over: %s', (_name, outbox, outcomes) => {
    expect(gone(...outbox)).toEqual(outcomes);
  });
  test('what was dropped so is ended in the next sweep, too', () => {
    const { outbox } = sweepOutbox(
      [trigger({ claim: { by: 'run-1', untilMs: at(5) } }), resolve('1/2')],
      new Set(),
      at(5),
    );
    expect(sweepOutbox(outbox, new Set(), at(6)).outbox.map(({ outcome }) => outcome ?? 'waits')).toEqual([
      'dropped',
      'waits',
    ]);
    expect(idsOf(sendable(outbox, at(6)))).toEqual(['1/2']);
  });
  test('what is over has no text and no claim any more', () => {
    expect(over(trigger({ claim: { by: 'run-1', untilMs: at(6) } }), 'dropped', at(5))).toEqual({
      ...trigger(),
      outcome: 'dropped',
      outcomeAtMs: at(5),
    });
  });
  test('what is over is remembered as long as its incident is open, or for a day', () => {
    const done = (id: string, incidentId: string, minute: number): Message =>
      trigger({ id, incidentId, outcome: 'delivered', outcomeAtMs: at(minute) });
    const { outbox } = sweepOutbox(
      [done('1/1', '1', -9_000), done('2/1', '2', 5 - 24 * 60), done('2/2', '2', 6 - 24 * 60)],
      new Set(['1']),
      at(5),
    );
    expect(idsOf(outbox)).toEqual(['1/1', '2/2']);
  });
});

describe('500 messages at most', () => {
  const of = (count: number, make: (index: number) => Message): readonly Message[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const beginning = (index: number): Message => trigger({ id: `1/${index}`, key: `k${index}` });
  const updating = (index: number): Message => update(`u/${index}`, { key: `u${index}` });
  const told = (index: number): Message => trigger({ id: `t/${index}`, key: `t${index}`, ...delivered });
  const noticing = (index: number): Message => messageOf({ id: `n/${index}`, key: `n${index}`, action: 'notice' });
  const done = (index: number): Message => update(`d/${index}`, { key: `d${index}`, ...delivered });
  const sweep = (outbox: readonly Message[]) => sweepOutbox(outbox, new Set(['1']), at(1));
  test('as many stay as there are', () => {
    expect(mostMessages).toBe(500);
    expect(sweep(of(500, beginning))).toMatchObject({ leftOutCount: 0 });
    expect(sweep(of(500, beginning)).outbox).toHaveLength(500);
  });
  test('beyond, the oldest is counted and not kept', () => {
    const { outbox, leftOutCount } = sweep(of(503, beginning));
    expect(leftOutCount).toBe(3);
    expect(idsOf(outbox).slice(0, 1)).toEqual(['1/3']);
    expect(outbox).toHaveLength(500);
  });
  test.each([
    ['what is over before anything', [...of(2, done), ...of(499, beginning)], 'd/', 0],
    ['updates before beginnings', [...of(499, beginning), ...of(2, updating)], 'u/', 1],
    ['what was told before notices', [...of(1, noticing), ...of(499, beginning), told(1)], 't/', 0],
    ['notices before beginnings', [...of(500, beginning), noticing(1)], 'n/', 1],
    ['updates before what was told', [told(1), ...of(498, beginning), ...of(2, updating)], 'u/', 1],
  ] as const)('%s', (_name, before, prefix, leftOut) => {
    const { outbox, leftOutCount } = sweep(before);
    expect(outbox).toHaveLength(500);
    expect(leftOutCount).toBe(leftOut);
    expect(outbox.filter(({ id }) => id.startsWith(prefix))).toHaveLength(
      before.filter(({ id }) => id.startsWith(prefix)).length - 1,
    );
  });
});
