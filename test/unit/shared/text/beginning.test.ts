import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { keepError } from '../../../../shared/durable/errors.ts';
import { beginningOf } from '../../../../shared/text/utf8.ts';
import { cases } from '../../../support/depth.ts';

test('a beginning is within its length and ends with a whole character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-composite' }), fc.nat({ max: 40 }), (text, most) => {
      const beginning = beginningOf(text, most);
      expect(text.startsWith(beginning)).toBe(true);
      expect(beginning.length).toBeLessThanOrEqual(most);
      expect(beginning.length).toBeGreaterThanOrEqual(Math.min(text.length, most) - 1);
      if (text.isWellFormed()) expect(beginning.isWellFormed()).toBe(true);
    }),
    cases(500, 20_000),
  );
});

test('an error of a long sentence is kept without half a character, wherever it is cut', () => {
  for (const lead of ['', 'x']) {
    const { message } = keepError(new DependencyError('kafka:X', 'failed', `${lead}${'😀'.repeat(3_000)}`));
    expect(message.isWellFormed()).toBe(true);
    expect(message.length).toBeGreaterThan(1_990);
  }
});
