import * as z from 'zod';
import { clockSkewMs } from '../../core/clocks.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { type SlackMessage, slackEventType } from '../channels/slack-message.ts';
import { type BaseOf, byName } from './hosts.ts';
import { askSlack, slackTs } from './slack-call.ts';

/** Whether a message stands there, as far as Slack says. */
export type SlackFound =
  | { readonly found: 'yes'; readonly ts: string }
  | { readonly found: 'no' }
  | { readonly found: 'unknown'; readonly why: string };

const pageSchema = z.object({
  messages: z.array(
    z.object({
      ts: slackTs,
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional()
        .catch(undefined),
    }),
  ),
  has_more: z.boolean().default(false),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});

const pageMessages = 100;
const mostPages = 5;

/**
 * Looks for a message that was sent, and of which nobody knows whether it came: by its id, in its thread or channel (scopes
 * `channels:history`, of private channels `groups:history`). A message of Slack's is another one whatever it says.
 *
 * @param sinceMs when it was first tried
 */
export async function findSlack(
  calls: CallScope,
  bot: { readonly botToken: string },
  message: Pick<SlackMessage, 'channel' | 'thread_ts' | 'metadata'>,
  sinceMs: number,
  baseOf: BaseOf = byName,
): Promise<SlackFound> {
  const method = message.thread_ts === undefined ? 'conversations.history' : 'conversations.replies';
  let cursor = '';
  for (let page = 0; page < mostPages; page += 1) {
    const query = queryOf(message, sinceMs, cursor);
    const answer = await askSlack(calls, method, bot, { method: 'GET', query }, baseOf);
    if (answer.result !== 'ok') return { found: 'unknown', why: answer.why };
    const said = pageSchema.safeParse(answer.said);
    if (!said.success) return { found: 'unknown', why: `Slack answered ${method} in another form` };
    const ours = said.data.messages.find(
      ({ metadata }) =>
        metadata?.event_type === slackEventType && metadata.event_payload.id === message.metadata.event_payload.id,
    );
    if (ours !== undefined) return { found: 'yes', ts: ours.ts };
    cursor = said.data.response_metadata?.next_cursor ?? '';
    if (!said.data.has_more && cursor === '') return { found: 'no' };
    if (cursor === '') break;
  }
  return { found: 'unknown', why: `more than ${mostPages * pageMessages} messages came there since` };
}

function queryOf(
  { channel, thread_ts }: Pick<SlackMessage, 'channel' | 'thread_ts'>,
  sinceMs: number,
  cursor: string,
): string {
  const oldest = ((sinceMs - clockSkewMs) / 1_000).toFixed(6);
  const query = new URLSearchParams({ channel, oldest, limit: `${pageMessages}`, include_all_metadata: 'true' });
  if (thread_ts !== undefined) query.set('ts', thread_ts);
  if (cursor !== '') query.set('cursor', cursor);
  return `?${query}`;
}
