import { expect, test } from 'vitest';
import {
  evaluateCalendar,
  evaluateFreshness,
  evaluateKillSwitch,
  evaluateMode,
  evaluatePlanTime,
  evaluateState,
} from '../../../../../shared/acting/core/questions.ts';
import type { MaintenanceWindow } from '../../../../../shared/core/maintenance-window.ts';

test.each([
  ['off', 'mode-off'],
  ['plan', undefined],
  ['act', undefined],
] as const)('mode %s stops with %s', (mode, reason) => {
  expect(evaluateMode(mode, 'storage-scaling')?.reason).toBe(reason);
});

test('a mode that is off names the key to set', () => {
  expect(evaluateMode('off', 'storage-scaling')?.message).toContain('modes.storage-scaling');
});

test.each([
  [0, undefined],
  [-86_400_000, undefined],
  [120_000, undefined],
  [120_001, 'state-unknown'],
])('a plan of %d ms ahead stops with %s', (aheadMs, reason) => {
  const nowMs = Date.parse('2026-11-28T08:00:00Z');
  expect(evaluatePlanTime(nowMs + aheadMs, nowMs)?.reason).toBe(reason);
});

test.each([
  [{ value: 'off' }, undefined],
  [{ value: 'on' }, 'kill-switch'],
  [{ value: 'unknown', message: 'denied' }, 'kill-switch-unknown'],
] as const)('the kill switch %j stops with %s', (killSwitch, reason) => {
  expect(evaluateKillSwitch(killSwitch)?.reason).toBe(reason);
});

const night: MaintenanceWindow = { name: 'night', impact: 'low', every: 'day', from: '02:00', to: '04:00' };
const past: MaintenanceWindow = {
  name: 'past',
  impact: 'high',
  every: 'once',
  from: '2026-11-01T02:00:00Z',
  to: '2026-11-01T04:00:00Z',
};
const at = (time: string): number => Date.parse(`2026-11-21T${time}:00Z`);

test.each([
  ['an act that disrupts nothing', false, [], '10:00', undefined],
  ['inside of a window', true, [night], '02:00', undefined],
  ['as the window closes', true, [night], '04:00', Date.parse('2026-11-22T02:00:00Z')],
  ['before the window', true, [night], '01:59', at('02:00')],
  ['without any window', true, [], '03:00', 'never'],
  ['after the last window', true, [past], '03:00', 'never'],
] as const)('the calendar: %s', (_what, isDisruptive, windows, time, retryAtMs) => {
  const stop = evaluateCalendar(isDisruptive, windows, at(time));
  if (retryAtMs === undefined) expect(stop).toBeUndefined();
  else if (retryAtMs === 'never') {
    expect(stop).toMatchObject({ reason: 'window', message: expect.stringContaining('maintenanceWindows') });
    expect(stop).not.toHaveProperty('retryAtMs');
  } else expect(stop).toMatchObject({ reason: 'window', retryAtMs });
});

test.each([
  ['the same in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, undefined],
  ['a value without an entry', { a: 1 }, { a: 1, b: undefined }, undefined],
  ['another version', { version: 'K1' }, { version: 'K2' }, 'state-moved'],
  ['a list in another order', [1, 2], [2, 1], 'state-moved'],
  ['a number as text', { a: 1 }, { a: '1' }, 'state-moved'],
  ['no number now', { a: 1 }, { a: Number.NaN }, 'state-unknown'],
  ['no number then and now', { a: Number.NaN }, { a: Number.NaN }, 'state-unknown'],
])('the state: %s', (_what, planned, seen, reason) => {
  expect(evaluateState(planned, seen)?.reason).toBe(reason);
});

test.each([
  ['planned', { a: Number.NaN }, { a: 1 }],
  ['present', { a: 1 }, { a: Number.NaN }],
])('a %s state that is no plain JSON is named as the one to look at', (which, planned, seen) => {
  expect(evaluateState(planned, seen)?.message).toContain(`The ${which} state is no plain JSON`);
});

test.each([
  [60_001, '60 s passed'],
  [125_000, '125 s passed'],
  [-1, 'the clock went back'],
])('a state read %i ms ago is refused with why: %s', (ageMs, why) => {
  expect(evaluateFreshness(1_000_000, 1_000_000 + ageMs)?.message).toContain(why);
});

test.each([
  [0, undefined],
  [60_000, undefined],
  [60_001, 'state-unknown'],
  [-1, 'state-unknown'],
])('a state read %i ms ago stops with %s', (ageMs, reason) => {
  expect(evaluateFreshness(1_000_000, 1_000_000 + ageMs)?.reason).toBe(reason);
});
