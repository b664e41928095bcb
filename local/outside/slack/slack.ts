import { jsonAnswer, type OutsideAnswer, type OutsideHost, type OutsideRequest } from '../host.ts';
import { createHistory, createInfo, createReplies } from './conversations.ts';
import { argumentsOf, done, type Method, no, tooMany } from './method.ts';
import { createPostMessage } from './post-message.ts';
import {
  type Bot,
  type Channel,
  createWorkspace,
  newBotToken,
  type SlackMessage,
  type Workspace,
} from './workspace.ts';

/** One workspace of Slack, as its members set it up and read it. */
export type Slack = {
  /** Installs an app. @param scopes absent: it may post, and read what was said @returns its bot's token */
  addBot(scopes?: readonly string[]): string;
  /** From now on the token is nobody's. */
  revoke(token: string): void;
  /** Makes a channel, or changes one. Absent: public, not archived, with the bot in it. */
  setChannel(id: string, is?: Partial<Omit<Channel, 'id'>>): void;
  /** What stands there, in the order in which it came. @param channel absent: all of them */
  messages(channel?: string): readonly SlackMessage[];
  /** As a person deletes a message. @throws Error where there is none */
  remove(channel: string, ts: string): void;
};

const usualScopes = ['chat:write', 'channels:history', 'groups:history'] as const;

/** @returns Slack, and its hosts by name */
export function createSlack(): { readonly slack: Slack; readonly hosts: ReadonlyMap<string, OutsideHost> } {
  const workspace = createWorkspace();
  return {
    hosts: new Map([['slack.com', createHost(workspace)]]),
    slack: {
      addBot(scopes = usualScopes) {
        const token = newBotToken();
        const id = `U0BOT${String(workspace.bots.size + 1).padStart(6, '0')}`;
        workspace.bots.set(token, { token, id, scopes });
        return token;
      },
      revoke: (token) => void workspace.revoked.add(token),
      setChannel(id, is = {}) {
        const usual = { isPrivate: false, isBotIn: true, isArchived: false };
        workspace.channels.set(id, { ...usual, ...workspace.channels.get(id), ...is, id });
      },
      messages: (channel) => workspace.messages.filter((one) => channel === undefined || one.channel === channel),
      remove(channel, ts) {
        const index = workspace.messages.findIndex((one) => one.channel === channel && one.ts === ts);
        if (index < 0) throw new Error(`the channel ${channel} has no message ${ts}`);
        workspace.messages.splice(index, 1);
      },
    },
  };
}

function createHost(workspace: Workspace): OutsideHost {
  const methods: Readonly<Record<string, Method>> = {
    'chat.postMessage': createPostMessage(workspace),
    'conversations.history': createHistory(workspace),
    'conversations.replies': createReplies(workspace),
    'conversations.info': createInfo(workspace),
    'auth.test': {
      scopes: [],
      run: ({ bot: { id } }) =>
        done({
          url: 'https://example.slack.com/',
          team: 'example',
          user: 'mskeeper',
          team_id: 'T0EXAMPLE1',
          user_id: id,
          bot_id: id.replace(/^U/, 'B'),
        }),
    },
  };
  return {
    answer: (request) => callMethod(workspace, methods, request),
    refuse(refusal, afterSeconds) {
      switch (refusal) {
        case 'deny':
          return no('account_inactive');
        case 'throttle':
          return tooMany(afterSeconds);
        case 'server-error':
          return jsonAnswer(500, { ok: false, error: 'internal_error' }, { outcome: 'internal_error' });
        default:
          return refusal satisfies never;
      }
    },
  };
}

function callMethod(
  { bots, revoked }: Workspace,
  methods: Readonly<Record<string, Method>>,
  request: OutsideRequest,
): OutsideAnswer {
  const [, name = ''] = /^\/api\/([\w.]+)$/.exec(request.path) ?? [];
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return no('unknown_method', { req_method: name });
  const read = argumentsOf(request);
  if ('error' in read) return no(read.error);
  const { sent } = read;
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? sent.token;
  if (token === undefined) return no('not_authed');
  const bot = bots.get(String(token));
  if (bot === undefined) return no('invalid_auth');
  if (revoked.has(bot.token)) return no('token_revoked');
  const { scopes } = method;
  const isMissing = scopes.length > 0 && !scopes.some((scope) => bot.scopes.includes(scope));
  const answer = isMissing
    ? no('missing_scope', { needed: scopes.join(','), provided: bot.scopes.join(',') })
    : method.run({ sent, bot, atMs: request.atMs });
  return { ...answer, headers: { ...answer.headers, ...scopeHeaders(bot, scopes) } };
}

/** What every answer tells of the token that asked. Source: node-slack-sdk, `response_metadata.scopes` of a call's result. */
const scopeHeaders = (bot: Bot, accepted: readonly string[]) => ({
  'x-oauth-scopes': bot.scopes.join(','),
  ...(accepted.length > 0 && { 'x-accepted-oauth-scopes': accepted.join(',') }),
});
