import {
  GetDurableExecutionHistoryCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { fetchAllPages, ifReadable, parseAnswer } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { type Answered, ask } from '../../shared/core/known.ts';
import { functionNameOf, type StackContext } from '../../shared/deployment/names.ts';
import type { ApprovalDocument } from '../../shared/durable/approval.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

export type Runs = { readonly client: LambdaClient; readonly calls: CallScope; readonly context: StackContext };

const text = ifReadable(z.string().min(1));
const runs = z.object({
  DurableExecutions: z.array(
    z.object({ DurableExecutionArn: text, DurableExecutionName: text, Status: text }).catch({}),
  ),
});
const event = z
  .object({
    Id: text,
    Name: text,
    EventType: text,
    CallbackStartedDetails: ifReadable(z.object({ CallbackId: z.string() })),
    StepSucceededDetails: ifReadable(z.object({ Result: z.object({ Payload: z.string() }) })),
    StepFailedDetails: ifReadable(
      z.object({ RetryDetails: ifReadable(z.object({ NextAttemptDelaySeconds: ifReadable(z.number()) })) }),
    ),
  })
  .catch({});
export type RunEvent = z.infer<typeof event>;
const page = z.object({
  Events: z.array(event),
  NextMarker: z.string().optional(),
});
const settled: readonly string[] = ['CallbackSucceeded', 'CallbackFailed', 'CallbackTimedOut'];

/**
 * Whether a request still waits for an answer, as Lambda knows it: its run goes on and its callback is open. The document
 * cannot tell, since who answers may not write it. `unknown` where Lambda may not be asked or does not know the run.
 */
export const fetchIsWaiting = (where: Runs, request: ApprovalDocument): Promise<Answered<boolean>> =>
  ask(async () => {
    const { Status: status, DurableExecutionArn: arn } = await findRun(where, request);
    if (status === undefined || arn === undefined) {
      throw new DependencyError(listCall, 'bad-answer', 'bad answer: a run without its state or its ARN');
    }
    return status === 'RUNNING' && (await isOpen(where, arn, request.callbackId));
  });

const listCall = 'lambda:ListDurableExecutionsByFunction';

/** @throws DependencyError `not-found` where Lambda knows no run of that name */
export const findRun = async ({ client, calls, context }: Runs, { procedure, executionName }: ApprovalDocument) => {
  const call = listCall;
  const slug = context.functions.find((one) => one.slug === procedure)?.starts ?? procedure;
  const command = new ListDurableExecutionsByFunctionCommand({
    FunctionName: functionNameOf(context, slug),
    DurableExecutionName: executionName,
    MaxItems: 10,
  });
  const answer = parseAnswer(call, runs, await callAws(calls, call, (options) => client.send(command, options)));
  const own = answer.DurableExecutions.filter((run) => run.DurableExecutionName === executionName);
  const found = own.find(({ Status: status }) => status === 'RUNNING') ?? own[0];
  if (found !== undefined) return found;
  throw new DependencyError(call, 'not-found', `Lambda knows no run ${executionName}`);
};

/** Newest first: the question is among the last things that a run did which waits. */
const isOpen = async (where: Runs, arn: string, callbackId: string): Promise<boolean> => {
  const events = await fetchEvents(where, arn);
  const asked = events.find(({ CallbackStartedDetails: details }) => details?.CallbackId === callbackId);
  if (asked === undefined) throw new DependencyError(historyCall, 'bad-answer', 'the run has no such callback');
  const isSettled = ({ EventType: type }: RunEvent) => type !== undefined && settled.includes(type);
  if (events.some((event) => event.Id === asked.Id && isSettled(event))) return false;
  // One that tells no type or not of what may be the answer.
  const isOdd = events.some((event) => event.EventType === undefined || (event.Id === undefined && isSettled(event)));
  if (isOdd) throw new DependencyError(historyCall, 'bad-answer', 'bad answer: an event without its type or its id');
  return true;
};

const historyCall = 'lambda:GetDurableExecutionHistory';

/** What a run did, newest first; without the values of its steps unless they are asked for. */
export const fetchEvents = ({ client, calls }: Runs, arn: string, hasData = false): Promise<readonly RunEvent[]> =>
  fetchAllPages(historyCall, async (Marker) => {
    const command = new GetDurableExecutionHistoryCommand({
      DurableExecutionArn: arn,
      IncludeExecutionData: hasData,
      ReverseOrder: true,
      MaxItems: 1000,
      Marker,
    });
    const answer = await callAws(calls, historyCall, (options) => client.send(command, options));
    const { Events: items, NextMarker: nextToken } = parseAnswer(historyCall, page, answer);
    return { items, nextToken };
  });
