import type { ErrorObject, Event, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import type { DurableExecution } from './execution.ts';

type EventBody = Omit<Event, 'EventId' | 'EventTimestamp'>;

/** Adds an event to the execution's history. */
export function recordEvent(execution: DurableExecution, nowMs: number, body: EventBody): void {
  execution.history.push({ ...body, EventId: execution.history.length + 1, EventTimestamp: new Date(nowMs) });
}

const result = (payload: string | undefined) => ({ Result: { Payload: payload, Truncated: false } });
const failure = (error: ErrorObject | undefined) => ({ Error: { Payload: error, Truncated: false } });

/**
 * The event that an update of the function's own leaves in the history; undefined for one that leaves none. A poll's
 * attempt that asks for another is a StepSucceeded with the pause to the next, an attempt that threw a StepFailed.
 */
export function eventOfUpdate(update: OperationUpdate, after: Operation): EventBody | undefined {
  const { Type: type, Action: action, Payload: payload, Error: error } = update;
  const about = { Id: after.Id, Name: after.Name, ParentId: after.ParentId, SubType: after.SubType };
  const RetryDetails = {
    CurrentAttempt: after.StepDetails?.Attempt,
    NextAttemptDelaySeconds: update.StepOptions?.NextAttemptDelaySeconds,
  };
  switch (`${type} ${action}`) {
    case 'STEP START':
      return { ...about, EventType: 'StepStarted', StepStartedDetails: {} };
    case 'STEP SUCCEED':
      return { ...about, EventType: 'StepSucceeded', StepSucceededDetails: { ...result(payload), RetryDetails } };
    case 'STEP RETRY':
      return error === undefined
        ? { ...about, EventType: 'StepSucceeded', StepSucceededDetails: { ...result(payload), RetryDetails } }
        : { ...about, EventType: 'StepFailed', StepFailedDetails: { ...failure(error), RetryDetails } };
    case 'STEP FAIL':
      return { ...about, EventType: 'StepFailed', StepFailedDetails: { ...failure(error), RetryDetails } };
    case 'CONTEXT START':
      return { ...about, EventType: 'ContextStarted', ContextStartedDetails: {} };
    case 'CONTEXT SUCCEED':
      return { ...about, EventType: 'ContextSucceeded', ContextSucceededDetails: result(payload) };
    case 'CONTEXT FAIL':
      return { ...about, EventType: 'ContextFailed', ContextFailedDetails: failure(error) };
    case 'WAIT START':
      return {
        ...about,
        EventType: 'WaitStarted',
        WaitStartedDetails: {
          Duration: update.WaitOptions?.WaitSeconds,
          ScheduledEndTimestamp: after.WaitDetails?.ScheduledEndTimestamp,
        },
      };
    case 'WAIT CANCEL':
      return { ...about, EventType: 'WaitCancelled', WaitCancelledDetails: {} };
    case 'CALLBACK START':
      return {
        ...about,
        EventType: 'CallbackStarted',
        CallbackStartedDetails: {
          CallbackId: after.CallbackDetails?.CallbackId,
          Timeout: update.CallbackOptions?.TimeoutSeconds,
          HeartbeatTimeout: update.CallbackOptions?.HeartbeatTimeoutSeconds,
        },
      };
    case 'CHAINED_INVOKE START':
      return {
        ...about,
        EventType: 'ChainedInvokeStarted',
        ChainedInvokeStartedDetails: {
          FunctionName: update.ChainedInvokeOptions?.FunctionName,
          Input: { Payload: payload, Truncated: false },
        },
      };
    default:
      return undefined;
  }
}

/** The event of an operation that ended from outside: a timer, a callback, a chained function. */
export function eventOfSettlement(after: Operation): EventBody | undefined {
  const about = { Id: after.Id, Name: after.Name, ParentId: after.ParentId, SubType: after.SubType };
  const { CallbackDetails: callback, ChainedInvokeDetails: chained } = after;
  switch (`${after.Type} ${after.Status}`) {
    case 'WAIT SUCCEEDED':
      return { ...about, EventType: 'WaitSucceeded', WaitSucceededDetails: {} };
    case 'CALLBACK SUCCEEDED':
      return { ...about, EventType: 'CallbackSucceeded', CallbackSucceededDetails: result(callback?.Result) };
    case 'CALLBACK FAILED':
      return { ...about, EventType: 'CallbackFailed', CallbackFailedDetails: failure(callback?.Error) };
    case 'CALLBACK TIMED_OUT':
      return { ...about, EventType: 'CallbackTimedOut', CallbackTimedOutDetails: failure(callback?.Error) };
    case 'CHAINED_INVOKE SUCCEEDED':
      return { ...about, EventType: 'ChainedInvokeSucceeded', ChainedInvokeSucceededDetails: result(chained?.Result) };
    case 'CHAINED_INVOKE FAILED':
      return { ...about, EventType: 'ChainedInvokeFailed', ChainedInvokeFailedDetails: failure(chained?.Error) };
    case 'CHAINED_INVOKE TIMED_OUT':
      return { ...about, EventType: 'ChainedInvokeTimedOut', ChainedInvokeTimedOutDetails: failure(chained?.Error) };
    case 'CHAINED_INVOKE STOPPED':
      return { ...about, EventType: 'ChainedInvokeStopped', ChainedInvokeStoppedDetails: failure(chained?.Error) };
    default: // a step that is due again
      return undefined;
  }
}

/** The event of the execution's own end. */
export function eventOfEnd({ status, result: output, error, operations }: DurableExecution): EventBody {
  const [execution] = operations.all();
  const about = { Id: execution?.Id };
  switch (status) {
    case 'SUCCEEDED':
      return { ...about, EventType: 'ExecutionSucceeded', ExecutionSucceededDetails: result(output) };
    case 'FAILED':
      return { ...about, EventType: 'ExecutionFailed', ExecutionFailedDetails: failure(error) };
    case 'STOPPED':
      return { ...about, EventType: 'ExecutionStopped', ExecutionStoppedDetails: failure(error) };
    case 'TIMED_OUT':
      return { ...about, EventType: 'ExecutionTimedOut', ExecutionTimedOutDetails: failure(error) };
    case 'RUNNING':
      throw new Error('an execution that runs has no end');
    default:
      return status satisfies never;
  }
}

/** The same events without inputs, results and errors (IncludeExecutionData false). */
export function withoutData(events: readonly Event[]): Event[] {
  return events.map((event) => {
    const bare: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(event)) {
      if (typeof value !== 'object' || value === null || value instanceof Date) bare[name] = value;
      else {
        const rest = Object.entries(value).filter(([key]) => !['Input', 'Result', 'Error'].includes(key));
        bare[name] = Object.fromEntries(rest);
      }
    }
    return bare; // an Event of which only optional members are gone
  });
}
