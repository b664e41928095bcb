import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesPerCall, entryBytes, planEntry, planEventBatches } from '../../../../shared/telling/event-batches.ts';
import { fitJson } from '../../../../shared/text/fit-json.ts';
import { decimalBigint, toJson } from '../../../../shared/text/json.ts';
import { fitUtf8, utf8Bytes } from '../../../../shared/text/utf8.ts';

/** Without the replacement character, whose appearance is the sign of a broken one. */
const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((made) => made.replaceAll('\uFFFD', '?'));

describe('texts in UTF-8', () => {
  test.each([
    ['short', 100, 'short'],
    ['日本語の長い話題名', 24, '日本… [truncated]'.slice(0, 2)],
  ])('%s in %i bytes begins as before', (whole, maxBytes, start) => {
    expect(fitUtf8(whole, maxBytes).startsWith(start)).toBe(true);
  });

  test('never take more than the limit, never break a character, and are cut only where they must be', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 300 }), (whole, maxBytes) => {
        const fitted = fitUtf8(whole, maxBytes);
        expect(utf8Bytes(fitted)).toBeLessThanOrEqual(maxBytes);
        expect(fitted).not.toContain('\uFFFD');
        expect(fitted.isWellFormed()).toBe(true);
        if (utf8Bytes(whole) <= maxBytes) expect(fitted).toBe(whole);
      }),
    );
  });
});

describe('records in JSON', () => {
  test('that fit are whole', () => {
    expect(fitJson({ a: 1n, b: [1, 2] }, 1_000)).toEqual({ json: '{"a":"1","b":[1,2]}', isTruncated: false });
  });

  test('that do not fit are valid, small enough, and say so', () => {
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.array(text, { maxLength: 100, size: 'max' }),
      fc.dictionary(text, text),
    );
    fc.assert(
      fc.property(
        fc.dictionary(text, value, { maxKeys: 60, size: 'max' }),
        fc.integer({ min: 200, max: 5_000 }),
        (record, maxBytes) => {
          const { json, isTruncated } = fitJson(record, maxBytes);
          expect(utf8Bytes(json)).toBeLessThanOrEqual(maxBytes);
          expect(isTruncated).toBe(utf8Bytes(toJson(record)) > maxBytes);
          const read: Record<string, unknown> = JSON.parse(json);
          if (isTruncated) expect(read.truncated).toEqual({ originalBytes: utf8Bytes(toJson(record)) });
        },
      ),
    );
  });

  test('a bigint comes back as it was, anything else is refused', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
        (offset) => decimalBigint.parse(JSON.parse(toJson(offset))) === offset,
      ),
    );
    for (const broken of ['', '1.5', '1e3', '0x10', ' 1', 7])
      expect(decimalBigint.safeParse(broken).success).toBe(false);
  });
});

describe('event batches', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 40 });

  test('keep every event once and in order, ten and 256 KiB a call at most', () => {
    fc.assert(
      fc.property(sizes, (bytes) => {
        const entries = bytes.map((size, index) =>
          planEntry('mskeeper', { detailType: `t${index}`, detail: { x: 'x'.repeat(size) } }),
        );
        const batches = planEventBatches(entries);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(entriesPerCall);
          expect(batch.reduce((total, entry) => total + entryBytes(entry), 0)).toBeLessThan(256 * 1024);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('an event that fits is not touched', () => {
    expect(planEntry('mskeeper', { detailType: 't', detail: { a: 1 }, resources: ['arn:x'] })).toEqual({
      source: 'mskeeper',
      detailType: 't',
      resources: ['arn:x'],
      detail: '{"a":1}',
      isTruncated: false,
    });
  });
});
