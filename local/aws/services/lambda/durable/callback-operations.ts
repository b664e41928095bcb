import type {
  SendDurableExecutionCallbackFailureCommandInput,
  SendDurableExecutionCallbackHeartbeatCommandInput,
  SendDurableExecutionCallbackSuccessCommandInput,
} from '@aws-sdk/client-lambda';
import type { OperationHandler } from '../../../service.ts';
import type { Activity } from './activity.ts';
import type { Callbacks } from './callbacks.ts';
import { refuseLargeCallback } from './limits.ts';
import type { DurableRunner } from './runner.ts';

type Answer = Readonly<Record<string, never>>;

/** Who has a callback's id and the permission on its execution ends what the execution waits for. */
export function callbackOperations(options: {
  readonly callbacks: Callbacks;
  readonly runner: DurableRunner;
  readonly activity: Activity;
}) {
  const { callbacks, runner, activity } = options;
  const onExecution =
    (action: string) =>
    ({ CallbackId: id = '' }: { CallbackId: string | undefined }) => [
      { action, resource: callbacks.executionArnOf(id) },
    ];

  const SendDurableExecutionCallbackSuccess: OperationHandler<SendDurableExecutionCallbackSuccessCommandInput, Answer> =
    {
      authorize: onExecution('lambda:SendDurableExecutionCallbackSuccess'),
      run({ CallbackId: id = '', Result: bytes }) {
        // The schema hands a blob over as bytes, whatever the client sent.
        const result = Buffer.from((bytes as Uint8Array | undefined) ?? []);
        refuseLargeCallback(result.length);
        const details = { Result: result.length === 0 ? undefined : result.toString() };
        activity.inBackground(runner.wake(callbacks.finish(id, { status: 'SUCCEEDED', details })));
        return {};
      },
    };

  const SendDurableExecutionCallbackFailure: OperationHandler<SendDurableExecutionCallbackFailureCommandInput, Answer> =
    {
      authorize: onExecution('lambda:SendDurableExecutionCallbackFailure'),
      run({ CallbackId: id = '', Error: error = {} }) {
        refuseLargeCallback(Buffer.byteLength(JSON.stringify(error)));
        activity.inBackground(runner.wake(callbacks.finish(id, { status: 'FAILED', details: { Error: error } })));
        return {};
      },
    };

  const SendDurableExecutionCallbackHeartbeat: OperationHandler<
    SendDurableExecutionCallbackHeartbeatCommandInput,
    Answer
  > = {
    authorize: onExecution('lambda:SendDurableExecutionCallbackHeartbeat'),
    run({ CallbackId: id = '' }) {
      callbacks.heartbeat(id);
      return {};
    },
  };

  return {
    SendDurableExecutionCallbackSuccess,
    SendDurableExecutionCallbackFailure,
    SendDurableExecutionCallbackHeartbeat,
  };
}
