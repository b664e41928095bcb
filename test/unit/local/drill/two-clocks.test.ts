import { expect, test } from 'vitest';
import { readClocks } from '../../../../local/drill/two-clocks.ts';

const moments = [
  { atMs: 3_000, clockMs: 103_000 },
  { atMs: 1_000, clockMs: 101_000 },
  { atMs: 4_000, clockMs: 123_000 },
];

test('between two moments both clocks go evenly, outside of them by the rate', () => {
  const clocks = readClocks(moments, 20);
  expect([0, 1_000, 2_000, 3_500, 5_000].map((atMs) => clocks?.clockMsAt(atMs))).toEqual([
    81_000, 101_000, 102_000, 113_000, 143_000,
  ]);
  expect([81_000, 102_000, 113_000, 143_000].map((clockMs) => clocks?.atMsOf(clockMs))).toEqual([
    0, 2_000, 3_500, 5_000,
  ]);
});

test('nobody knows the world’s clock without a moment', () => {
  expect(readClocks([], 20)).toBeUndefined();
});
