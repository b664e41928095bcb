import * as z from 'zod';
import type { NotificationTopic } from '../../core/configuration.ts';
import { topicDisplayName } from '../../core/topic-display-name.ts';
import { escapeClusterText } from '../../text/cluster-text.ts';
import { jsonIn, toJson } from '../../text/json.ts';
import { redactText } from '../../text/redaction.ts';
import { beginningOf, utf8Bytes } from '../../text/utf8.ts';
import type { Page } from '../core/page.ts';
import { programFormOf } from './program-form.ts';
import { type Said, sayPage } from './said.ts';
import { circumstancesOf, factLine, firstOf, headlineOf, helpOf, labelledLine, linesOfSome } from './said-lines.ts';
import { findTextMessageProblem, planTextMessage } from './text-message.ts';
import { uniqueKeyOf } from './unique-key.ts';

/**
 * What SNS is asked to publish.
 *
 * @property message a text for each protocol, as JSON (`MessageStructure` json), or one for all
 * @property attributes by name; a list is a `String.Array`, which a subscription's filter matches by any of its items
 */
export type TopicMessage = {
  readonly subject: string;
  readonly message: string;
  readonly isByProtocol: boolean;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
};

/** Message and attributes, with their names and types (SNS API Reference, Publish). */
const topicMessageBytes = 262_144;
/** Fewer than 100 characters. */
const subjectCharacters = 99;
const factCounts = [50, 20, 5, 0] as const;

/**
 * A page for those whom SNS itself reaches: a mail in full sentences, one part of a text message, and JSON for programs.
 *
 * @param topic which it is published to
 * @param endpoints the names of those that it is for: their subscriptions filter by them
 * @param procedure whose word it is
 * @param key the same for each repeat of this word; of the cluster's own
 */
export function planTopicMessage(
  page: Page,
  to: {
    readonly topic: NotificationTopic;
    readonly endpoints: readonly string[];
    readonly procedure: string;
    readonly key: string;
  },
): TopicMessage {
  const said = sayPage(page);
  const key = uniqueKeyOf(page, to.key);
  const subject = subjectOf(said);
  const sms = planTextMessage(said, topicDisplayName(page.cluster, to.topic));
  const clean = (text: string): string => escapeClusterText(redactText(text), 100);
  const attributes = {
    severity: page.severity,
    cluster: clean(page.cluster) || 'unknown',
    procedure: clean(to.procedure) || 'unknown',
    key,
    ...(to.endpoints.length > 0 && { endpoint: to.endpoints.map(clean) }),
    'AWS.SNS.SMS.SMSType': 'Transactional',
  };
  const room = topicMessageBytes - attributeBytesOf(attributes);
  for (const count of factCounts) {
    const text = mailOf(said, count);
    const message = toJson({ default: text, email: text, sms, https: toJson(programFormOf(said, key, count)) });
    if (utf8Bytes(message) <= room) return { subject, message, isByProtocol: true, attributes };
  }
  return { subject, message: toJson({ default: subject, sms }), isByProtocol: true, attributes };
}

/** ASCII, since older subscriptions refuse anything else. */
export function subjectOf(said: Said): string {
  const ascii = headlineOf(said)
    .replaceAll('…', '...')
    .replaceAll(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= subjectCharacters ? ascii : `${beginningOf(ascii, subjectCharacters - 3)}...`;
}

function mailOf(said: Said, factCount: number): string {
  const facts = linesOfSome(firstOf(said.facts, factCount), factLine);
  const tried = linesOfSome(said.tried, (one) => one);
  return [
    headlineOf(said),
    '',
    said.says,
    '',
    ...circumstancesOf(said).map(labelledLine),
    ...listed('What is known', facts),
    ...listed('What was tried', tried),
    '',
    ...helpOf(said).map(labelledLine),
  ].join('\n');
}

const listed = (label: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${label}:`, ...lines.map((line) => `- ${line}`)];

const protocolTexts = z.object({ default: z.string().min(1), sms: z.string().min(1) });

/** As SNS counts them: name, type and value. */
const attributeBytesOf = (attributes: TopicMessage['attributes']): number =>
  Object.entries(attributes).reduce((sum, [name, value]) => {
    const isText = typeof value === 'string';
    return sum + utf8Bytes(`${name}${isText ? 'String' : 'String.Array'}${isText ? value : JSON.stringify(value)}`);
  }, 0);

/** What SNS would refuse, or a telephone get in pieces, for whoever is about to send it. */
export function findTopicMessageProblem({
  subject,
  message,
  isByProtocol,
  attributes,
}: TopicMessage): string | undefined {
  if (!/^[\x20-\x7e]{1,99}$/.test(subject)) return 'the subject has other letters than ASCII, or more than 99';
  const bytes = utf8Bytes(message) + attributeBytesOf(attributes);
  if (bytes > topicMessageBytes) return `the message has ${bytes} bytes of ${topicMessageBytes}`;
  if (!isByProtocol) return undefined;
  const texts = protocolTexts.safeParse(jsonIn(message));
  return texts.success ? findTextMessageProblem(texts.data.sms) : 'the message has no text for each protocol';
}
