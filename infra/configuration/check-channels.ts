import type { ChannelEndpoint, Contact, NotificationTopic } from '../../shared/core/configuration.ts';
import { notificationTopics } from '../../shared/core/configuration.ts';
import { isOfSns, laddersOf, pagedAt, type Reaching, reachedBy } from '../../shared/core/reached.ts';
import { findDuplicates } from './duplicates.ts';
import type { Mistake } from './mistake.ts';
import { findNearest } from './suggestion.ts';

type Path = Mistake['path'];

const checkReference = (path: Path, name: string, endpoints: readonly string[]): Mistake[] => {
  if (endpoints.includes(name)) return [];
  const nearest = findNearest(name, endpoints);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return [{ path, message: `names no endpoint of channels.endpoints${hint}` }];
};

const checkNames = (path: Path, names: readonly string[], endpoints: readonly string[]): Mistake[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: [...path, index], message: 'stands in this list already' }]
      : checkReference([...path, index], name, endpoints),
  );

/** Topics of what nobody may sleep through. */
const urgent = ['emergency', 'critical'] as const satisfies readonly NotificationTopic[];

/** Nobody hears whether Amazon Q showed a message: alone it would leave a P0 or P1 with nobody who is known to have heard. */
const checkProofs = ({ channels: { byTopic, endpoints } }: Reaching): Mistake[] =>
  urgent.flatMap((topic): Mistake[] => {
    const kinds = pagedAt(topic, { byTopic }).flatMap((name) => endpoints[name]?.kind ?? []);
    return kinds.length > 0 && kinds.every((kind) => kind === 'amazon-q')
      ? [
          {
            path: ['channels', 'byTopic', topic],
            message:
              'reaches Amazon Q alone, which proves no delivery: name pagerduty, phone, slack, sms, email or https beside it',
          },
        ]
      : [];
  });

/** Where it is kept, or the channel itself: the same for two names of one place. */
export const placeOf = (endpoint: ChannelEndpoint): string => {
  if (endpoint.kind === 'amazon-q') return `channel ${endpoint.workspace} ${endpoint.channel}`;
  const kept = 'secret' in endpoint ? `secret ${endpoint.secret}` : `parameter ${endpoint.parameter}`;
  return endpoint.kind === 'slack' ? `${kept} ${endpoint.channel}` : kept;
};

/** Pairs of names of one place, the later first. @param familyOf what tells whether two kinds are one */
export const twinsOf = (
  endpoints: Readonly<Record<string, ChannelEndpoint>>,
  familyOf: (endpoint: ChannelEndpoint) => string | undefined,
): readonly { readonly name: string; readonly first: string }[] => {
  const firstByPlace = new Map<string, string>();
  return Object.entries(endpoints).flatMap(([name, endpoint]) => {
    const family = familyOf(endpoint);
    if (family === undefined) return [];
    const place = `${family} ${placeOf(endpoint)}`;
    const first = firstByPlace.get(place);
    if (first === undefined) firstByPlace.set(place, name);
    return first === undefined ? [] : [{ name, first }];
  });
};

/**
 * What SNS and Amazon Q would refuse only when the stack is deployed: a second subscription of one address to one topic that
 * differs in its filter ("Subscription already exists with different attributes"), and a second configuration of one channel.
 */
const checkTwins = (reaching: Reaching): Mistake[] => {
  const { endpoints } = reaching.channels;
  const ofSns = twinsOf(endpoints, (one) => (isOfSns(one) ? one.kind : undefined)).flatMap(({ name, first }) => {
    // A topic for which the file names nobody is the last to tell of: who stands in is not found there.
    const isEmpty = (topic: NotificationTopic): number => Number(reaching.channels.byTopic[topic].length === 0);
    const shared = notificationTopics
      .toSorted((left, right) => isEmpty(left) - isEmpty(right))
      .find((topic) => {
        const names = reachedBy(topic, reaching);
        return names.includes(name) && names.includes(first);
      });
    return shared === undefined
      ? []
      : [{ name, message: `is the address of "${first}" too, and SNS takes it once a topic: both hear by ${shared}` }];
  });
  const ofAmazonQ = twinsOf(endpoints, ({ kind }) => (kind === 'amazon-q' ? kind : undefined)).map(
    ({ name, first }) => ({ name, message: `is the channel of "${first}" too: Amazon Q takes each once an account` }),
  );
  return [...ofSns, ...ofAmazonQ].map(({ name, message }) => ({ path: ['channels', 'endpoints', name], message }));
};

/** Every topic, rung and contact refers to an endpoint that is there, and to each once; and what is told can be told. */
export const checkChannels = (
  channels: Reaching['channels'] | undefined,
  contacts: readonly Contact[],
  policy: Reaching['policy'] | undefined,
): Mistake[] => {
  if (channels === undefined) return [];
  const endpoints = Object.keys(channels.endpoints);
  const named = contacts.flatMap(({ channel }, index) =>
    checkReference(['contacts', index, 'channel'], channel, endpoints),
  );
  const reaching = policy && { channels, contacts, policy };
  return [
    ...notificationTopics.flatMap((topic) =>
      checkNames(['channels', 'byTopic', topic], channels.byTopic[topic], endpoints),
    ),
    ...named,
    ...findDuplicates(['contacts'], 'role', contacts),
    ...(reaching === undefined
      ? []
      : [
          ...laddersOf(reaching).flatMap(({ severity, rungs }) =>
            rungs.flatMap(({ endpoints: names = [] }, index) =>
              checkNames(['policy', 'escalation', severity, index, 'endpoints'], names, endpoints),
            ),
          ),
          ...checkProofs(reaching),
          ...checkTwins(reaching),
        ]),
  ];
};
