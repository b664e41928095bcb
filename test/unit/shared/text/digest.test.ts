import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestOf, digestPattern } from '../../../../shared/text/digest.ts';

test('a digest is SHA-256 over the canonical JSON: no order of keys changes it, and anything else does', () => {
  const digest = digestOf({ b: [1, 2], a: 'x' });
  expect(digest).toBe(createHash('sha256').update('{"a":"x","b":[1,2]}').digest('hex'));
  expect(digest).toMatch(digestPattern);
  expect(digestOf({ a: 'x', gone: undefined, b: [1, 2] })).toBe(digest);
  for (const other of [{ a: 'x', b: [2, 1] }, { a: 'x', b: ['1', 2] }, { a: 'x' }])
    expect(digestOf(other)).not.toBe(digest);
});

test.each([Number.NaN, 1n, new Date(), () => 1])('%s is no plain JSON, and has none', (value) => {
  expect(() => digestOf({ value })).toThrow('a digest is of plain JSON, and this is not');
});
