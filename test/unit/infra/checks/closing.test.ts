import { expect, test } from 'vitest';
import { renderClosing } from '../../../../infra/checks/closing.ts';
import type { PartResult } from '../../../../infra/checks/run-parts.ts';

const part = (name: string, more: Partial<PartResult> = {}): PartResult => ({
  name,
  exitCode: 0,
  tookSeconds: 10,
  cpuSeconds: 15,
  tests: undefined,
  ...more,
});
const tests = (passedCount: number, failedCount = 0, seconds: readonly number[] = []) => ({
  tests: { passedCount, failedCount, timed: seconds.map((each) => ({ name: `test of ${each}`, seconds: each })) },
});

const end = (more: Partial<Parameters<typeof renderClosing>[1]> = {}) => ({
  left: [],
  seed: 1,
  tookSeconds: 15,
  ...more,
});

test('every part says how long it took and what its tests did; the last line sums the tests of all', () => {
  const lines = renderClosing(
    [part('types'), part('unit', tests(2_000)), part('drills', tests(2))],
    end({ seed: 7, tookSeconds: 21 }),
  );
  expect(lines.slice(0, 5)).toEqual([
    'part      took     CPU',
    'types   10.0 s  15.0 s',
    'unit    10.0 s  15.0 s  2000 passed',
    'drills  10.0 s  15.0 s     2 passed',
    'all     21.0 s  45.0 s',
  ]);
  expect(lines).toContain('seed 7: --seed 7 draws the same again');
  expect(lines.at(-1)).toBe('2002 passed, 0 failed');
});

test('the ten slowest of all parts are named, slowest first', () => {
  const seconds = Array.from({ length: 8 }, (_, index) => index + 1);
  const lines = renderClosing(
    [
      part('unit', tests(8, 0, seconds)),
      part(
        'contract',
        tests(
          8,
          0,
          seconds.map((each) => each * 10),
        ),
      ),
    ],
    end(),
  );
  const from = lines.indexOf('The slowest:');
  const named = lines.slice(from + 1, lines.indexOf('', from));
  expect(named).toHaveLength(10);
  expect(named[0]).toBe('   80.0 s  test of 80');
  expect(named[9]).toBe('    7.0 s  test of 7');
});

test('a part that failed is named with its exit status, and so are those that did not run', () => {
  const lines = renderClosing(
    [part('types'), part('unit', { exitCode: 3, ...tests(5, 2) })],
    end({ left: ['contract', 'drills'] }),
  );
  expect(lines.slice(-3)).toEqual(['unit failed: it ended with 3', 'not run: contract, drills', '5 passed, 2 failed']);
});

test.each([
  ['without any test', part('style', { exitCode: 1 }), '0 passed, 1 failed'],
  ['although all of its tests passed', part('unit', { exitCode: 1, ...tests(4) }), '4 passed, 1 failed'],
])('a part that failed %s counts as one failure', (_what, failed, last) => {
  expect(renderClosing([failed], end()).at(-1)).toBe(last);
});

test('where processor time is not told, the table has none and no sum of some', () => {
  const lines = renderClosing([part('types', { cpuSeconds: undefined }), part('style')], end());
  expect(lines[1]).toBe('types  10.0 s');
  expect(lines[3]).toBe('all    15.0 s');
});
