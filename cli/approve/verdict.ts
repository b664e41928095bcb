import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { ifReadable } from '../../shared/aws/answer.ts';
import { ask } from '../../shared/core/known.ts';
import { type ApprovalDocument, voidReasons } from '../../shared/durable/approval.ts';
import { whyVoid } from '../../shared/durable/void-answer.ts';
import { jsonIn } from '../../shared/text/json.ts';
import { fetchEvents, findRun, type RunEvent, type Runs } from './standing.ts';

/** What the run made of an answer that Lambda took: it counts, it counts for nothing, or nobody could see. */
export type Verdict =
  | { readonly verdict: 'counts' }
  | { readonly verdict: 'void'; readonly why: string }
  | { readonly verdict: 'unseen'; readonly why: string };

/** The run is invoked at once and asks STS; where that is away it tries for minutes. */
const usual = { longestMs: 30_000, pauseMs: 1_000 };

/**
 * Waits for the run's own word, which stands in its history as the value of the step that judges: an answer to a request that
 * was rewritten is taken by Lambda and by no run.
 */
export async function waitForVerdict(
  where: Runs,
  request: ApprovalDocument,
  { longestMs, pauseMs } = usual,
): Promise<Verdict> {
  const untilMs = Date.now() + longestMs;
  for (;;) {
    const seen = await ask(() => lookForVerdict(where, request));
    if (!seen.isKnown) return { verdict: 'unseen', why: seen.why };
    if (seen.value !== undefined) return seen.value;
    if (Date.now() >= untilMs) {
      const why = `${request.executionName} has not judged it within ${Math.round(longestMs / 1_000)} s`;
      return { verdict: 'unseen', why };
    }
    await pause(pauseMs);
  }
}

/** @returns undefined while the run judges */
async function lookForVerdict(where: Runs, request: ApprovalDocument): Promise<Verdict | undefined> {
  const { Status: status, DurableExecutionArn: arn } = await findRun(where, request);
  if (arn === undefined) return { verdict: 'unseen', why: `Lambda does not say which run ${request.executionName} is` };
  if (judgementIn(await fetchEvents(where, arn), request) === undefined) {
    if (status === 'RUNNING') return undefined;
    return {
      verdict: 'unseen',
      why: `${request.executionName} ended (${status ?? 'nobody knows how'}) without judging it`,
    };
  }
  // The values of a run's steps are read this once.
  const judged = judgementIn(await fetchEvents(where, arn, true), request);
  return judged && verdictOf(judged);
}

/** The end of the step that judges the answer to this request's callback; it is named after it (shared/durable/ask-person.ts). */
function judgementIn(events: readonly RunEvent[], { callbackId }: ApprovalDocument): RunEvent | undefined {
  const name = events.find(({ CallbackStartedDetails: details }) => details?.CallbackId === callbackId)?.Name;
  if (name === undefined) return undefined;
  return events.find((event) => event.Name === `answer ${name}` && isEnd(event));
}

const isEnd = ({ EventType: type, StepFailedDetails: failed }: RunEvent): boolean =>
  type === 'StepSucceeded' || (type === 'StepFailed' && failed?.RetryDetails?.NextAttemptDelaySeconds === undefined);

const outcome = z.union([
  z.object({ outcome: z.enum(['approved', 'refused']) }),
  z.object({
    outcome: z.literal('void'),
    because: z.enum(voidReasons),
    by: ifReadable(z.string()),
    detail: ifReadable(z.string()),
  }),
]);

function verdictOf({ EventType: type, StepSucceededDetails: details }: RunEvent): Verdict {
  if (type === 'StepFailed') return { verdict: 'void', why: 'STS could not be asked who gave it' };
  const parsed = outcome.safeParse(jsonIn(details?.Result.Payload));
  if (!parsed.success) return { verdict: 'unseen', why: 'its history says nothing that can be read of it' };
  if (parsed.data.outcome !== 'void') return { verdict: 'counts' };
  const { because, by, detail } = parsed.data;
  return { verdict: 'void', why: whyVoid({ because, ...(by && { by }), ...(detail && { detail }) }) };
}
