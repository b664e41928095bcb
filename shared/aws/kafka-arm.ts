import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ClusterView, LookRequest } from '../core/cluster-view.ts';
import { DependencyError, readFailure } from '../core/errors.ts';
import { wordsOf } from '../core/words-of.ts';
import type { ReadInvocation } from '../kafka/read-invocation.ts';
import { decodeClusterView } from '../kafka/view/payload.ts';
import type { CallScope } from '../run/call-scope.ts';
import { redactText } from '../text/redaction.ts';
import { beginningOf } from '../text/utf8.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';

/** Lambda's own limit of a synchronous answer. */
const answerBytes = 6 * 1024 * 1024;

/**
 * A look lasts as long as it may: each invocation has a time limit of its own, below the client's. Ours ends by abort,
 * which the SDK does not repeat: it would look twice at a cluster that is slow already.
 */
export const createKafkaArmClient = (): LambdaClient =>
  createClient(LambdaClient, { requestMs: 120_000, maxAttempts: 2 });

/**
 * Has the function inside the VPC look at the cluster, and waits for what it saw.
 *
 * @param where its `bootstrapServers` come from the MSK API; `withinMs` is how long the look may take, once
 *   the function has started; `patienceMs` how long its answer is waited for, so that an arm that hangs leaves the caller time
 * @throws DependencyError `kafka/read` with the failure that the function told, `timed-out` where Lambda cut it off,
 *   `bad-answer` for an answer that is no view; brokers that do not answer are part of the view
 */
export async function fetchClusterView(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
  where: { readonly bootstrapServers: readonly string[]; readonly withinMs: number; readonly patienceMs: number },
  request: LookRequest,
): Promise<ClusterView> {
  const { bootstrapServers, withinMs, patienceMs } = where;
  const invocation: ReadInvocation = { version: 1, operation: 'look', bootstrapServers, request, withinMs };
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: 'RequestResponse',
    Payload: Buffer.from(JSON.stringify(invocation)),
  });
  const call = 'lambda:Invoke kafka/read';
  const answer = await callAws(calls, call, ({ abortSignal }) =>
    client.send(command, { abortSignal: AbortSignal.any([abortSignal, AbortSignal.timeout(patienceMs)]) }),
  );
  // The SDK gives null for an empty body, whatever its type says.
  const payload = parsePayload(answer.Payload ?? undefined);
  if (answer.FunctionError !== undefined) throw functionError(answer.FunctionError, payload);
  return decodeClusterView(payload);
}

function parsePayload(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) throw badAnswer('the answer is empty');
  if (bytes.length > answerBytes) throw badAnswer(`the answer has ${bytes.length} bytes, more than Lambda allows`);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw badAnswer('the answer is not JSON', cause);
  }
}

const badAnswer = (message: string, cause?: unknown): DependencyError =>
  new DependencyError('kafka/read', 'bad-answer', `bad answer: ${message}`, { cause });

const textAt = (payload: unknown, key: string): string => {
  const text: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, key) : undefined;
  return typeof text === 'string' ? text : '';
};

/** What Lambda hands over of an error: its type and message, no class and no cause. */
function functionError(kind: string, payload: unknown): DependencyError {
  const type = textAt(payload, 'errorType');
  const errorMessage = textAt(payload, 'errorMessage');
  const { failure, message } = (type === 'DependencyError' ? readFailure(errorMessage) : undefined) ?? {
    failure: isCutOff(type, errorMessage) ? 'timed-out' : 'failed',
    message: errorMessage,
  };
  const said = beginningOf(redactText(message), 2_000);
  return new DependencyError('kafka/read', failure, `${type || kind}: ${said || 'no message'}`);
}

/**
 * The function's time was over: by Lambda's type, or, where an older runtime gives none, by the words that its message ends
 * with. A function's error may quote them, and is no DependencyError then.
 */
const isCutOff = (type: string, message: string): boolean =>
  type === 'Sandbox.Timedout' || /(?:^| )task timed out after [\d ]+ seconds?$/.test(wordsOf(message).join(' '));
