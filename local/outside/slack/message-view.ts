import type { SlackMessage } from './workspace.ts';

/** A message as Slack's answers show it. Metadata only where somebody asks for it. */
export function viewMessage(message: SlackMessage, all: readonly SlackMessage[], withMetadata: boolean): object {
  const { channel, ts, bot, text, blocks, threadTs, isBroadcast, metadata } = message;
  const answers = all.filter((one) => one.channel === channel && one.threadTs === ts);
  const latest = answers.at(-1);
  return {
    type: 'message',
    ...(isBroadcast && { subtype: 'thread_broadcast' }),
    user: bot,
    bot_id: bot.replace(/^U/, 'B'),
    ts,
    text,
    ...(blocks.length > 0 && { blocks }),
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(latest !== undefined && { thread_ts: ts, reply_count: answers.length, latest_reply: latest.ts }),
    ...(withMetadata && metadata !== undefined && { metadata }),
  };
}
