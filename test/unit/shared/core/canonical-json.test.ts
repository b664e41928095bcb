import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../shared/core/canonical-json.ts';

test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ a: undefined, b: { d: 1, c: 2 } }, '{"b":{"c":2,"d":1}}'],
  [-0, '0'],
  ['a"b', '"a\\"b"'],
])('%j is %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each([
  [Number.NaN],
  [1n],
  [new Date(0)],
  [new Map()],
  [() => 1],
  [undefined],
  [[undefined]],
  [{ a: { b: Infinity } }],
])('%s is no plain JSON and equals nothing', (value) => {
  expect(canonicalJson(value)).toBeUndefined();
});

test('what comes back through JSON has the same text, and other data another one', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      expect(canonicalJson(JSON.parse(JSON.stringify(left)))).toBe(canonicalJson(left));
      const isSame =
        JSON.stringify(JSON.parse(canonicalJson(left) ?? '')) ===
        JSON.stringify(JSON.parse(canonicalJson(right) ?? ''));
      expect(canonicalJson(left) === canonicalJson(right)).toBe(isSame);
    }),
  );
});
