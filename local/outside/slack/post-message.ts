import * as z from 'zod';
import { limitFrequency } from '../frequency.ts';
import type { OutsideAnswer } from '../host.ts';
import { type Block, readBlocks } from './block-kit.ts';
import { viewMessage } from './message-view.ts';
import { done, isYes, type Method, no, tooMany } from './method.ts';
import type { Channel, Workspace } from './workspace.ts';

/** Source: Slack's documentation, "Rate limits": about one message a second a channel. Bursts are granted, but not promised. */
const frequencyLimit = { most: 1, withinMs: 1_000 };
/** Slack's documentation, "Truncating really long messages"; here it is refused, so that nobody counts on the rest. */
const mostTextLetters = 40_000;

const metadata = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** `chat.postMessage`. Errors: Slack's reference of the method. */
export function createPostMessage(workspace: Workspace): Method {
  const askLimit = limitFrequency(frequencyLimit);
  return {
    scopes: ['chat:write'],
    run({ sent, bot, atMs }) {
      const channel = workspace.channels.get(String(sent.channel));
      const closed = refusalOf(channel);
      if (channel === undefined || closed !== undefined) return no(closed ?? 'channel_not_found');
      const blocks = sent.blocks === undefined ? { blocks: [] } : readBlocks(sent.blocks);
      if ('error' in blocks) return refusedBlocks(blocks.error, blocks.problems);
      const text = typeof sent.text === 'string' ? sent.text : '';
      if (text === '' && blocks.blocks.length === 0) return no('no_text');
      if (text.length > mostTextLetters) return no('msg_too_long');
      const told = sent.metadata === undefined ? undefined : metadata.safeParse(sent.metadata);
      if (told?.error !== undefined) return no('invalid_metadata_format');
      const { isOver, waitSeconds } = askLimit(channel.id, atMs);
      if (isOver) return tooMany(waitSeconds);
      const threadTs = rootOf(workspace, channel.id, sent.thread_ts);
      const posted = workspace.post({
        channel: channel.id,
        atMs,
        bot: bot.id,
        text: text === '' ? wordsOf(blocks.blocks) : text,
        blocks: blocks.blocks,
        isBroadcast: threadTs !== undefined && isYes(sent.reply_broadcast),
        ...(threadTs === undefined ? {} : { threadTs }),
        ...(told === undefined ? {} : { metadata: told.data }),
      });
      const message = viewMessage(posted, workspace.messages, true);
      return done({ channel: channel.id, ts: posted.ts, message });
    },
  };
}

/** A private channel is not even there for who is not in it. */
export function refusalOf(channel: Channel | undefined): string | undefined {
  if (channel === undefined || (channel.isPrivate && !channel.isBotIn)) return 'channel_not_found';
  if (channel.isArchived) return 'is_archived';
  return channel.isBotIn ? undefined : 'not_in_channel';
}

/**
 * The top of the thread that a message answers; an answer to an answer belongs to the same one. Where nobody knows the message,
 * Slack posts without a thread and says so only by the `thread_ts` that its answer lacks (slack-go #1571).
 */
function rootOf({ messages }: Workspace, channel: string, threadTs: unknown): string | undefined {
  const answered = messages.find((one) => one.channel === channel && one.ts === threadTs);
  return answered?.threadTs ?? answered?.ts;
}

const refusedBlocks = (error: string, problems: readonly string[]): OutsideAnswer =>
  no(error, { errors: problems, response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) } });

/** What Slack makes of blocks for readers that show none. */
const wordsOf = (blocks: readonly Block[]): string =>
  blocks.flatMap((block) => ('text' in block && block.text !== undefined ? [block.text.text] : [])).join(' ');
