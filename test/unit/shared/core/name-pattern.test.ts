import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWatched, matchesAnyPattern, matchesPattern } from '../../../../shared/core/name-pattern.ts';
import { cpuMsOf } from '../../../support/cpu.ts';

test.each([
  ['orders', 'orders', true],
  ['orders', 'order', false],
  ['orders', 'orders*', true],
  ['orders.dlq', '*.dlq', true],
  ['orders-dlq', '*.dlq', false],
  ['a.dlq.dlq', '*.dlq', true],
  ['orders', '?rders', true],
  ['rders', '?rders', false],
  ['orders', '', false],
  ['', '*', true],
  ['', '?', false],
  ['__consumer_offsets', '__*', true],
  ['a.b', 'a?b', true],
  ['a(b)', 'a(b)', true],
  ['aXbXc', 'a*b*c', true],
  ['aXbX', 'a*b*c', false],
])('%s against %s is %s', (name, pattern, isMatch) => {
  expect(matchesPattern(name, pattern)).toBe(isMatch);
});

test('it agrees with the regular expression that a pattern stands for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(letters, patterns, (name, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesPattern(name, pattern)).toBe(new RegExp(`^${source}$`).test(name));
    }),
  );
});

test('a pattern made to be slow is not', () => {
  const cpuMs = cpuMsOf(() => {
    expect(matchesPattern('a'.repeat(249), `${'*a'.repeat(60)}b`)).toBe(false);
  });
  expect(cpuMs).toBeLessThan(100);
});

test('any of several patterns is enough, none matches nothing', () => {
  expect(matchesAnyPattern('a.dlq', ['x', '*.dlq'])).toBe(true);
  expect(matchesAnyPattern('a.dlq', [])).toBe(false);
});

test('what is watched is named by watch and not by ignore', () => {
  const settings = { watch: ['order*'], ignore: ['*.tmp'] };
  expect(['orders', 'orders.tmp', 'payments'].filter((name) => isWatched(name, settings))).toEqual(['orders']);
});
