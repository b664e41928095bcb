import { expect, test } from 'vitest';
import { attemptsOf, classifyAwsError, toDependencyError } from '../../../../shared/aws/errors.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';

const sdkError = (name: string, fields: object = {}) => Object.assign(new Error('no'), { name, ...fields });

test.each([
  [sdkError('SlowDown'), 'throttled'],
  [sdkError('AuthorizationError'), 'denied'],
  [sdkError('CredentialsProviderError'), 'authentication-failed'],
  [sdkError('Error', { code: 'ENOTFOUND' }), 'unreachable'],
  [sdkError('Error', { code: 'ECONNRESET' }), 'unreachable'],
  [sdkError('Error', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'tls-failed'],
  [sdkError('Error', { code: 'CERT_HAS_EXPIRED' }), 'tls-failed'],
  [sdkError('AbortError'), 'timed-out'],
  [sdkError('TimeoutError'), 'timed-out'],
  [sdkError('PreconditionFailed'), 'conflict'],
  [sdkError('Unheard', { $metadata: { httpStatusCode: 429 } }), 'throttled'],
  [sdkError('Unheard', { $metadata: { httpStatusCode: 403 } }), 'denied'],
  [sdkError('Unheard', { $metadata: { httpStatusCode: 200 } }), 'bad-answer'],
  [sdkError('Unheard', { $metadata: { httpStatusCode: 500 } }), 'failed'],
  [sdkError('constructor'), 'failed'],
  ['a text', 'failed'],
  [undefined, 'failed'],
])('%s is %s', (error, failure) => {
  expect(classifyAwsError(error)).toBe(failure);
});

test('the error names call, failure, cause and request, on one line', () => {
  const cause = sdkError('AccessDeniedException', {
    $metadata: { requestId: 'r-1', httpStatusCode: 403, attempts: 2 },
    message: 'not allowed\nsecond line',
  });
  const error = toDependencyError('kafka:ListNodes', cause);
  const detail = 'denied: AccessDeniedException: not allowed (request r-1): allow that, or mend what forbids it';
  expect(error.message).toBe(`kafka:ListNodes: ${detail}`);
  expect(error.detail).toBe(detail);
  expect(error.facts).toEqual({
    httpStatus: 403,
    attempts: 2,
    errorName: 'AccessDeniedException',
    requestId: 'r-1',
  });
  expect(error.cause).toBe(cause);
});

test('what to do about it is said of a denial alone', () => {
  for (const name of ['ThrottlingException', 'NoSuchKey', 'TimeoutError'])
    expect(toDependencyError('kafka:ListNodes', sdkError(name)).message).not.toContain('allow that');
});

test('where no answer came, nothing is said of one', () => {
  expect(toDependencyError('kafka:ListNodes', sdkError('TimeoutError')).facts).toEqual({ errorName: 'TimeoutError' });
  expect(toDependencyError('kafka:ListNodes', 'a text').facts).toEqual({});
});

test('what AWS says comes in without secrets, and the call and the request are told', () => {
  const password = ['hunter', '2'].join('');
  const cause = Object.assign(new Error(`refused password=${password}, call +1 555 010 0123`), {
    name: 'BadRequestException',
    $metadata: { requestId: 'r-1' },
  });
  expect(toDependencyError('kafka:ListNodes', cause).message).toBe(
    'kafka:ListNodes: failed: BadRequestException: refused password=[redacted], call [redacted telephone] (request r-1)',
  );
});

test('an error of ours stays what it is', () => {
  const error = new DependencyError('kafka/read', 'bad-answer', 'x');
  expect(toDependencyError('lambda:Invoke', error)).toBe(error);
});

test('attempts are counted as the SDK tells them, one where it does not', () => {
  expect(attemptsOf(sdkError('x', { $metadata: { attempts: 3 } }))).toBe(3);
  expect(attemptsOf('x')).toBe(1);
});
