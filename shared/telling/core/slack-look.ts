/**
 * What Slack says of one question.
 *
 * @property why a sentence for people; of a refusal with what to do
 * @property error Slack's own word: `token_revoked`
 * @property needed scopes that the token lacks, by name
 */
export type SlackSaid<Said> =
  | { readonly result: 'ok'; readonly said: Said }
  | { readonly result: 'refused'; readonly error: string; readonly needed?: string; readonly why: string }
  | { readonly result: 'unknown'; readonly why: string };

/** @property scopes of the bot; absent where Slack does not tell them */
export type SlackToken = { readonly scopes?: readonly string[] };

/** A channel as the bot sees it. */
export type SlackChannel = { readonly isMember: boolean; readonly isPrivate: boolean; readonly isArchived: boolean };

/** What a look at a bot and its channel found, without a word in it. @property channel absent where the token is refused */
export type SlackLook = { readonly token: SlackSaid<SlackToken>; readonly channel?: SlackSaid<SlackChannel> };
