import type { NotificationTopic } from '../../../../shared/core/configuration.ts';
import { runbookPageOf } from '../../../../shared/core/runbook.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Page } from '../../../../shared/telling/core/page.ts';
import { type Hearing, heardBy } from './heard-by.ts';
import type { Message } from './outbox.ts';
import type { PageFrame } from './pages.ts';
import { type Destination, destinationsOf, isCaller } from './reach.ts';

/**
 * Somebody wants to see whether messages arrive.
 *
 * @property only the endpoints that it is about; absent: all
 * @property isSilent who calls people is sent the end of a call that never was: it takes that as any word, and calls nobody
 *   (PagerDuty, Events API v2: what resolves nothing is dropped)
 */
export type TestAsked = {
  readonly by: string;
  readonly commandId: string;
  readonly only?: readonly string[];
  readonly isSilent?: true;
};

/** Who is reached by what, and whose cluster it is. */
type Rules = Hearing & { readonly frame: PageFrame };

/** Worst first: an endpoint is tried as it is used at its worst, so that what must wake somebody does. */
const topics = ['emergency', 'critical', 'warning', 'operations', 'maintenance'] as const;

/** Who calls people keeps a test until it is ended; so long whoever is called may see it. */
export const testStandsMs = 5 * minuteMs;

/** Keys of the messages of one test begin so. */
export const testKeyOf = (commandId: string): string => `test/${commandId}/`;

/**
 * One message to each endpoint that anything reaches, alone, so that each has an outcome of its own. Where it opens something
 * that stands, a second one ends it.
 */
export function planTest(asked: TestAsked, rules: Rules, nowMs: number): readonly Message[] {
  const worstTopic = new Map<string, NotificationTopic>();
  for (const topic of topics) {
    for (const name of heardBy(topic, rules)) {
      const isWanted = asked.only?.includes(name) ?? true;
      if (isWanted && !worstTopic.has(name)) worstTopic.set(name, topic);
    }
  }
  return [...worstTopic].flatMap(([name, topic]) =>
    destinationsOf([name], topic, rules.reach).flatMap((destination) =>
      messagesTo(destination, topic, isCaller(destination, rules.reach)),
    ),
  );

  function messagesTo(destination: Destination, topic: NotificationTopic, isCaller: boolean): readonly Message[] {
    const key = `${testKeyOf(asked.commandId)}${destination.endpoints.join()}`;
    const page = pageOf(topic);
    const message: Message = {
      id: key,
      destination,
      key,
      action: isCaller ? 'trigger' : 'notice',
      kind: 'test',
      says: page.says,
      page,
      madeAtMs: nowMs,
      dueAtMs: nowMs,
      tries: 0,
    };
    if (isCaller && asked.isSilent === true) return [{ ...message, action: 'resolve' }];
    return isCaller
      ? [message, { ...message, id: `${key}/end`, action: 'resolve', dueAtMs: nowMs + testStandsMs }]
      : [message];
  }

  function pageOf(topic: NotificationTopic): Page {
    const { cluster, region, accountId, contacts } = rules.frame;
    const isQuiet = topic === 'operations' || topic === 'maintenance';
    return {
      cluster,
      region,
      accountId,
      incidentId: 'test',
      severity: isQuiet ? 'notice' : topic,
      kind: 'test',
      title: 'a test of this channel',
      says: `${asked.by} asked for a test of this channel: nothing is wrong, and nobody needs to answer.`,
      atMs: nowMs,
      startedAtMs: nowMs,
      facts: [],
      moreFactCount: 0,
      tried: [],
      nextCommand: 'Nothing.',
      runbook: runbookPageOf('incident'),
      contacts: contacts.map(({ role }) => role),
      names: [],
    };
  }
}
