import type { Configuration } from '../../shared/core/configuration.ts';
import { calledByRung, isOfSns, laddersOf, type Reaching } from '../../shared/core/reached.ts';
import { twinsOf } from './check-channels.ts';
import type { Mistake } from './mistake.ts';

const priorityOf = { emergency: 'P0', critical: 'P1' } as const;

/** Kinds that wake somebody: a mail and a chat are read by who is awake. `https` is a pager's own address. */
const waking: readonly string[] = ['pagerduty', 'phone', 'sms', 'https'];

const findUnpaged = ({ channels: { byTopic, endpoints } }: Reaching): Mistake[] => {
  const paging = [...byTopic.emergency, ...byTopic.critical, ...byTopic.warning];
  if (paging.length === 0) {
    const message = 'names nobody for emergency, critical or warning: nobody is paged';
    return [{ path: ['channels'], message }];
  }
  return (['emergency', 'critical'] as const).flatMap((topic): Mistake[] => {
    const path = ['channels', 'byTopic', topic];
    const reached = byTopic[topic].flatMap((name) => endpoints[name] ?? []);
    if (reached.length === 0) return [{ path, message: `is empty: nobody is paged of a ${priorityOf[topic]}` }];
    return [
      ...(reached.some(({ kind }) => waking.includes(kind))
        ? []
        : [{ path, message: `wakes nobody of a ${priorityOf[topic]}: none of them is ${waking.join(', ')}` }]),
      ...(reached.some(isOfSns)
        ? []
        : [
            {
              path,
              message:
                'has no sms, email or https, which SNS reaches by itself: what CloudWatch says when mskeeper itself is dead reaches nobody',
            },
          ]),
    ];
  });
};

/** The rungs that may fire: where one raises, the ladder of that severity goes on. */
const climbed = <Rung extends { readonly raisesTo?: string }>(rungs: readonly Rung[]): readonly Rung[] => {
  const raising = rungs.findIndex(({ raisesTo }) => raisesTo !== undefined);
  return raising < 0 ? rungs : rungs.slice(0, raising + 1);
};

/** An endpoint that was paged already hears of a rung as of any change: nobody is woken anew. */
const findIdleRungs = (reaching: Reaching): Mistake[] =>
  laddersOf(reaching).flatMap(({ severity, rungs }) => {
    const { byTopic } = reaching.channels;
    const before = new Set(byTopic[severity]);
    return climbed(rungs).flatMap((rung, index): Mistake[] => {
      const { raisesTo } = rung;
      const called = [...(raisesTo === undefined ? [] : byTopic[raisesTo]), ...calledByRung(rung, reaching)];
      const isIdle = called.length > 0 && called.every((name) => before.has(name));
      for (const name of called) before.add(name);
      const message = `after ${rung.afterMinutes} min reaches nobody who was not reached before: ${[...new Set(called)].join(', ')}`;
      return isIdle ? [{ path: ['policy', 'escalation', severity, index], message }] : [];
    });
  });

const findMissingLevels = (reaching: Reaching): Mistake[] =>
  (['management', 'executives'] as const).flatMap((level): Mistake[] => {
    if (reaching.contacts.some((one) => one.level === level)) return [];
    const rungs = laddersOf(reaching).flatMap(({ severity, rungs: all }) =>
      climbed(all)
        .filter((rung) => rung.level === level)
        .map(({ afterMinutes }) => `${severity} after ${afterMinutes} min`),
    );
    if (rungs.length === 0) return [];
    const message = `names nobody of the level ${level}, whom policy.escalation calls (${rungs.join(', ')})`;
    return [{ path: ['contacts'], message }];
  });

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
    ...(isNobodyPaged ? [] : [...findIdleRungs(configuration), ...findMissingLevels(configuration)]),
    ...findTwins(configuration),
    ...findUnreached(configuration),
    ...findWideWindows(configuration),
  ];
};
