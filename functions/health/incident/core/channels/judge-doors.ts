import type { DependencyFailure } from '../../../../../shared/core/errors.ts';
import type { Answered } from '../../../../../shared/core/known.ts';
import type { SlackChannel, SlackSaid, SlackToken } from '../../../../../shared/telling/core/slack-look.ts';
import type { PagerFound, SlackFound } from './found.ts';
import { deaf, good, type Judgement, lame, unknown, worstOf } from './judged.ts';

const facts: readonly DependencyFailure[] = ['not-found', 'denied', 'bad-answer'];

/**
 * What a message to this endpoint would find, too, by the same role: a secret that is not there, is denied or does not parse. What
 * did not answer in time may answer the next one.
 */
function judgeSecret(endpoint: string, secret: Answered<unknown>): Judgement | undefined {
  if (secret.isKnown) return undefined;
  // Of a secret that is to be deleted Secrets Manager says that the request is invalid.
  const isFact = facts.includes(secret.failure) || secret.facts.errorName === 'InvalidRequestException';
  return isFact
    ? deaf(
        'secret-unreadable',
        `${endpoint} cannot be sent anything: what is kept for it cannot be read. ${secret.why}`,
      )
    : unknown(`what is kept for ${endpoint} was not read: ${secret.why}`);
}

/** Events API v2 takes an event for later, and a look sends none: a key that was never used is known by nobody. */
const routingKeyNote = 'its routing key is proven by a message alone';

/** A wrong app is refused while it signs in, with another status than a wrong key. */
const isRefused = ({ call, failure, facts }: Extract<Answered<unknown>, { readonly isKnown: false }>): boolean =>
  failure === 'authentication-failed' ||
  failure === 'denied' ||
  (call === 'pagerduty:oauth-token' && facts.httpStatus === 400);

/** A pager: what is kept for it, and what reads its incidents. */
export function judgePager(endpoint: string, { secret, rest }: PagerFound): Judgement {
  const unread = judgeSecret(endpoint, secret);
  if (unread !== undefined || rest === undefined || rest.isKnown) return unread ?? good(routingKeyNote);
  return isRefused(rest)
    ? lame(
        'token-refused',
        `Whether somebody answered in ${endpoint} cannot be read, so that the ladder goes on whoever acknowledged there. ${rest.why}`,
      )
    : unknown(`whether incidents of ${endpoint} can be read is not known: ${rest.why}`);
}

/** A bot and its channel, as far as the bot's scopes let it see. */
export function judgeSlack(endpoint: string, { secret, look }: SlackFound): Judgement {
  const unread = judgeSecret(endpoint, secret);
  if (unread !== undefined) return unread;
  if (look === undefined) return unknown(`${endpoint} was not looked at`);
  const { token, channel } = look;
  if (token.result === 'unknown')
    return unknown(`whether Slack takes the token of ${endpoint} is not known: ${token.why}`);
  if (token.result === 'refused') return deaf('token-refused', `${endpoint} cannot be written to: ${token.why}`);
  return worstOf([judgeScopes(endpoint, token.said), judgeChannel(endpoint, token.said, channel)]);
}

const historyScopes = ['channels:history', 'groups:history'];

function judgeScopes(endpoint: string, { scopes }: SlackToken): Judgement {
  if (scopes === undefined) return good();
  if (!scopes.includes('chat:write')) {
    const message = `${endpoint} cannot be written to: its bot token lacks the scope chat:write. Give it to the app, and install the app again.`;
    return deaf('scope-missing', message);
  }
  if (historyScopes.some((one) => scopes.includes(one))) return good();
  return good(
    'a message of which nobody knows whether it arrived is looked for with the scope channels:history, of private channels groups:history',
  );
}

/** What the bot cannot see of its channel its messages find out: that one is not taken is a fault by itself. */
function judgeChannel(
  endpoint: string,
  { scopes = [] }: SlackToken,
  channel: SlackSaid<SlackChannel> | undefined,
): Judgement {
  const unseen = (needed: string): Judgement =>
    good(`its channel is proven by a message alone, or with the scope ${needed}`);
  if (channel === undefined) return unseen('channels:read');
  switch (channel.result) {
    case 'ok':
      return judgeSeen(endpoint, scopes, channel.said);
    case 'unknown':
      return unknown(`whether the channel of ${endpoint} can be written to is not known: ${channel.why}`);
    case 'refused':
      if (channel.error === 'missing_scope') return unseen(channel.needed ?? 'channels:read, groups:read');
      // A private one is hidden from who may not see private ones.
      if (channel.error === 'channel_not_found' && !scopes.includes('groups:read')) return unseen('groups:read');
      return deaf('channel-closed', `${endpoint} cannot be written to: ${channel.why}`);
    default:
      return channel satisfies never;
  }
}

function judgeSeen(endpoint: string, scopes: readonly string[], channel: SlackChannel): Judgement {
  if (channel.isArchived) {
    return deaf(
      'channel-closed',
      `${endpoint} cannot be written to: its channel is archived. Name another one in mskeeper.yml.`,
    );
  }
  const mayWrite = channel.isMember || (!channel.isPrivate && scopes.includes('chat:write.public'));
  return mayWrite
    ? good()
    : deaf('channel-closed', `${endpoint} cannot be written to: the app is not in its channel. Invite it there.`);
}
