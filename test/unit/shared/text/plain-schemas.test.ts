import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../../../shared/core/units.ts';
import { atMs } from '../../../../shared/text/plain-schemas.ts';
import { cases } from '../../../support/depth.ts';

const last = Date.UTC(9999, 0);

describe('a moment that a document keeps', () => {
  test.each([
    ['the first', 0, true],
    ['the last', last, true],
    ['one later', last + 1, false],
    ['one earlier than the first', -1, false],
    ['part of a millisecond', 0.5, false],
    ['as an approver once wrote it', 9e15, false],
    ['the last that Date knows', 8.64e15, false],
    ['no number', Number.NaN, false],
    ['endless', Number.POSITIVE_INFINITY, false],
    ['a text', '0', false],
    ['a date', new Date(0), false],
    ['nothing', null, false],
  ])('%s: %j is taken: %s', (_name, value, isTaken) => {
    expect(atMs.safeParse(value).success).toBe(isTaken);
  });

  test('whatever is taken has a year of four digits, and has one still with a year added', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 2 * last }), fc.maxSafeInteger(), fc.double()), (value) => {
        if (!atMs.safeParse(value).success) return;
        expect(new Date(value).toISOString()).toMatch(/^\d{4}-/);
        expect(new Date(value + 364 * dayMs).toISOString()).toMatch(/^\d{4}-/);
      }),
      cases(1_000, 100_000),
    );
    expect(new Date(last + 364 * dayMs).toISOString()).toMatch(/^9999-/);
  });
});
