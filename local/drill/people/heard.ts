import type { StandIn } from '../../aws/stand-in.ts';
import type { LogEntry, PagerDutyIncident } from '../../outside/pagerduty/incident.ts';
import type { Block } from '../../outside/slack/block-kit.ts';
import type { SlackMessage } from '../../outside/slack/workspace.ts';

/** What of an account people hear by. */
export type HeardBy = {
  readonly sns: Pick<StandIn['sns'], 'inbox'>;
  readonly outside: {
    readonly pagerDuty: Pick<StandIn['outside']['pagerDuty'], 'incidents'>;
    readonly slack: Pick<StandIn['outside']['slack'], 'messages'>;
  };
};

/**
 * One thing that people heard, or answered, as their own side shows it. `clockMs` is the world's clock.
 *
 * @property where the service, channel, number or address
 */
export type Heard = { readonly clockMs: number; readonly where: string } & (Paged | Posted | Texted | Mailed);

/**
 * @property what `called`: a telephone rang. `added`: written down beside it, and nobody was called
 * @property key by which PagerDuty joins events
 */
type Paged = {
  readonly by: 'pagerduty';
  readonly what: 'called' | 'called again' | 'added' | 'acknowledged' | 'resolved';
  readonly key: string;
  readonly urgency: 'high' | 'low';
  readonly text: string;
  /** Who did it: a person, or the service itself. */
  readonly who: string;
};
type Posted = {
  readonly by: 'slack';
  readonly ts: string;
  readonly threadTs?: string;
  readonly isBroadcast: boolean;
  readonly parts: readonly SlackPart[];
};
type Texted = { readonly by: 'sms'; readonly text: string; readonly partCount: number };
type Mailed = { readonly by: 'mail'; readonly subject: string; readonly text: string };

/** A block of Slack's as a reader sees it. */
export type SlackPart =
  | { readonly kind: 'header' | 'text'; readonly text: string }
  | { readonly fields: readonly string[] };

/** Everything that people of an account heard so far, oldest first. */
export const heardIn = ({ sns, outside }: HeardBy): readonly Heard[] =>
  [
    ...outside.pagerDuty.incidents().flatMap((one) => one.log.map((entry, index) => pagedOf(one, entry, index))),
    ...outside.slack.messages().map(postedOf),
    ...sns.inbox.flatMap(({ protocol, endpoint, atMs, subject, message, sms }): readonly Heard[] => {
      const told = { clockMs: atMs, where: endpoint };
      if (sms !== undefined) return [{ ...told, by: 'sms', text: sms.text, partCount: sms.partCount }];
      return protocol === 'email' ? [{ ...told, by: 'mail', subject: subject ?? '', text: message }] : [];
    }),
  ].toSorted((left, right) => left.clockMs - right.clockMs);

function pagedOf(incident: PagerDutyIncident, { what, by, event, atMs }: LogEntry, index: number): Heard {
  const { service, key, urgency, summary } = incident;
  const said = { trigger: index === 0 ? 'called' : 'added', acknowledge: 'acknowledged' } as const;
  const done = { ...said, unacknowledge: 'called again', resolve: 'resolved' } as const;
  return {
    clockMs: atMs,
    by: 'pagerduty',
    where: service.name,
    what: done[what],
    key,
    urgency,
    text: event?.payload.summary ?? summary,
    who: by.name,
  };
}

const postedOf = ({ channel, ts, threadTs, isBroadcast, text, blocks, atMs }: SlackMessage): Heard => ({
  clockMs: atMs,
  by: 'slack',
  where: channel,
  ts,
  ...(threadTs !== undefined && { threadTs }),
  isBroadcast,
  parts: blocks.length === 0 ? [{ kind: 'text', text: plain(text) }] : blocks.flatMap(partOf),
});

function partOf(block: Block): readonly SlackPart[] {
  switch (block.type) {
    case 'header':
      return [{ kind: 'header', text: plain(block.text.text) }];
    case 'section':
      return [
        ...(block.text === undefined ? [] : [{ kind: 'text' as const, text: plain(block.text.text) }]),
        ...(block.fields === undefined ? [] : [{ fields: block.fields.map(({ text }) => plain(text)) }]),
      ];
    default:
      // mskeeper's own messages have no others.
      return [];
  }
}

/** Slack's own three letters, as a reader sees them. */
const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Whether somebody's telephone rang, or showed a text. */
export const isRinging = (one: Heard): boolean =>
  one.by === 'sms' || (one.by === 'pagerduty' && (one.what === 'called' || one.what === 'called again'));

/** Everything that one message says, as its reader gets it. */
export function wordsOf(one: Heard): string {
  switch (one.by) {
    case 'slack':
      return one.parts.map((part) => ('fields' in part ? part.fields.join('\n') : part.text)).join('\n');
    case 'mail':
      return `${one.subject}\n${one.text}`;
    default:
      return one.text;
  }
}

/** What a row, or a reader in a hurry, is told: one line. */
export function firstLineOf(one: Heard): string {
  switch (one.by) {
    case 'pagerduty':
      return one.what === 'acknowledged' || one.what === 'resolved'
        ? `${one.what} by ${one.who}: ${one.text}`
        : `${one.what}: ${one.text}`;
    case 'slack': {
      const [first] = one.parts;
      return first === undefined ? '' : 'fields' in first ? first.fields.join(', ') : firstOf(first.text);
    }
    case 'sms':
      return one.text;
    case 'mail':
      return one.subject;
    default:
      return one satisfies never;
  }
}

const firstOf = (text: string): string => text.split('\n')[0] ?? '';
