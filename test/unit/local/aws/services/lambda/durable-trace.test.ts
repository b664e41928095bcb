import { expect, test } from 'vitest';
import { differences } from '../../../../../support/durable/trace.ts';

const minuteMs = 60_000;
const at = Date.parse('2026-11-21T06:00:00Z');

test.each<[string, unknown, unknown]>([
  ['equal values', { a: [1, 'x', null] }, { a: [1, 'x', null] }],
  ['milliseconds within a minute', { atMs: at }, { atMs: at + 59_000 }],
  ['seconds within a minute', { at: at / 1000 }, { at: at / 1000 + 59 }],
  ['instants within a minute, in a sentence', 'since 2026-11-21T06:00:00Z', 'since 2026-11-21T06:00:59.5Z'],
  ['UUIDs of the world', 'arn:x/6f1c9a52-0000-4000-8000-000000000001', 'arn:x/7e2dab63-1111-4111-9111-111111111112'],
])('%s are no difference', (_what, left, right) => {
  expect(differences(left, right, minuteMs)).toEqual([]);
});

test.each<[string, unknown, unknown, string]>([
  ['another number', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b: 1 ≠ 2'],
  ['a lot', { lot: 0.25 }, { lot: 0.75 }, 'lot: 0.25 ≠ 0.75'],
  ['milliseconds days apart', { atMs: at }, { atMs: at + 86_400_000 }, `atMs: ${at} ≠ ${at + 86_400_000}`],
  ['instants days apart', 'since 2026-11-21T06:00:00Z', 'since 2026-11-24T06:00:00Z', 'since'],
  [
    'UUIDs drawn between steps',
    '00000000-0000-4000-8001-000000010001',
    '00000000-0000-4000-8002-000000020001',
    '00000000-0000-4000-8001-000000010001',
  ],
  ['something that is missing', { a: 1, b: 2 }, { a: 1 }, 'b: 2 ≠ nothing'],
  ['another kind', { a: [] }, { a: null }, 'a: [] ≠ null'],
  ['a shorter list', [1, 2], [1], '1: 2 ≠ nothing'],
])('%s is a difference', (_what, left, right, told) => {
  expect(differences(left, right, minuteMs)).toEqual([expect.stringContaining(told)]);
});
