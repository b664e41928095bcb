import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditKey, budgetKey, claimKey as causeKey } from '../../../../shared/acting/core/keys.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import {
  claimKey as lookKey,
  reportKey,
  reportPrefix,
  requireKey,
  stateKey,
  statePrefix,
} from '../../../../shared/core/store-keys.ts';
import { approvalKey } from '../../../../shared/durable/approval.ts';

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

const slug = fc.stringMatching(/^[a-z][a-z0-9]{0,7}(?:-[a-z0-9]{1,7}){0,2}$/);
const cause = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,127}$/);
const atMs = fc.integer({ min: 0, max: Date.UTC(9999, 0) });

/** Every key that is made of words of users (clusters) or of AWS (runs), with what it is made of. */
const madeKey = fc.oneof(
  fc.tuple(slug, slug, atMs, fc.uuid()).map((of) => ({ of: ['report', ...of], key: reportKey(...of) })),
  fc.tuple(slug, slug).map((of) => ({ of: ['state', ...of], key: stateKey(...of) })),
  fc.tuple(slug, slug).map((of) => ({ of: ['look', ...of], key: lookKey(...of) })),
  fc.tuple(slug, slug, atMs, cause).map((of) => ({ of: ['record', ...of], key: auditKey(...of) })),
  fc.tuple(slug, slug, cause).map((of) => ({ of: ['claim', ...of], key: causeKey(...of) })),
  slug.map((of) => ({ of: ['budget', of], key: budgetKey(of) })),
  fc.tuple(slug, cause).map((of) => ({ of: ['approval', ...of], key: approvalKey(...of) })),
);

/** A record lies under its day, a report under its second: the rest of its time is in the document. */
const identityOf = (of: readonly (string | number)[]): string =>
  JSON.stringify(
    of.map((part) => {
      if (typeof part === 'string') return part;
      return new Date(part).toISOString().slice(0, of[0] === 'record' ? 10 : 19);
    }),
  );

test('keys are within what S3 takes, and two things never share one', () => {
  fc.assert(
    fc.property(fc.array(madeKey, { minLength: 2, maxLength: 30 }), (made) => {
      const owners = new Map<string, string>();
      for (const { of, key } of made) {
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
        expect(requireKey(key, [`${key.split('/')[0]}/`])).toBe(key);
        expect(owners.get(key) ?? identityOf(of)).toBe(identityOf(of));
        owners.set(key, identityOf(of));
      }
    }),
  );
});

test('parts that could run into each other make two keys', () => {
  const few = fc.constantFrom('a', 'a-b', 'b', 'b-c', 'causes', 'look');
  const pairs = fc.tuple(few, few, few);
  fc.assert(
    fc.property(pairs, pairs, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      const isSamePair = one[0] === other[0] && one[1] === other[1];
      expect(causeKey(...one) === causeKey(...other)).toBe(isSame);
      expect(auditKey(one[0], one[1], 0, one[2]) === auditKey(other[0], other[1], 0, other[2])).toBe(isSame);
      expect(reportKey(one[0], one[1], 0, one[2]) === reportKey(other[0], other[1], 0, other[2])).toBe(isSame);
      expect(stateKey(one[0], one[1]) === stateKey(other[0], other[1])).toBe(isSamePair);
      expect(lookKey(one[0], one[1])).not.toBe(stateKey(other[0], other[1]));
    }),
  );
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
