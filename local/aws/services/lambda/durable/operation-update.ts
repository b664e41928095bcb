import type { Operation, OperationStatus, OperationUpdate } from '@aws-sdk/client-lambda';
import { invalid } from './limits.ts';

/** What an operation's status will not leave again. */
const closedStatuses: ReadonlySet<OperationStatus | undefined> = new Set<OperationStatus>([
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'STOPPED',
]);

export const isClosed = ({ Status }: Pick<Operation, 'Status'>): boolean => closedStatuses.has(Status);

/**
 * One update applied to the operation that it names. Source: the SDK's own use of the API (2.4.0); the words of the
 * refusals are those of AWS's testing library.
 *
 * @param find the operation of an id, as it stands within this checkpoint
 * @returns the operation's new state
 * @throws AwsError InvalidParameterValueException for an update that the operation's status doesn't allow
 */
export function applyUpdate(
  update: OperationUpdate,
  find: (id: string) => Operation | undefined,
  options: { readonly nowMs: number; readonly newCallbackId: (operationId: string) => string },
): Operation {
  const { Id: id, ParentId: parentId, Type: type, Action: action } = update;
  if (!id) throw invalid('Operation update must have an Id.');
  if (parentId !== undefined && find(parentId)?.Type !== 'CONTEXT') throw invalid('Invalid parent operation id.');
  const known = find(id);
  if (known !== undefined && known.Type !== type) throw invalid('Operation type cannot change.');
  const now = new Date(options.nowMs);
  const later = (seconds: number) => new Date(options.nowMs + seconds * 1000);
  const allow = (...statuses: readonly OperationStatus[]): void => {
    if (known?.Status !== undefined && !statuses.includes(known.Status))
      throw invalid(`Invalid current ${type} state to ${String(action).toLowerCase()}.`);
  };
  const base: Operation = known ?? {
    Id: id,
    ParentId: parentId,
    Name: update.Name,
    Type: type,
    SubType: update.SubType,
    StartTimestamp: now,
    Status: 'STARTED',
  };
  const outcome = { Result: update.Payload, Error: update.Error };
  const attempt = (known?.StepDetails?.Attempt ?? 0) + 1;
  const closed = { Status: action === 'SUCCEED' ? 'SUCCEEDED' : 'FAILED', EndTimestamp: now } as const;
  const cancelled = { ...base, Status: 'CANCELLED', EndTimestamp: now } as const;

  switch (`${type} ${action}`) {
    case 'STEP START': // keeps Result: there a poll finds its last state
      allow('READY');
      return { ...base, Status: 'STARTED', StepDetails: { ...known?.StepDetails, NextAttemptTimestamp: undefined } };
    case 'STEP RETRY': {
      allow('STARTED', 'READY');
      const next = later(update.StepOptions?.NextAttemptDelaySeconds ?? 0);
      return { ...base, Status: 'PENDING', StepDetails: { ...outcome, Attempt: attempt, NextAttemptTimestamp: next } };
    }
    case 'STEP SUCCEED':
    case 'STEP FAIL':
      allow('STARTED', 'READY');
      return { ...base, ...closed, StepDetails: { ...outcome, Attempt: attempt } };
    case 'CONTEXT START':
      allow();
      return { ...base, ContextDetails: {} };
    case 'CONTEXT SUCCEED':
    case 'CONTEXT FAIL':
      allow('STARTED');
      return {
        ...base,
        ...closed,
        ContextDetails: { ...outcome, ReplayChildren: update.ContextOptions?.ReplayChildren },
      };
    case 'WAIT START': {
      allow();
      const seconds = update.WaitOptions?.WaitSeconds;
      if (seconds === undefined || seconds < 1) throw invalid('WaitSeconds must be at least 1.');
      return { ...base, WaitDetails: { ScheduledEndTimestamp: later(seconds) } };
    }
    case 'CALLBACK START':
      allow();
      return { ...base, CallbackDetails: { CallbackId: options.newCallbackId(id) } };
    case 'CHAINED_INVOKE START':
      allow();
      if (!update.ChainedInvokeOptions?.FunctionName) throw invalid('A chained invoke needs a function name.');
      return { ...base, ChainedInvokeDetails: {} };
    case 'WAIT CANCEL':
    case 'CALLBACK CANCEL':
    case 'CHAINED_INVOKE CANCEL':
      allow('STARTED');
      return cancelled;
    default:
      throw invalid('Invalid action for the given operation type.');
  }
}
