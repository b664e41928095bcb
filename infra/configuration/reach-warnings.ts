import type { Configuration } from '../../shared/core/configuration.ts';
import { hearingOfUs, laddersOf, pagedAt, type Reaching, wakingKinds } from '../../shared/core/reached.ts';
import { twinsOf } from './check-channels.ts';
import { findLadderWarnings } from './ladder-warnings.ts';
import type { Mistake } from './mistake.ts';

const priorityOf = { emergency: 'P0', critical: 'P1' } as const;

/** What CloudWatch says of mskeeper itself goes by SNS alone: where that reaches none of those who are paged, who hears it. */
const findUnheard = (channels: Reaching['channels']): Mistake[] =>
  (['emergency', 'critical', 'warning'] as const).flatMap((topic): Mistake[] => {
    const hearing = hearingOfUs(topic, channels);
    const paged = pagedAt(topic, channels);
    if (hearing.some((name) => paged.includes(name))) return [];
    const whom = hearing.length === 0 ? 'reaches nobody' : `goes to who stands in, ${hearing.join(', ')}`;
    const message = `has no sms, email or https, which SNS reaches by itself: what CloudWatch says of mskeeper itself ${whom}`;
    return [{ path: ['channels', 'byTopic', topic], message }];
  });

const findUnpaged = ({ channels }: Reaching): Mistake[] => {
  const { byTopic, endpoints } = channels;
  const paging = [...byTopic.emergency, ...byTopic.critical, ...byTopic.warning];
  if (paging.length === 0) {
    const message = 'names nobody for emergency, critical or warning: nobody is paged';
    return [{ path: ['channels'], message }];
  }
  const unwoken = (['emergency', 'critical'] as const).flatMap((topic): Mistake[] => {
    const path = ['channels', 'byTopic', topic];
    const names = pagedAt(topic, channels);
    const reached = names.flatMap((name) => endpoints[name] ?? []);
    return [
      ...(byTopic[topic].length > 0
        ? []
        : [{ path, message: `is empty: of a ${priorityOf[topic]} is paged who stands in, ${names.join(', ')}` }]),
      ...(reached.some(({ kind }) => wakingKinds.includes(kind))
        ? []
        : [{ path, message: `wakes nobody of a ${priorityOf[topic]}: none of them is ${wakingKinds.join(', ')}` }]),
    ];
  });
  return [...unwoken, ...findUnheard(channels)];
};

/** One routing key is one pager: a page under a key that is open there wakes nobody anew, whatever endpoint it came by. */
const findTwins = ({ channels: { endpoints } }: Reaching): Mistake[] =>
  [
    ...twinsOf(endpoints, ({ kind }) => (kind === 'pagerduty' || kind === 'phone' ? 'pager' : undefined)).map(
      ({ name, first }) => ({
        name,
        message: `is the service of "${first}" too: whom one has paged the other wakes not`,
      }),
    ),
    ...twinsOf(endpoints, ({ kind }) => (kind === 'slack' ? kind : undefined)).map(({ name, first }) => ({
      name,
      message: `is the channel of "${first}" too: both write each message`,
    })),
  ].map(({ name, message }) => ({ path: ['channels', 'endpoints', name], message }));

const findUnreached = (reaching: Reaching): Mistake[] => {
  const { endpoints, byTopic } = reaching.channels;
  const named = new Set([
    ...Object.values(byTopic).flat(),
    ...laddersOf(reaching).flatMap(({ rungs }) => rungs.flatMap((rung) => rung.endpoints ?? [])),
    ...reaching.contacts.map(({ channel }) => channel),
  ]);
  return Object.keys(endpoints)
    .filter((name) => !named.has(name))
    .map((name) => ({
      path: ['channels', 'endpoints', name],
      message: 'is reached by nothing: no topic, rung or contact names it',
    }));
};

/** A broker's id is no cluster's own: a window of a file with several holds it wherever there is one. */
const findWideWindows = ({ maintenanceWindows, clusters }: Pick<Configuration, 'maintenanceWindows' | 'clusters'>) =>
  maintenanceWindows.flatMap((window, index): Mistake[] => {
    if (window.every !== 'once' || (window.brokers === undefined && window.cluster === undefined)) return [];
    const keys = Object.keys(clusters).filter(
      (key) =>
        window.cluster === true ||
        window.brokers?.some((id) => clusters[key]?.brokerIds.includes(id) === true) === true,
    );
    const message = `holds symptoms of each cluster that has what it names: ${keys.join(', ')}`;
    return keys.length < 2 ? [] : [{ path: ['maintenanceWindows', index], message }];
  });

/** What is sound, and by which fewer people hear than somebody may think, or more is held. */
export const findReachWarnings = (configuration: Configuration): Mistake[] => {
  const unpaged = findUnpaged(configuration);
  const isNobodyPaged = unpaged.some(({ path }) => path.length === 1);
  return [
    ...unpaged,
    ...(isNobodyPaged ? [] : findLadderWarnings(configuration)),
    ...findTwins(configuration),
    ...findUnreached(configuration),
    ...findWideWindows(configuration),
  ];
};
