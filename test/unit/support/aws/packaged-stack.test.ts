import { expect, test } from 'vitest';
import { findingsOf } from '../../../support/aws/packaged-stack.ts';

test('a procedure whose answer has no findings found nothing wrong', () => {
  expect(findingsOf({})).toEqual([]);
  expect(findingsOf(null)).toEqual([]);
});
