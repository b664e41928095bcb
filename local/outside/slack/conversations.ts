import * as z from 'zod';
import { limitFrequency } from '../frequency.ts';
import type { OutsideAnswer } from '../host.ts';
import { viewMessage } from './message-view.ts';
import { done, isYes, type Method, type MethodCall, no, tooMany } from './method.ts';
import { refusalOf } from './post-message.ts';
import { microsOf, type SlackMessage, type Workspace } from './workspace.ts';

/** Tier 3 of "Rate limits": 50 a minute and more, a method. */
const frequencyLimit = { most: 50, withinMs: 60_000 };
const scopes = ['channels:history', 'groups:history'] as const;

const page = z.object({
  limit: z.coerce.number().int().min(1).max(999).default(100),
  cursor: z.string().optional(),
  oldest: z.string().default('0'),
  latest: z.string().optional(),
});

/** `conversations.history`: the top of a channel, newest first, with the answers that were shown there as well. */
export const createHistory = (workspace: Workspace): Method =>
  createReading(workspace, ({ messages }, channel) =>
    messages.filter((one) => one.channel === channel && (one.threadTs === undefined || one.isBroadcast)).toReversed(),
  );

/** `conversations.replies`: a thread from its top, oldest first. */
export const createReplies = (workspace: Workspace): Method =>
  createReading(workspace, ({ messages }, channel, { sent }) => {
    const asked = messages.find((one) => one.channel === channel && one.ts === sent.ts);
    const root = asked?.threadTs ?? asked?.ts;
    const thread = messages.filter((one) => one.channel === channel && (one.ts === root || one.threadTs === root));
    return asked === undefined ? 'thread_not_found' : thread;
  });

type Choose = (workspace: Workspace, channel: string, call: MethodCall) => readonly SlackMessage[] | string;

function createReading(workspace: Workspace, choose: Choose): Method {
  const askLimit = limitFrequency(frequencyLimit);
  return {
    scopes,
    run(call) {
      const { isOver, waitSeconds } = askLimit(call.bot.id, call.atMs);
      if (isOver) return tooMany(waitSeconds);
      const channel = workspace.channels.get(String(call.sent.channel));
      const refusal = refusalOf(channel);
      // What was said in an archived channel is there to be read.
      if (channel === undefined || (refusal !== undefined && refusal !== 'is_archived'))
        return no(refusal ?? 'channel_not_found');
      const chosen = choose(workspace, channel.id, call);
      return typeof chosen === 'string' ? no(chosen) : answerPage(chosen, workspace, call.sent);
    },
  };
}

function answerPage(chosen: readonly SlackMessage[], { messages }: Workspace, sent: MethodCall['sent']): OutsideAnswer {
  const { data, error } = page.safeParse(sent);
  if (error !== undefined) return no('invalid_arguments');
  const isIn = ({ ts }: SlackMessage): boolean => {
    const micros = microsOf(ts);
    const [oldest, latest] = [microsOf(data.oldest), microsOf(data.latest ?? 'Infinity')];
    return (micros > oldest && micros < latest) || (isYes(sent.inclusive) && (micros === oldest || micros === latest));
  };
  const within = chosen.filter(isIn);
  // A cursor is the `ts` of the first message of the page after.
  const from = data.cursor === undefined ? 0 : within.findIndex(({ ts }) => ts === data.cursor);
  if (from < 0) return no('invalid_cursor');
  const shown = within.slice(from, from + data.limit);
  const next = within[from + data.limit];
  return done({
    messages: shown.map((one) => viewMessage(one, messages, isYes(sent.include_all_metadata))),
    has_more: next !== undefined,
    response_metadata: { next_cursor: next?.ts ?? '' },
  });
}

const readingScopes = { public: 'channels:read', private: 'groups:read' } as const;

/**
 * `conversations.info`: a channel as the bot sees it. Who may not see that kind of channel is told which scope he lacks; a private one
 * is hidden from who is not in it. Sources: Slack's reference, "conversations.info" and "Conversation object".
 */
export const createInfo = ({ channels }: Workspace): Method => ({
  scopes: Object.values(readingScopes),
  run({ sent, bot }) {
    const channel = channels.get(String(sent.channel));
    if (channel === undefined) return no('channel_not_found');
    const { id, isPrivate, isArchived, isBotIn } = channel;
    const needed = readingScopes[isPrivate ? 'private' : 'public'];
    if (!bot.scopes.includes(needed)) return no('missing_scope', { needed, provided: bot.scopes.join(',') });
    if (isPrivate && !isBotIn) return no('channel_not_found');
    const kind = { is_channel: !isPrivate, is_group: isPrivate, is_im: false, is_mpim: false };
    return done({
      channel: {
        id,
        name: id.toLowerCase(),
        ...kind,
        is_private: isPrivate,
        is_archived: isArchived,
        is_member: isBotIn,
      },
    });
  },
});
