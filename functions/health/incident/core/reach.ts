import type { Channels, Contact, NotificationTopic } from '../../../../shared/core/configuration.ts';
import { pagedAt, wakingKinds } from '../../../../shared/core/reached.ts';
import type { Rung } from './rungs.ts';
import type { PagingSeverity } from './words.ts';

/** Kinds that SNS delivers to, together with the others of a topic. */
const topicKinds: readonly string[] = ['email', 'sms', 'https'];

/**
 * Where a message goes: to one endpoint by its own door, or to some of a topic's subscribers by one publish.
 *
 * @property lane in which messages of one key keep their order
 * @property endpoints the names that it is for
 */
export type Destination =
  | { readonly by: 'endpoint'; readonly lane: string; readonly endpoints: readonly [string] }
  | {
      readonly by: 'topic';
      readonly lane: string;
      readonly topic: NotificationTopic;
      readonly endpoints: readonly string[];
    };

/** Who is reached how: endpoints and contacts of mskeeper.yml. */
export type Reach = {
  readonly kindOf: (endpoint: string) => string | undefined;
  readonly bySeverity: (severity: PagingSeverity) => readonly string[];
  readonly byTopic: (topic: NotificationTopic) => readonly string[];
  readonly byLevel: (level: Contact['level']) => readonly string[];
};

/** Whether somebody hears what a destination took: nobody knows what becomes of what Amazon Q is sent. */
export const isSurelyHeard = ({ endpoints }: Pick<Destination, 'endpoints'>, { kindOf }: Reach): boolean =>
  endpoints.some((name) => kindOf(name) !== 'amazon-q');

/** Kinds that call people, each word of a key anew where nothing is open under it. */
const callers: readonly (string | undefined)[] = ['pagerduty', 'phone'];

/** Whether a destination calls people. */
export const isCaller = ({ endpoints }: Destination, { kindOf }: Reach): boolean =>
  endpoints.some((name) => callers.includes(kindOf(name)));

/** Whether an endpoint wakes somebody: what arrived elsewhere may be read in the morning. */
export const isWaking = (name: string, { kindOf }: Reach): boolean => wakingKinds.some((kind) => kind === kindOf(name));

/** Slack takes one message a second and channel, and of more only as many as it likes (its documentation, "Rate limits"). */
const slackPaceMs = 1_100;

/** How long after one message the next may go to the same destination; 0 where many go at once. */
export const paceMsOf = ({ endpoints }: Destination, { kindOf }: Reach): number =>
  endpoints.some((name) => kindOf(name) === 'slack') ? slackPaceMs : 0;

/** What mskeeper.yml says of whom to reach. */
export function reachOf({ endpoints, byTopic }: Channels, contacts: readonly Contact[]): Reach {
  const kindOf = (name: string): string | undefined =>
    Object.hasOwn(endpoints, name) ? endpoints[name]?.kind : undefined;
  const known = (names: readonly string[]): readonly string[] =>
    [...new Set(names)].filter((name) => kindOf(name) !== undefined);
  const ofTopic = new Map(Object.entries(byTopic));
  return {
    kindOf,
    bySeverity: (severity) => known(pagedAt(severity, { byTopic })),
    byTopic: (topic) => known(ofTopic.get(topic) ?? []),
    byLevel: (level) => known(contacts.filter((one) => one.level === level).map(({ channel }) => channel)),
  };
}

/** Whom a rung calls: those of the severity that it raises to, of its level, and whom it names. */
export const endpointsOfRung = ({ raisesTo, level, endpoints = [] }: Rung, reach: Reach): readonly string[] => [
  ...new Set([
    ...(raisesTo === undefined ? [] : reach.bySeverity(raisesTo)),
    ...(level === undefined ? [] : reach.byLevel(level)),
    ...endpoints.filter((name) => reach.kindOf(name) !== undefined),
  ]),
];

/**
 * The fewest messages that reach these endpoints: one for each with a door of its own, one for all that a topic serves.
 *
 * @param topic that serves them
 */
export function destinationsOf(
  names: readonly string[],
  topic: NotificationTopic,
  reach: Reach,
): readonly Destination[] {
  const isTopics = (name: string): boolean => topicKinds.includes(reach.kindOf(name) ?? '');
  const own = names
    .filter((name) => !isTopics(name))
    .map((name): Destination => ({ by: 'endpoint', lane: name, endpoints: [name] }));
  const together = names.filter(isTopics);
  if (together.length === 0) return own;
  return [...own, { by: 'topic', lane: `topic ${topic}`, topic, endpoints: together }];
}
