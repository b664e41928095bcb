import type { Operation } from '@aws-sdk/client-lambda';
import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';

/** What an execution did and how it ended, without what may differ from run to run: ids, tokens, attempts, times of day. */
export type DurableTrace = {
  readonly status: string;
  readonly result: unknown;
  readonly error: string | undefined;
  /** By the SDK's own id, which is the operation's place in the code. */
  readonly operations: Readonly<Record<string, unknown>>;
};

const jsonOf = (payload: string | undefined): unknown => {
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(payload);
  } catch {
    return payload; // a callback's result is whatever was sent
  }
};

/** @param mask texts that the world draws anew in each run */
export const traceOf = (execution: DurableExecution, mask?: RegExp): DurableTrace => ({
  status: execution.status,
  result: maskDrawn(jsonOf(execution.result), mask),
  error: execution.error && `${execution.error.ErrorType}: ${execution.error.ErrorMessage}`,
  operations: Object.fromEntries(
    execution.operations
      .all()
      .filter(({ Type }) => Type !== 'EXECUTION')
      .map((operation) => [
        `${operation.Id} (${operation.Name ?? operation.Type})`,
        maskDrawn(contentOf(operation, execution), mask),
      ]),
  ),
});

/** The value without what the world draws anew in each run. */
export function maskDrawn<Value>(value: Value, mask: RegExp | undefined): Value {
  if (mask === undefined || value === undefined) return value;
  return JSON.parse(JSON.stringify(value).replaceAll(new RegExp(mask, 'g'), '<drawn>'));
}

function contentOf(operation: Operation, { history }: DurableExecution): unknown {
  const { Id, Type, SubType, Name, ParentId, Status } = operation;
  const details =
    operation.StepDetails ?? operation.ContextDetails ?? operation.CallbackDetails ?? operation.ChainedInvokeDetails;
  const started = history.find((event) => event.Id === Id && event.EventType?.endsWith('Started'));
  return {
    type: Type,
    subType: SubType,
    name: Name,
    parent: ParentId,
    status: Status,
    result: jsonOf(details?.Result),
    error: details?.Error && `${details.Error.ErrorType}: ${details.Error.ErrorMessage}`,
    waitSeconds: started?.WaitStartedDetails?.Duration,
    callbackTimeoutSeconds: started?.CallbackStartedDetails?.Timeout,
    invoked: started?.ChainedInvokeStartedDetails?.FunctionName,
    input: jsonOf(started?.ChainedInvokeStartedDetails?.Input?.Payload),
  };
}

/** A UUID of the world's making; one that was drawn between steps begins with zeros, and counts. */
const uuid = '(?!00000000-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z`;
const movable = new RegExp(`(${instant}|${uuid})`);

/**
 * Where two JSON values differ, a line each; instants within `toleranceMs` of one another and the world's own UUIDs are
 * the same. Durations in between are real: a process takes as long as it takes.
 */
export function differences(left: unknown, right: unknown, toleranceMs: number, path = ''): readonly string[] {
  const here = () => [`${path}: ${show(left)} ≠ ${show(right)}`];
  if (Object.is(left, right)) return [];
  if (typeof left === 'number' && typeof right === 'number')
    return isSameInstant(left, right, toleranceMs) ? [] : here();
  if (typeof left === 'string' && typeof right === 'string') return isSameText(left, right, toleranceMs) ? [] : here();
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return here();
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(left, key), Reflect.get(right, key), toleranceMs, path === '' ? key : `${path}.${key}`),
  );
}

/** Numbers from 2001 on as milliseconds or seconds of the epoch. */
function isSameInstant(left: number, right: number, toleranceMs: number): boolean {
  const smallest = Math.min(left, right);
  if (smallest >= 1e12) return Math.abs(left - right) <= toleranceMs;
  return smallest >= 1e9 && Math.abs(left - right) <= toleranceMs / 1000;
}

function isSameText(left: string, right: string, toleranceMs: number): boolean {
  const [ours, theirs] = [left.split(movable), right.split(movable)];
  return (
    ours.length === theirs.length &&
    ours.every((part, index) => {
      const other = theirs[index] ?? '';
      if (part === other) return true;
      if (index % 2 === 0) return false;
      const [leftMs, rightMs] = [Date.parse(part), Date.parse(other)];
      if (Number.isNaN(leftMs) || Number.isNaN(rightMs)) return Number.isNaN(leftMs) && Number.isNaN(rightMs);
      return Math.abs(leftMs - rightMs) <= toleranceMs;
    })
  );
}

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};
