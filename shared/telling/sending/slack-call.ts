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
  z.object({
    ok: z.literal(false),
    error: z.string().regex(/^[a-z0-9_]{1,80}$/),
    needed: z
      .string()
      .regex(/^[a-z0-9:._, -]{1,200}$/)
      .optional()
      .catch(undefined),
  }),
]);

/** What Slack said yes to, of a form that the caller knows, or what became of the call. */
export type SlackAnswer = { readonly result: 'ok'; readonly said: unknown } | NotDelivered;

type SlackRequest = Omit<HttpsRequest, 'url'> & { readonly query?: string };

/**
 * The same with Slack's own words.
 *
 * @property scopes of the bot, where Slack tells them
 * @property error Slack's word for why not; absent where it said none. @property needed the scopes that the bot lacks for it
 */
export type SlackWord =
  | { readonly kind: 'yes'; readonly said: unknown; readonly scopes?: readonly string[] }
  | { readonly kind: 'no'; readonly tried: NotDelivered; readonly error?: string; readonly needed?: string };

/**
 * One method of Slack's Web API as the app's bot. Slack answers 200 to most of what it refuses, with the reason as a word.
 *
 * @param method `chat.postMessage`
 */
export async function askSlack(
  calls: CallScope,
  method: string,
  bot: { readonly botToken: string },
  request: SlackRequest,
  baseOf: BaseOf = byName,
): Promise<SlackAnswer> {
  const word = await hearSlack(calls, method, bot, request, baseOf);
  return word.kind === 'yes' ? { result: 'ok', said: word.said } : word.tried;
}

/** One method, for who needs to know by which word it was refused. @param method `auth.test` */
export async function hearSlack(
  calls: CallScope,
  method: string,
  { botToken }: { readonly botToken: string },
  { query = '', headers, ...request }: SlackRequest,
  baseOf: BaseOf = byName,
): Promise<SlackWord> {
  const answer = await askHttps(calls, `slack:${method}`, {
    ...request,
    url: `${baseOf('slack.com')}/api/${method}${query}`,
    headers: { ...headers, authorization: `Bearer ${botToken}` },
  });
  const heard = hear('Slack', answer);
  if (!heard.isHeard) return { kind: 'no', tried: heard.tried };
  const { status, text, scopes } = heard.heard;
  const said = answerSchema.safeParse(jsonIn(text));
  if (!said.success) return { kind: 'no', tried: outcomeOfStatus(status) };
  if (said.data.ok) return { kind: 'yes', said: said.data, ...(scopes !== undefined && { scopes }) };
  const { error, needed } = said.data;
  return { kind: 'no', tried: outcomeOf(error, needed, heard.heard), error, ...(needed !== undefined && { needed }) };
}

function outcomeOf(error: string, needed: string | undefined, heard: { readonly afterMs?: number }): NotDelivered {
  const advice = slackRefusalOf(error);
  const missing = error === 'missing_scope' && needed !== undefined ? `: ${needed}` : '';
  if (advice !== undefined) return refused(`Slack refuses it (${error}${missing}): ${advice}`);
  if (slackThrottles.includes(error)) return notTaken('failed', `Slack takes no more for now (${error})`, heard);
  return notTaken(slackUnknowns.includes(error) ? 'unknown' : 'failed', `Slack answered ${error}`, heard);
}

/** Without its own words: who broke may have taken it, who refuses has not. */
const outcomeOfStatus = (status: number): NotDelivered =>
  status >= 400 && status < 500
    ? notTaken('failed', `Slack answered ${status}`)
    : notTaken('unknown', `Slack answered ${status}, and nothing that can be read`);
