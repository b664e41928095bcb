import { expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { ask, notKnown } from '../../../../shared/core/known.ts';

test('a source that answers is known, whatever it says', async () => {
  expect(await ask(async () => undefined)).toEqual({ isKnown: true, value: undefined });
});

test('a dependency that fails is not known, and says by which call, how and what the answer was, as plain data', async () => {
  const facts = { httpStatus: 400, attempts: 1 };
  const answer = await ask(async () => {
    throw new DependencyError('kafka:ListNodes', 'denied', 'no', { facts, cause: new Error('no') });
  });
  expect(answer).toEqual({
    isKnown: false,
    isAsked: true,
    call: 'kafka:ListNodes',
    failure: 'denied',
    facts,
    why: 'kafka:ListNodes: no',
  });
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

test('a mistake of ours is thrown on', async () => {
  const defect = new TypeError('x is undefined');
  await expect(ask(() => Promise.reject(defect))).rejects.toBe(defect);
});

test('what was not asked is told from what did not answer', () => {
  expect(notKnown('these brokers have no volumes')).toEqual({
    isKnown: false,
    isAsked: false,
    why: 'these brokers have no volumes',
  });
});
