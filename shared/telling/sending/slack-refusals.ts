/**
 * Errors of Slack that no later try heals, each with what a person does about it (Slack API, chat.postMessage, "Errors").
 */
const adviceByError: Readonly<Record<string, string>> = {
  invalid_auth: 'the bot token is not valid: put a new one into the secret',
  not_authed: 'the bot token is missing: put it into the secret as {"botToken": "xoxb-…"}',
  account_inactive: 'the bot was removed from the workspace: install the app again, and put its token into the secret',
  token_revoked: 'the bot token is not valid any more: install the app again, and put its token into the secret',
  token_expired:
    'the bot token has expired: switch token rotation off for the app, and put a new token into the secret',
  no_permission: 'the bot may not write there: invite the app to the channel',
  missing_scope: 'the bot token lacks a scope: give the app chat:write, and channels:history or groups:history',
  not_allowed_token_type: 'the token is no bot token: put the one that begins with xoxb- into the secret',
  access_denied: 'the workspace does not let the app in: ask its administrators',
  ekm_access_denied: 'administrators have suspended posting: ask them',
  team_access_not_granted: 'the app was not granted this workspace: install it there',
  enterprise_is_restricted: 'the token is of an organisation: put one of the workspace into the secret',
  org_login_required: 'the workspace moves into an organisation: wait for it, and put a new token into the secret',
  two_factor_setup_required: 'the workspace wants two factors: set them up for who installed the app',
  channel_not_found:
    'there is no such channel for the bot: write its id (C…) into mskeeper.yml, and invite the app to it',
  not_in_channel: 'the app is not in the channel: invite the app to the channel',
  is_archived: 'the channel is archived: name another one in mskeeper.yml',
  restricted_action: 'the workspace does not let apps write there: ask its administrators',
  restricted_action_read_only_channel: 'the channel is read-only: name another one, or let the app write',
  restricted_action_thread_only_channel: 'the channel takes threads only: name another one in mskeeper.yml',
  restricted_action_non_threadable_channel: 'the channel takes no threads: name another one in mskeeper.yml',
  restricted_action_thread_locked: 'the thread is locked: unlock it, or look there by hand',
  messages_tab_disabled: 'the app takes no messages: name a channel in mskeeper.yml',
  cannot_reply_to_message: 'the message of the thread takes no replies',
  thread_not_found: 'the message of the thread is gone',
  msg_too_long: 'the message is too long, which is a mistake of mskeeper',
  no_text: 'the message has no text, which is a mistake of mskeeper',
  invalid_blocks: 'the message has blocks of another form, which is a mistake of mskeeper',
  invalid_blocks_format: 'the message has blocks of another form, which is a mistake of mskeeper',
  invalid_arguments: 'the call has arguments of another form, which is a mistake of mskeeper',
  invalid_metadata_format: 'the message has metadata of another form, which is a mistake of mskeeper',
  invalid_metadata_schema: 'the message has metadata of another form, which is a mistake of mskeeper',
  metadata_too_large: 'the message has too much metadata, which is a mistake of mskeeper',
  method_deprecated: 'Slack has withdrawn the method: look for a newer mskeeper',
  deprecated_endpoint: 'Slack has withdrawn the method: look for a newer mskeeper',
};

/** What to do about an error that stays; undefined for one that may heal. */
export const slackRefusalOf = (error: string): string | undefined =>
  Object.hasOwn(adviceByError, error) ? adviceByError[error] : undefined;

/** Slack has too many messages. */
export const slackThrottles: readonly string[] = ['ratelimited', 'rate_limited', 'message_limit_exceeded'];

/** "It's possible some aspect of the operation succeeded before the error was raised." */
export const slackUnknowns: readonly string[] = ['fatal_error', 'internal_error'];
