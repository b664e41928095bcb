import * as z from 'zod';
import type { CallScope } from '../../run/call-scope.ts';
import { toJson } from '../../text/json.ts';
import { findSlackProblem, type SlackMessage } from '../channels/slack-message.ts';
import { type BaseOf, byName } from './hosts.ts';
import { type NotDelivered, notTaken, refused } from './outcome.ts';
import { askSlack, slackTs } from './slack-call.ts';

/** A try, and where it was taken the message's `ts`, by which its thread goes on. */
export type SlackTried = { readonly result: 'delivered'; readonly ts: string } | NotDelivered;

const postedSchema = z.object({ ts: slackTs });

/**
 * Posts one message as the app's bot (scope `chat:write`). Slack takes about one a second and channel. What is sent twice stands
 * there twice: after an outcome that nobody knows, look for it first (`findSlack`).
 */
export async function sendSlack(
  calls: CallScope,
  bot: { readonly botToken: string },
  message: SlackMessage,
  baseOf: BaseOf = byName,
): Promise<SlackTried> {
  const problem = findSlackProblem(message);
  if (problem !== undefined) return refused(`not sent to Slack: ${problem}`);
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: toJson(message),
  } as const;
  const answer = await askSlack(calls, 'chat.postMessage', bot, request, baseOf);
  if (answer.result !== 'ok') return answer;
  const posted = postedSchema.safeParse(answer.said);
  if (posted.success) return { result: 'delivered', ts: posted.data.ts };
  return notTaken('unknown', 'Slack took a message, and does not say which');
}
