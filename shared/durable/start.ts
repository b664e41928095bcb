import {
  GetDurableExecutionCommand,
  InvokeCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { fetchAllPages, ifReadable, parseAnswer, present, timeMs } from '../aws/answer.ts';
import { callAws } from '../aws/call.ts';
import { createClient } from '../aws/client.ts';
import { DependencyError } from '../core/errors.ts';
import { ask } from '../core/known.ts';
import type { CallScope } from '../run/call-scope.ts';
import { episodeOfName, type RunEnd, type RunStatus } from './episode.ts';

/** A client for durable functions of the function's own region, or of another for who runs elsewhere, with our time limits (shared/aws/client.ts). */
export const createDurableClient = (region?: string): LambdaClient =>
  createClient(LambdaClient, region === undefined ? {} : { region });

/** osls' alias of the newest version: an execution stays on the version that it was started on. */
const durableAlias = 'durable';

/**
 * Starts a run, asynchronously and under a name: the same name with the same payload joins the run that has it, also when
 * it has ended (Lambda guide, "Idempotency").
 *
 * @returns `taken` where the name belongs to a run with another payload
 * @throws DependencyError naming `lambda:Invoke`
 */
export async function startRun(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
  executionName: string,
  payload: string,
): Promise<'accepted' | 'taken'> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    Qualifier: durableAlias,
    InvocationType: 'Event',
    DurableExecutionName: executionName,
    Payload: Buffer.from(payload),
  });
  try {
    await callAws(calls, `lambda:Invoke ${functionName}`, (options) => client.send(command, options));
    return 'accepted';
  } catch (error) {
    if (isNameTaken(error)) return 'taken';
    throw error;
  }
}

const isNameTaken = (error: unknown): boolean =>
  error instanceof DependencyError && error.facts.errorName === 'DurableExecutionAlreadyStartedException';

const executionStatus = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'STOPPED']);

/** An execution of no name is nobody's; one in a state that is new to us neither runs nor has ended for all we know. */
const execution = z
  .object({
    DurableExecutionName: ifReadable(z.string().min(1)),
    DurableExecutionArn: ifReadable(z.string().min(1)),
    Status: ifReadable(executionStatus),
  })
  .catch({});

const executions = z.object({ DurableExecutions: z.array(execution).optional() });

const listCall = 'lambda:ListDurableExecutionsByFunction';

/** The newest executions of every version, or those of one name. A few are enough: one name has one execution. */
async function listRuns(client: LambdaClient, calls: CallScope, functionName: string, executionName?: string) {
  const command = new ListDurableExecutionsByFunctionCommand({
    FunctionName: functionName,
    MaxItems: 10,
    ...(executionName !== undefined && { DurableExecutionName: executionName }),
  });
  const answer = await callAws(calls, listCall, (options) => client.send(command, options));
  return parseAnswer(listCall, executions, answer).DurableExecutions ?? [];
}

/** The function that an execution is of, by its ARN. */
export const functionOfExecution = (executionArn: string): string => executionArn.split(':')[6] ?? '';

/** What Lambda knows of a run's name, whichever version it runs on. @throws DependencyError naming the call */
export async function fetchRunStatus(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
  executionName: string,
): Promise<RunStatus> {
  const runs = await listRuns(client, calls, functionName, executionName);
  const own = runs.filter((run) => run.DurableExecutionName === executionName);
  if (own.some((run) => run.Status === 'RUNNING')) return 'running';
  return own.some((run) => run.Status !== undefined) ? 'ended' : 'unknown';
}

const oneExecution = z.object({
  Status: executionStatus,
  StartTimestamp: ifReadable(timeMs),
  EndTimestamp: ifReadable(timeMs),
  Result: ifReadable(z.string()),
});

/**
 * How one execution stands, by Lambda's own word.
 *
 * @returns undefined where Lambda has no such execution
 * @throws DependencyError naming the call; `bad-answer` where it says nothing that is known
 */
export async function fetchExecution(
  client: LambdaClient,
  calls: CallScope,
  executionArn: string,
): Promise<RunEnd | undefined> {
  const call = 'lambda:GetDurableExecution';
  const command = new GetDurableExecutionCommand({ DurableExecutionArn: executionArn, IncludeExecutionData: false });
  try {
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    const { Status: status, StartTimestamp, EndTimestamp } = parseAnswer(call, oneExecution, answer);
    return { status, ...present({ startedAtMs: StartTimestamp, endedAtMs: EndTimestamp }) };
  } catch (error) {
    if (error instanceof DependencyError && error.failure === 'not-found') return undefined;
    throw error;
  }
}

/**
 * The newest run of an episode, with how it ended and what it gave back.
 *
 * @returns `result` undefined where it gave none, or none that is JSON
 * @throws DependencyError naming the call
 */
export async function fetchLastRun(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
): Promise<{ readonly episode: number; readonly end: RunEnd; readonly result: unknown } | undefined> {
  const runs = await listRuns(client, calls, functionName);
  const newest = runs.find(({ DurableExecutionName: name }) => name !== undefined && episodeOfName(name) > 0);
  const { DurableExecutionName: executionName = '', DurableExecutionArn: arn } = newest ?? {};
  if (newest === undefined || arn === undefined) return undefined;
  const call = 'lambda:GetDurableExecution';
  const command = new GetDurableExecutionCommand({ DurableExecutionArn: arn, IncludeExecutionData: true });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  const { Status: status, StartTimestamp, EndTimestamp, Result } = parseAnswer(call, oneExecution, answer);
  const end = { status, ...present({ startedAtMs: StartTimestamp, endedAtMs: EndTimestamp }) };
  return { episode: episodeOfName(executionName), end, result: parseJson(Result) };
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Every run under way, of whichever version; none where there is no such function.
 *
 * @throws DependencyError naming the call
 */
export async function fetchRunningRuns(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
): Promise<readonly { readonly executionName: string; readonly executionArn: string }[]> {
  const asked = await ask(() =>
    fetchAllPages(listCall, async (Marker) => {
      const command = new ListDurableExecutionsByFunctionCommand({
        FunctionName: functionName,
        Statuses: ['RUNNING'],
        Marker,
      });
      const page = await callAws(calls, listCall, (options) => client.send(command, options));
      return { items: parseAnswer(listCall, executions, page).DurableExecutions ?? [], nextToken: page.NextMarker };
    }),
  );
  if (!asked.isKnown) {
    if (asked.failure === 'not-found') return [];
    throw new DependencyError(asked.call, asked.failure, asked.why, { facts: asked.facts });
  }
  return asked.value.map(({ DurableExecutionName, DurableExecutionArn }) => ({
    executionName: DurableExecutionName ?? 'a run without a name',
    executionArn: DurableExecutionArn ?? '',
  }));
}

/**
 * The newest run of an episode, by name and state: one that a person started by hand has another name, or Lambda's own, and no
 * episode.
 *
 * @throws DependencyError naming the call
 */
export async function fetchNewestRun(
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
): Promise<{ readonly executionName: string; readonly isRunning: boolean } | undefined> {
  const runs = await listRuns(client, calls, functionName);
  for (const { DurableExecutionName: executionName, Status } of runs) {
    if (executionName === undefined || episodeOfName(executionName) === 0) continue;
    return { executionName, isRunning: Status === 'RUNNING' };
  }
  return undefined;
}
