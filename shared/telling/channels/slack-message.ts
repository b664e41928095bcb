import { fitEscaped } from '../../text/cluster-text.ts';
import { toJson } from '../../text/json.ts';
import { utf8Bytes } from '../../text/utf8.ts';
import type { Page } from '../core/page.ts';
import { type Said, type Some, sayPage } from './said.ts';
import { circumstancesOf, factLine, fitSome, headlineOf, helpOf, type Labelled, labelledLine } from './said-lines.ts';
import { uniqueKeyOf } from './unique-key.ts';

type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] };

/** What Slack's chat.postMessage is sent, in its own words. Nothing in it is parsed for names, links or marks. */
export type SlackMessage = {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata: {
    readonly event_type: typeof slackEventType;
    readonly event_payload: { readonly id: string };
  };
  readonly thread_ts?: string;
  readonly reply_broadcast?: true;
  readonly mrkdwn: false;
  readonly parse: 'none';
  readonly link_names: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
};

/** By which our messages are found again. */
export const slackEventType = 'mskeeper_message';

/** Slack's Block Kit reference; the text is cut by Slack above 40,000, and shown whole by telephones up to 4,000. */
const limits = {
  header: 150,
  section: 3_000,
  field: 2_000,
  fields: 10,
  blocks: 50,
  text: 3_000,
  bytes: 100_000,
} as const;

/**
 * A page as a message, all of it in blocks of plain text: a name can make no mention, link or mark of it.
 *
 * @param id of the message, of the cluster's own
 * @param threadTs `ts` of the incident's first message: all that follows stands in its thread, and what wakes somebody in
 *   the channel as well
 */
export function planSlackMessage(
  page: Page,
  { channel, id, threadTs }: { readonly channel: string; readonly id: string; readonly threadTs?: string },
): SlackMessage {
  const said = sayPage(page);
  const isLoud = page.kind === 'rung' || page.kind === 'raised';
  return {
    channel,
    text: fitted([headlineOf(said), said.says, ...circumstancesOf(said).map(labelledLine)].join('\n'), limits.text),
    blocks: blocksOf(said),
    metadata: { event_type: slackEventType, event_payload: { id: uniqueKeyOf(page, id) } },
    ...(threadTs !== undefined && { thread_ts: threadTs, ...(isLoud && { reply_broadcast: true }) }),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function blocksOf(said: Said): readonly Block[] {
  return [
    { type: 'header', text: plain(headlineOf(said), limits.header) },
    ...section(said.says),
    { type: 'section', fields: circumstancesOf(said).slice(0, limits.fields).map(field) },
    ...listed('What is known', said.facts, factLine),
    ...listed('What was tried', said.tried, (one) => one),
    ...section(helpOf(said).map(labelledLine).join('\n')),
  ];
}

const section = (text: string): readonly Block[] =>
  text === '' ? [] : [{ type: 'section', text: plain(text, limits.section) }];

const field = ([label, text]: Labelled): PlainText => plain(`${label}\n${text}`, limits.field);

function listed<Item>(label: string, some: Some<Item>, lineOf: (item: Item) => string): readonly Block[] {
  const title = `${label}:`;
  const lines = fitSome(some, (item) => `• ${lineOf(item)}`, limits.section - title.length);
  return lines.length === 0 ? [] : section([title, ...lines].join('\n'));
}

const plain = (text: string, most: number): PlainText => ({
  type: 'plain_text',
  text: fitted(text, most),
  emoji: false,
});

/** Slack's own three letters, should any have come so far: a mention, a link and a channel begin with `<`. */
const safe = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const fitted = (text: string, most: number): string => fitEscaped(safe(text), most);

/** What Slack would refuse or cut, for whoever is about to send it. */
export function findSlackProblem(message: SlackMessage): string | undefined {
  const { text, blocks } = message;
  if (text.length > limits.text) return `the text has ${text.length} characters of ${limits.text}`;
  if (blocks.length > limits.blocks) return `the message has ${blocks.length} blocks of ${limits.blocks}`;
  const problem = blocks.map(findBlockProblem).find((one) => one !== undefined);
  if (problem !== undefined) return problem;
  const bytes = utf8Bytes(toJson(message));
  return bytes <= limits.bytes ? undefined : `the message has ${bytes} bytes of ${limits.bytes}`;
}

function findBlockProblem(block: Block): string | undefined {
  if ('fields' in block) {
    if (block.fields.length > limits.fields) return `a section has ${block.fields.length} fields of ${limits.fields}`;
    return block.fields.map((one) => lengthProblem(one, limits.field)).find((one) => one !== undefined);
  }
  return lengthProblem(block.text, block.type === 'header' ? limits.header : limits.section);
}

const lengthProblem = ({ text }: PlainText, most: number): string | undefined =>
  text.length >= 1 && text.length <= most ? undefined : `a text of a block has ${text.length} characters of ${most}`;
