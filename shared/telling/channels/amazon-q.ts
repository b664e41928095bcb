import { fitEscaped } from '../../text/cluster-text.ts';
import { toJson } from '../../text/json.ts';
import type { Page } from '../core/page.ts';
import { type Said, type Some, sayPage } from './said.ts';
import { circumstancesOf, factLine, fitSome, headlineOf, helpOf, labelledLine } from './said-lines.ts';
import { subjectOf, type TopicMessage } from './topic-message.ts';
import { uniqueKeyOf } from './unique-key.ts';

/** AWS names no lengths: kept well within what its own notifications have. */
const titleCharacters = 250;
const descriptionCharacters = 8_000;
const saysCharacters = 1_500;
const triedCharacters = 1_500;
const stepCharacters = 1_000;

/**
 * A page as a custom notification of Amazon Q Developer in chat applications, which it shows in a chat's channel; anything
 * of another form it drops without a word (its Administrator Guide, "Custom notifications"). Nobody hears whether it came.
 *
 * @param id of the message, of the cluster's own
 */
export function planAmazonQMessage(page: Page, { id }: { readonly id: string }): TopicMessage {
  const said = sayPage(page);
  const subject = subjectOf(said);
  const notification = {
    version: '1.0',
    source: 'custom',
    id: uniqueKeyOf(page, id),
    content: {
      textType: 'client-markdown',
      title: fitExact(headlineOf(said), titleCharacters),
      description: descriptionOf(said),
      nextSteps: helpOf(said).map((line) => fitExact(labelledLine(line), stepCharacters)),
      keywords: [said.priority, exact(said.cluster)],
    },
    metadata: {
      threadId: uniqueKeyOf(page, page.incidentId),
      summary: fitExact(said.says, titleCharacters),
      eventType: `mskeeper ${said.kind}`,
      additionalContext: { cluster: said.cluster, region: said.region, severity: said.severity },
      enableCustomActions: false,
    },
  };
  return { subject, message: toJson(notification), isByProtocol: false, attributes: {} };
}

/** Numbers get what room the rest leaves: what does not fit is the mildest of them. */
function descriptionOf(said: Said): string {
  const before = [
    fitExact(said.says, saysCharacters),
    ...circumstancesOf(said).map((line) => exact(labelledLine(line))),
  ];
  const tried = listed('What was tried:', said.tried, (one) => one, triedCharacters);
  const used = [...before, ...tried].join('\n').length + 1;
  const facts = listed('What is known:', said.facts, factLine, descriptionCharacters - used);
  return [...before, ...facts, ...tried].join('\n');
}

function listed<Item>(
  title: string,
  some: Some<Item>,
  lineOf: (item: Item) => string,
  most: number,
): readonly string[] {
  const lines = fitSome(some, (item) => `• ${exact(lineOf(item))}`, most - title.length - 1);
  return lines.length === 0 ? [] : [title, ...lines];
}

/** The one mark of a chat that escaping leaves, since most names have one: at the edge of a word it would turn it slanted. */
const exact = (text: string): string => text.replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\u{5f}');

const fitExact = (text: string, most: number): string => fitEscaped(exact(text), most);
