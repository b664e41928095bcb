import { describe, expect, test } from 'vitest';
import type { Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { holdBack, isHoldable } from '../../../../../../functions/health/incident/core/holdback.ts';
import type { PagerWord } from '../../../../../../functions/health/incident/core/ladder.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Work } from '../../../../../../functions/health/incident/core/works.ts';
import { at, brokerDown, incidentOf, memberOf, messageOf, workOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { reach } = usualRules;
const incident = incidentOf({ kind: 'broker-down', of: '2' }, [memberOf(brokerDown(2))]);
const to = (name: string) => ({ destination: { by: 'endpoint', lane: name, endpoints: [name] } }) as const;
const rung = { kind: 'rung', saysAnew: true, key: '1/critical/30', madeAtMs: at(30) } as const;
const detour = { key: '1/detour', madeAtMs: at(30) } as const;
const ack = { acknowledgement: { by: 'alice', atMs: at(31), untilMs: at(61), severity: 'critical' } } as const;
const repair = workOf('one-broker', { key: 'msk|healing', does: 'repairs', sinceMs: at(31), untilMs: at(60) });

const judge = (
  outbox: readonly Message[],
  {
    more = {},
    works = [],
    pager,
    minute = 32,
  }: {
    readonly more?: Partial<Incident>;
    readonly works?: readonly Work[];
    readonly pager?: PagerWord;
    readonly minute?: number;
  } = {},
): readonly Message[] => {
  const pagerByIncident = new Map(pager === undefined ? [] : [['1', pager]]);
  return holdBack(outbox, [{ ...incident, ...more }], { underWay: works, pagerByIncident }, reach, at(minute));
};
const isHeld = (message: Message, how: Parameters<typeof judge>[1] = {}): boolean =>
  judge([message], how)[0]?.isHeld === true;

describe('a step of the ladder that waits', () => {
  const page = messageOf({ ...rung, ...to('boss') });
  test.each([
    ['while nobody answers', {}, false],
    ['once somebody acknowledged it', { more: ack }, true],
    ['once it was called over', { more: { resolution: { by: 'alice', atMs: at(31), severity: 'critical' } } }, true],
    ['not by what was acknowledged of less', { more: { ...ack, severity: 'emergency' } }, false],
    ['not by what lapsed', { more: ack, minute: 61 }, false],
    ['once a pager is answered', { pager: { status: 'acknowledged', atMs: at(5) } }, true],
    ['once a pager calls it resolved', { pager: { status: 'resolved', atMs: at(31) } }, true],
    ['not by a pager that still calls', { pager: { status: 'triggered', atMs: at(0) } }, false],
    ['while a work deals with it', { works: [repair] }, true],
    ['not once its time is over', { works: [repair], minute: 60 }, false],
    ['once nothing is left of the fault', { more: { quietSinceMs: at(31) } }, true],
  ] as const)('is held, %s: %o', (_name, how, held) => {
    expect(isHeld(page, how)).toBe(held);
    expect(isHeld(messageOf({ ...rung, ...to('chat'), action: 'update' }), how)).toBe(held);
  });
  test('not by a work, where it was climbed as the incident opened', () => {
    const first = messageOf({ ...rung, ...to('boss'), madeAtMs: at(0) });
    expect(isHeld(first, { works: [repair] })).toBe(false);
    expect(isHeld(first, { more: ack })).toBe(true);
  });
  test('is sent by whoever sends it just now', () => {
    expect(isHeld({ ...page, claim: { by: 'run-1', untilMs: at(33) } }, { more: ack })).toBe(false);
    expect(isHeld({ ...page, claim: { by: 'run-1', untilMs: at(32) } }, { more: ack })).toBe(true);
  });
  test('is left alone where it is over, or nobody’s', () => {
    const over = { ...page, outcome: 'delivered' } as const;
    expect(judge([over], { more: ack })).toEqual([over]);
    const { incidentId: _none, ...notice } = messageOf({ action: 'notice', ...to('on-call') });
    expect(judge([notice, { ...page, incidentId: '2' }], { more: ack })).toEqual([
      notice,
      { ...page, incidentId: '2' },
    ]);
  });
});

describe('whatever else would wake somebody', () => {
  test('is held by an answer, and by no work: what opens an incident tells of the work', () => {
    const page = messageOf({ saysAnew: true, ...to('on-call') });
    expect(isHeld(page, { more: ack })).toBe(true);
    expect(isHeld(page, { pager: { status: 'acknowledged', atMs: at(5) } })).toBe(true);
    expect(isHeld(page, { works: [repair] })).toBe(false);
    expect(isHeld(page)).toBe(false);
  });
  test('what nobody is woken by is not, until nothing is left to say', () => {
    const chat = messageOf(to('chat'));
    expect(isHeld(chat, { more: ack })).toBe(false);
    expect(isHeld(chat, { more: { quietSinceMs: at(31) } })).toBe(true);
  });
  test('not by an answer that was given before somebody asked for more help', () => {
    const asked = messageOf({ kind: 'raised', madeAtMs: at(30), ...to('phone') });
    expect(isHeld(asked, { pager: { status: 'acknowledged', atMs: at(29) } })).toBe(false);
    expect(isHeld(asked, { pager: { status: 'acknowledged', atMs: at(30) } })).toBe(true);
  });
  test.each([['update'], ['resolve'], ['notice']] as const)('%s is never held', (action) => {
    expect(isHeld(messageOf({ action, kind: 'update', ...to('on-call') }), { more: { quietSinceMs: at(31) } })).toBe(
      false,
    );
  });
});

describe('a detour', () => {
  const failing = messageOf({ ...to('on-call'), why: '503' });
  test('is held once those arrived whose place it takes', () => {
    const [, held] = judge([{ ...failing, outcome: 'delivered' }, messageOf({ ...detour, ...to('chat') })]);
    expect(held).toMatchObject({ isHeld: true });
    const [, goes] = judge([failing, messageOf({ ...detour, ...to('chat') })]);
    expect(goes).not.toHaveProperty('isHeld');
  });
  test('and not by one of another incident, or by one that fails itself', () => {
    const others = messageOf({ ...to('on-call'), why: '503', incidentId: '2' });
    const [, held] = judge([others, messageOf({ ...detour, ...to('chat'), why: '503' })]);
    expect(held).toMatchObject({ isHeld: true });
  });
  test('is held by an answer, also where it wakes nobody', () => {
    const [, held] = judge([{ ...failing, outcome: 'refused' }, messageOf({ ...detour, ...to('chat') })], {
      more: ack,
    });
    expect(held).toMatchObject({ isHeld: true });
  });
});

test('what is held goes out when it is so again, and has time to arrive from then on', () => {
  const page = messageOf({ ...rung, ...to('boss') });
  const [held] = judge([page], { more: ack });
  expect(held).toEqual({ ...page, isHeld: true });
  expect(judge(held === undefined ? [] : [held], { more: ack, minute: 50 })).toEqual([held]);
  expect(judge(held === undefined ? [] : [held], { more: ack, minute: 61 })).toEqual([{ ...page, freedAtMs: at(61) }]);
});

test.each([
  [messageOf(to('on-call')), true],
  [messageOf(to('chat')), false],
  [messageOf({ ...detour, ...to('chat') }), true],
  [messageOf({ ...rung, ...to('chat') }), true],
  [messageOf({ ...rung, ...to('chat'), action: 'update' }), true],
  [messageOf({ kind: 'update', ...to('on-call'), action: 'update' }), false],
] as const)('%#: somebody who answers keeps it back: %o', (message, holdable) => {
  expect(isHoldable(message, reach)).toBe(holdable);
});
