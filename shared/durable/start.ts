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
import { DependencyError, readDone } from '../core/errors.ts';
import { ifThere } from '../core/known.ts';
import type { CallScope } from '../run/call-scope.ts';
import { jsonIn } from '../text/json.ts';
import { fitUtf8 } from '../text/utf8.ts';
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
  Error: ifReadable(z.object({ ErrorType: z.string(), ErrorMessage: z.string() })),
});

const executionCall = 'lambda:GetDurableExecution';

/**
 * Errors whose words are AWS's or ours. Of an event that was refused, and of a run that somebody stopped, they may be
 * anybody's: whoever starts runs or stops them would write what people read.
 */
const ownErrors: readonly string[] = [
  'ConfigError',
  'DependencyError',
  'CheckpointUnrecoverableExecutionError',
  'CheckpointUnrecoverableInvocationError',
];
const mostWhyBytes = 1_000;

const whyOf = ({ Status, Error: error }: z.infer<typeof oneExecution>): Pick<RunEnd, 'why' | 'doneAs'> => {
  if (Status !== 'FAILED' || error === undefined) return {};
  const { ErrorType: type, ErrorMessage: message } = error;
  const done = readDone(type, message);
  if (done !== undefined) return { why: fitUtf8(done.message, mostWhyBytes), doneAs: done.outcome };
  return ownErrors.includes(type) ? { why: fitUtf8(message, mostWhyBytes) } : {};
};

/** One execution, by Lambda's own word. @returns `result` undefined where it gave none that is JSON */
async function getExecution(client: LambdaClient, calls: CallScope, executionArn: string) {
  const command = new GetDurableExecutionCommand({ DurableExecutionArn: executionArn });
  const answer = await callAws(calls, executionCall, (options) => client.send(command, options));
  const seen = parseAnswer(executionCall, oneExecution, answer);
  const { Status: status, StartTimestamp, EndTimestamp, Result } = seen;
  const times = { startedAtMs: StartTimestamp, endedAtMs: EndTimestamp };
  const end: RunEnd = { status, ...present(times), ...whyOf(seen) };
  return { end, result: jsonIn(Result) };
}

/**
 * How one execution stands.
 *
 * @returns undefined where Lambda has no such execution
 * @throws DependencyError naming the call; `bad-answer` where it says nothing that is known
 */
export const fetchExecution = async (
  client: LambdaClient,
  calls: CallScope,
  executionArn: string,
): Promise<RunEnd | undefined> => (await ifThere(() => getExecution(client, calls, executionArn)))?.end;

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
  const newest = await fetchNewestOfEpisode(client, calls, functionName);
  if (newest?.executionArn === undefined) return undefined;
  const { executionName, executionArn } = newest;
  return { episode: episodeOfName(executionName), ...(await getExecution(client, calls, executionArn)) };
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
  const runs = await ifThere(() =>
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
  return (runs ?? []).map(({ DurableExecutionName, DurableExecutionArn }) => ({
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
  const newest = await fetchNewestOfEpisode(client, calls, functionName);
  return newest && { executionName: newest.executionName, isRunning: newest.status === 'RUNNING' };
}

/** The first of the list that an episode named. */
async function fetchNewestOfEpisode(client: LambdaClient, calls: CallScope, functionName: string) {
  for (const { DurableExecutionName, DurableExecutionArn, Status } of await listRuns(client, calls, functionName)) {
    if (DurableExecutionName === undefined || episodeOfName(DurableExecutionName) === 0) continue;
    return { executionName: DurableExecutionName, executionArn: DurableExecutionArn, status: Status };
  }
  return undefined;
}
