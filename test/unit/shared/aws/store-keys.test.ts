import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportKey, reportPrefix, requireKey, stateKey, statePrefix } from '../../../../shared/aws/store-keys.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';

const prefixes = ['state/cluster-health/', 'reports/cluster-health/'];

test('a report stands under its day in UTC, a state under its cluster', () => {
  expect(reportKey('cluster-health', 'orders', Date.UTC(2026, 2, 1, 9, 4, 40), 'run-1')).toBe(
    'reports/cluster-health/orders/2026/03/01/090440-run-1.json',
  );
  expect(stateKey('cluster-health', 'orders')).toBe('state/cluster-health/orders.json');
  expect(prefixes).toEqual([statePrefix('cluster-health'), reportPrefix('cluster-health')]);
});

test.each([
  ['of another function', 'state/failover/orders.json'],
  ['that only begins alike', 'state/cluster-health-2/orders.json'],
  ['that climbs', 'state/cluster-health/../failover/orders.json'],
  ['that is the prefix itself', 'state/cluster-health/'],
  ['with an empty part', 'state/cluster-health//x'],
  ['from the root', '/state/cluster-health/x'],
  ['with a space', 'state/cluster-health/a b'],
  ['that is empty', ''],
  ['that is too long', `state/cluster-health/${'x'.repeat(1_100)}`],
])('a key %s is refused', (_what, key) => {
  expect(() => requireKey(key, prefixes)).toThrow(ConfigError);
});

test('a function without prefixes, or with one that ends in no slash, writes nowhere', () => {
  expect(() => requireKey('state/x', [])).toThrow(ConfigError);
  expect(() => requireKey('state/x', ['state'])).toThrow(ConfigError);
});

test('whatever key passes lies inside a prefix', () => {
  const part = fc.constantFrom('state', 'cluster-health', '..', '.', '', 'x', 'failover', 'a b');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const key = parts.join('/');
      try {
        requireKey(key, prefixes);
      } catch (error) {
        return error instanceof ConfigError;
      }
      return new URL(key, 'https://bucket.example/').pathname.startsWith('/state/cluster-health/');
    }),
  );
});
