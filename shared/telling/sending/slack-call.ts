import * as z from 'zod';
import type { CallScope } from '../../run/call-scope.ts';
import { jsonIn } from '../../text/json.ts';
import { type BaseOf, byName } from './hosts.ts';
import { askHttps, type HttpsRequest } from './https.ts';
import { hear, type NotDelivered, notTaken, refused } from './outcome.ts';
import { slackRefusalOf, slackThrottles, slackUnknowns } from './slack-refusals.ts';

/** A message's time and name in one. */
export const slackTs = z.string().regex(/^\d{1,12}\.\d{1,8}$/);
const answerSchema = z.union([
  z.looseObject({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string().regex(/^[a-z0-9_]{1,80}$/) }),
]);

/** What Slack said yes to, of a form that the caller knows, or what became of the call. */
export type SlackAnswer = { readonly result: 'ok'; readonly said: unknown } | NotDelivered;

/**
 * One method of Slack's Web API as the app's bot. Slack answers 200 to most of what it refuses, with the reason as a word.
 *
 * @param method `chat.postMessage`
 */
export async function askSlack(
  calls: CallScope,
  method: string,
  { botToken }: { readonly botToken: string },
  { query = '', headers, ...request }: Omit<HttpsRequest, 'url'> & { readonly query?: string },
  baseOf: BaseOf = byName,
): Promise<SlackAnswer> {
  const answer = await askHttps(calls, `slack:${method}`, {
    ...request,
    url: `${baseOf('slack.com')}/api/${method}${query}`,
    headers: { ...headers, authorization: `Bearer ${botToken}` },
  });
  const heard = hear('Slack', answer);
  if (!heard.isHeard) return heard.tried;
  const { status, text } = heard.heard;
  const said = answerSchema.safeParse(jsonIn(text));
  if (!said.success) return outcomeOfStatus(status);
  if (said.data.ok) return { result: 'ok', said: said.data };
  const { error } = said.data;
  const advice = slackRefusalOf(error);
  if (advice !== undefined) return refused(`Slack refuses it (${error}): ${advice}`);
  if (slackThrottles.includes(error)) return notTaken('failed', `Slack takes no more for now (${error})`, heard.heard);
  return notTaken(slackUnknowns.includes(error) ? 'unknown' : 'failed', `Slack answered ${error}`, heard.heard);
}

/** Without its own words: who broke may have taken it, who refuses has not. */
const outcomeOfStatus = (status: number): NotDelivered =>
  status >= 400 && status < 500
    ? notTaken('failed', `Slack answered ${status}`)
    : notTaken('unknown', `Slack answered ${status}, and nothing that can be read`);
