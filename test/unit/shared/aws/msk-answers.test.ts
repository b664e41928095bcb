import { expect, test } from 'vitest';
import { operationAnswer } from '../../../../shared/aws/msk-answers.ts';

const detailOf = (more: object) =>
  operationAnswer.parse({
    ClusterOperationInfo: { OperationArn: 'arn:o', OperationType: 'T', OperationState: 'UPDATE_COMPLETE', ...more },
  });

test.each([{}, { ErrorInfo: {} }, { ErrorInfo: { ErrorCode: '', ErrorString: '' } }])(
  'an operation of whose error MSK says nothing (%j) has none',
  (more) => {
    expect(detailOf(more)).not.toHaveProperty('errorMessage');
  },
);

test('an error is its code and its sentence', () => {
  expect(detailOf({ ErrorInfo: { ErrorCode: 'E', ErrorString: 'no room' } }).errorMessage).toBe('E no room');
});

test('what MSK says of an operation’s error comes in without secrets', () => {
  const ErrorString = ['refused password=hunter', '2'].join('');
  expect(detailOf({ ErrorInfo: { ErrorCode: 'Bad', ErrorString } }).errorMessage).toBe(
    'Bad refused password=[redacted]',
  );
});
