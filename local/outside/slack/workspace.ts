import { randomBytes } from 'node:crypto';
import type { Block } from './block-kit.ts';

type Metadata = { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> };

/**
 * A message as it stands in a channel.
 *
 * @property ts its id, and its place in the order: world's seconds and six digits
 * @property threadTs of the message that it answers; absent at the top of the channel
 * @property isBroadcast an answer that the channel shows as well
 */
export type SlackMessage = {
  readonly channel: string;
  readonly ts: string;
  readonly atMs: number;
  readonly bot: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs?: string;
  readonly isBroadcast: boolean;
  readonly metadata?: Metadata;
};

export type Channel = {
  readonly id: string;
  readonly isPrivate: boolean;
  readonly isBotIn: boolean;
  readonly isArchived: boolean;
};

export type Bot = { readonly token: string; readonly id: string; readonly scopes: readonly string[] };

/** Bots, channels and what was said in them. */
export type Workspace = {
  readonly bots: Map<string, Bot>;
  readonly revoked: Set<string>;
  readonly channels: Map<string, Channel>;
  /** In the order of their `ts`. */
  readonly messages: SlackMessage[];
  /** Posts a message, and gives it the next `ts`. */
  post(message: Omit<SlackMessage, 'ts'>): SlackMessage;
};

export const newBotToken = (): string => `xoxb-${randomBytes(18).toString('hex')}`;

/** A `ts` in microseconds. */
export const microsOf = (ts: string): number => Math.round(Number(ts) * 1_000_000);

export function createWorkspace(): Workspace {
  const messages: SlackMessage[] = [];
  let lastMicros = 0;
  return {
    bots: new Map(),
    revoked: new Set(),
    channels: new Map(),
    messages,
    post(message) {
      // No two messages share one, though the clock stands still.
      lastMicros = Math.max(lastMicros + 1, Math.round(message.atMs) * 1000);
      const ts = `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
      const posted = { ...message, ts };
      messages.push(posted);
      return posted;
    },
  };
}
