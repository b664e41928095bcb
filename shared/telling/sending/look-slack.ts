import * as z from 'zod';
import type { CallScope } from '../../run/call-scope.ts';
import type { SlackChannel, SlackLook, SlackSaid } from '../core/slack-look.ts';
import { type BaseOf, byName } from './hosts.ts';
import { hearSlack, type SlackWord } from './slack-call.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' } as const;

/** Slack's own word is a fact; a call that failed is none. */
function refusalOf({
  tried,
  error,
  needed,
}: Extract<SlackWord, { readonly kind: 'no' }>): Exclude<SlackSaid<never>, { readonly result: 'ok' }> {
  return tried.result === 'refused' && error !== undefined
    ? { result: 'refused', error, ...(needed !== undefined && { needed }), why: tried.why }
    : { result: 'unknown', why: tried.why };
}

const channelSchema = z.object({
  channel: z.object({
    is_member: z.boolean(),
    is_private: z.boolean().default(false),
    is_archived: z.boolean().default(false),
  }),
});

/**
 * Whether Slack takes the bot's token (`auth.test`, which needs no scope), and how its channel stands (`conversations.info`, which
 * needs `channels:read`, of private ones `groups:read`), without a word in it.
 *
 * @param channel its id
 */
export async function lookAtSlack(
  calls: CallScope,
  bot: { readonly botToken: string },
  channel: string,
  baseOf: BaseOf = byName,
): Promise<SlackLook> {
  const token = await hearSlack(calls, 'auth.test', bot, { method: 'POST', headers: form, body: '' }, baseOf);
  if (token.kind === 'no') return { token: refusalOf(token) };
  const { scopes } = token;
  return {
    token: { result: 'ok', said: scopes === undefined ? {} : { scopes } },
    channel: await lookAtChannel(calls, bot, channel, baseOf),
  };
}

async function lookAtChannel(
  calls: CallScope,
  bot: { readonly botToken: string },
  channel: string,
  baseOf: BaseOf,
): Promise<SlackSaid<SlackChannel>> {
  const query = `?${new URLSearchParams({ channel })}`;
  const word = await hearSlack(calls, 'conversations.info', bot, { method: 'GET', query }, baseOf);
  if (word.kind === 'no') return refusalOf(word);
  const said = channelSchema.safeParse(word.said);
  if (!said.success) return { result: 'unknown', why: 'Slack answered conversations.info in another form' };
  const { is_member: isMember, is_private: isPrivate, is_archived: isArchived } = said.data.channel;
  return { result: 'ok', said: { isMember, isPrivate, isArchived } };
}
