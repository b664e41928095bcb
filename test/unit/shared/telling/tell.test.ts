import { expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { requireTaken, type Told } from '../../../../shared/telling/tell.ts';

test('a word that was not taken is the error of its call, for who tries again by errors', () => {
  const error = new DependencyError('sns:Publish', 'throttled', 'throttled: slow down');
  const refused: Told = { isTaken: false, error };
  expect(() => requireTaken(refused)).toThrow(error);
  expect(() => requireTaken({ isTaken: true, messageId: 'm-1' })).not.toThrow();
});
