import type {
  Operation,
  OperationAction,
  OperationStatus,
  OperationType,
  OperationUpdate,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { readInvocationAnswer } from '../../../../../../local/aws/services/lambda/durable/invocation-answer.ts';
import { meteredOperations } from '../../../../../../local/aws/services/lambda/durable/limits.ts';
import {
  createOperationStore,
  pageOfOperations,
} from '../../../../../../local/aws/services/lambda/durable/operation-store.ts';
import { applyUpdate } from '../../../../../../local/aws/services/lambda/durable/operation-update.ts';

const nowMs = Date.parse('2026-11-21T06:00:00Z');
const operation = (Type: OperationType, Status: OperationStatus, more: Partial<Operation> = {}): Operation => ({
  Id: 'one',
  Type,
  Status,
  StartTimestamp: new Date(nowMs),
  ...more,
});
const apply = (update: Partial<OperationUpdate>, known?: Operation) =>
  applyUpdate({ Id: 'one', Type: 'STEP', Action: 'START', ...update }, (id) => (id === 'one' ? known : undefined), {
    nowMs,
    newCallbackId: (id) => `callback of ${id}`,
  });

describe('an update', () => {
  test.each<[OperationType, OperationAction, Partial<OperationUpdate>, OperationStatus | undefined, OperationStatus]>([
    ['STEP', 'START', {}, undefined, 'STARTED'],
    ['STEP', 'START', {}, 'READY', 'STARTED'],
    ['STEP', 'RETRY', { StepOptions: { NextAttemptDelaySeconds: 5 } }, 'STARTED', 'PENDING'],
    ['STEP', 'SUCCEED', { Payload: '1' }, 'STARTED', 'SUCCEEDED'],
    ['STEP', 'SUCCEED', { Payload: '1' }, undefined, 'SUCCEEDED'],
    ['STEP', 'FAIL', { Error: { ErrorMessage: 'no' } }, 'READY', 'FAILED'],
    ['WAIT', 'START', { WaitOptions: { WaitSeconds: 60 } }, undefined, 'STARTED'],
    ['WAIT', 'CANCEL', {}, 'STARTED', 'CANCELLED'],
    ['CALLBACK', 'START', {}, undefined, 'STARTED'],
    ['CONTEXT', 'START', {}, undefined, 'STARTED'],
    ['CONTEXT', 'SUCCEED', {}, 'STARTED', 'SUCCEEDED'],
    ['CHAINED_INVOKE', 'START', { ChainedInvokeOptions: { FunctionName: 'f:1' } }, undefined, 'STARTED'],
  ])('%s %s with %j on %s gives %s', (Type, Action, more, before, after) => {
    const known = before && operation(Type, before);
    expect(apply({ Type, Action, ...more }, known).Status).toBe(after);
  });

  test.each<[OperationType, OperationAction, OperationStatus]>([
    ['STEP', 'START', 'SUCCEEDED'],
    ['STEP', 'RETRY', 'PENDING'],
    ['STEP', 'SUCCEED', 'FAILED'],
    ['WAIT', 'CANCEL', 'SUCCEEDED'],
    ['CONTEXT', 'FAIL', 'FAILED'],
    ['CALLBACK', 'START', 'STARTED'],
  ])('%s %s is refused on what is %s', (Type, Action, before) => {
    expect(() => apply({ Type, Action }, operation(Type, before))).toThrow(/Invalid current/);
  });

  test.each<[string, Partial<OperationUpdate>, Operation | undefined, RegExp]>([
    ['without an id', { Id: '' }, undefined, /must have an Id/],
    ['below what is no context', { ParentId: 'nobody' }, undefined, /parent/],
    ['of another type', { Type: 'WAIT' }, operation('STEP', 'READY'), /type cannot change/],
    ['that its type does not know', { Type: 'WAIT', Action: 'RETRY' }, undefined, /Invalid action/],
    ['that waits for no time', { Type: 'WAIT', WaitOptions: { WaitSeconds: 0 } }, undefined, /at least 1/],
    ['that invokes nobody', { Type: 'CHAINED_INVOKE' }, undefined, /function name/],
  ])('%s is refused', (_what, update, known, reason) => {
    expect(() => apply(update, known)).toThrow(reason);
  });

  test('counts attempts, names the next one, and keeps a poll its state while it looks again', () => {
    const pending = apply({ Action: 'RETRY', Payload: '"state"', StepOptions: { NextAttemptDelaySeconds: 30 } });
    expect(pending.StepDetails).toEqual({
      Attempt: 1,
      Result: '"state"',
      Error: undefined,
      NextAttemptTimestamp: new Date(nowMs + 30_000),
    });
    const again = apply({ Action: 'START' }, { ...pending, Status: 'READY' });
    expect(again.StepDetails).toMatchObject({ Attempt: 1, Result: '"state"', NextAttemptTimestamp: undefined });
    expect(apply({ Action: 'SUCCEED', Payload: '2' }, again).StepDetails).toMatchObject({ Attempt: 2, Result: '2' });
  });
});

test.each<[OperationType, OperationAction, boolean, number]>([
  ['STEP', 'START', true, 0],
  ['STEP', 'SUCCEED', false, 1],
  ['STEP', 'RETRY', false, 1],
  ['STEP', 'FAIL', true, 1],
  ['WAIT', 'START', true, 1],
  ['WAIT', 'CANCEL', false, 0],
  ['CALLBACK', 'START', true, 1],
  ['CHAINED_INVOKE', 'START', true, 1],
  ['CONTEXT', 'START', true, 1],
  ['CONTEXT', 'SUCCEED', false, 0],
  ['CONTEXT', 'SUCCEED', true, 1],
  ['EXECUTION', 'SUCCEED', false, 0],
])('%s %s (new: %s) is metered as %i operations', (Type, Action, isNew, count) => {
  expect(meteredOperations({ Id: 'one', Type, Action }, isNew)).toBe(count);
});

describe('the operations of an execution', () => {
  const store = () => {
    const operations = createOperationStore();
    const put = (Id: string, ParentId?: string, more: Partial<Operation> = {}) =>
      operations.put(operation(ParentId === undefined ? 'CONTEXT' : 'STEP', 'STARTED', { Id, ParentId, ...more }));
    return { operations, put };
  };
  const ids = (operations: readonly Operation[]) => operations.map(({ Id }) => Id);

  test('tell what changed since a revision', () => {
    const { operations, put } = store();
    put('a');
    put('b', 'a');
    const seen = operations.revision();
    put('b', 'a', { Status: 'SUCCEEDED' });
    expect(ids(operations.changedSince(seen))).toEqual(['b']);
    expect(operations.changedSince(operations.revision())).toEqual([]);
  });

  test('leave out the descendants of a closed context, unless it asks for them', () => {
    const { operations, put } = store();
    put('open');
    put('a', 'open');
    put('closed', undefined, { Status: 'SUCCEEDED' });
    put('b', 'closed');
    put('c', 'b');
    put('asking', undefined, { Status: 'SUCCEEDED', ContextDetails: { ReplayChildren: true } });
    put('d', 'asking');
    expect(ids(operations.replayed())).toEqual(['open', 'a', 'closed', 'asking', 'd']);
  });

  test('come in pages of so many operations and bytes, and never in an empty one', () => {
    const all = ['a', 'b', 'c', 'd'].map((Id) => operation('STEP', 'STARTED', { Id }));
    const bytes = JSON.stringify(all[0]).length;
    const page = (marker: number, maxItems: number, maxBytes: number) => {
      const { operations, nextMarker } = pageOfOperations(all, { marker, maxItems, maxBytes });
      return [ids(operations), nextMarker];
    };
    expect(page(0, 3, 1e6)).toEqual([['a', 'b', 'c'], '3']);
    expect(page(3, 3, 1e6)).toEqual([['d'], undefined]);
    expect(page(0, 3, 2 * bytes)).toEqual([['a', 'b'], '2']);
    expect(page(1, 3, 1)).toEqual([['b'], '2']);
  });
});

test.each([
  ['{"Status":"SUCCEEDED","Result":"1"}', { kind: 'succeeded', result: '1' }],
  ['{"Status":"SUCCEEDED"}', { kind: 'succeeded', result: undefined }],
  ['{"Status":"PENDING"}', { kind: 'pending' }],
  ['{"Status":"FAILED","Error":{"ErrorMessage":"no"}}', { kind: 'failed', error: { ErrorMessage: 'no' } }],
  ['{"Status":"DONE"}', { kind: 'failed', error: { ErrorType: 'InvalidOutput' } }],
  ['null', { kind: 'failed', error: { ErrorType: 'InvalidOutput' } }],
])('a function that answers %s means %j', (payload, verdict) => {
  expect(readInvocationAnswer(payload)).toMatchObject(verdict);
});
