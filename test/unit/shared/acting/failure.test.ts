import { expect, test } from 'vitest';
import { isRefusal } from '../../../../shared/acting/failure.ts';
import type { Unanswered } from '../../../../shared/core/known.ts';

type Failed = Pick<Unanswered, 'failure' | 'facts'>;
const once = (httpStatus: number): Failed['facts'] => ({ httpStatus, attempts: 1 });

test.each<[string, Failed, boolean]>([
  ['an answer of 400 to the only request', { failure: 'failed', facts: once(400) }, true],
  ['a denial', { failure: 'denied', facts: once(403) }, true],
  ['a conflict of versions', { failure: 'conflict', facts: once(409) }, true],
  ['the last status of 4xx', { failure: 'failed', facts: once(499) }, true],
  ...[407, 409, 428, 430].map((status): [string, Failed, boolean] => [
    `a ${status}, beside a time-out’s and a throttle’s status`,
    { failure: 'failed', facts: once(status) },
    true,
  ]),
  ['no answer', { failure: 'unreachable', facts: { attempts: 1 } }, false],
  ['a success that cannot be read', { failure: 'bad-answer', facts: once(200) }, false],
  ['a redirect', { failure: 'failed', facts: once(399) }, false],
  ['a fault of the service', { failure: 'failed', facts: once(500) }, false],
  ['a time-out by status', { failure: 'failed', facts: once(408) }, false],
  ['a throttle by status', { failure: 'failed', facts: once(429) }, false],
  ['a time-out by name', { failure: 'timed-out', facts: once(400) }, false],
  ['a throttle by name', { failure: 'throttled', facts: once(400) }, false],
  ['an answer after a repeat', { failure: 'failed', facts: { httpStatus: 400, attempts: 2 } }, false],
  ['an answer to nobody knows how many requests', { failure: 'failed', facts: { httpStatus: 400 } }, false],
])('%s', (_what, failed, isCertain) => {
  expect(isRefusal(failed)).toBe(isCertain);
});
