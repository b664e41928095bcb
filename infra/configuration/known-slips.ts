import type { Mistake } from './mistake.ts';

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isMap(value) ? Object.entries(value) : [];
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const at = (value: unknown, key: string): unknown =>
  isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** A file of before, when Slack was told by the address of a webhook, which cannot keep one incident in one thread. */
const findSlackWithoutChannel = (data: unknown): Mistake[] =>
  entriesOf(at(at(data, 'channels'), 'endpoints')).flatMap(([name, endpoint]): Mistake[] =>
    at(endpoint, 'kind') === 'slack' && at(endpoint, 'channel') === undefined
      ? [
          {
            path: ['channels', 'endpoints', name, 'channel'],
            message:
              'is missing: must be the id of the channel (C0123456789). Slack is told by a bot’s token now, kept as {"botToken": …} where the address of the webhook was',
          },
        ]
      : [],
  );

const levels: readonly unknown[] = ['management', 'executives'];

/** A file of before, when a rung had one word for whom it calls and for what it raises to. */
const findRungsOfBefore = (data: unknown): Mistake[] =>
  entriesOf(at(at(data, 'policy'), 'escalation')).flatMap(([severity, ladder]) =>
    itemsOf(ladder).flatMap((rung, index): Mistake[] => {
      const to = at(rung, 'to');
      if (to === undefined) return [];
      const message = `is written ${levels.includes(to) ? 'level' : 'raisesTo'} now: a rung raises to a severity, calls a level, or endpoints`;
      return [{ path: ['policy', 'escalation', severity, index, 'to'], message }];
    }),
  );

const findHoldingWindows = (data: unknown): Mistake[] =>
  itemsOf(at(data, 'maintenanceWindows')).flatMap((window, index) => {
    const every = at(window, 'every');
    if (every !== 'day' && every !== 'week' && every !== 'month') return [];
    return ['brokers', 'cluster']
      .filter((key) => at(window, key) !== undefined)
      .map((key) => ({
        path: ['maintenanceWindows', index, key],
        message:
          'belongs to every: once. A window that repeats permits acts and holds no symptom: a broker that dies in it pages',
      }));
  });

/** Settings of which the schema could only say that there are none, and whose author wants to know why, or what to write. */
export const findKnownSlips = (data: unknown): Mistake[] => [
  ...findSlackWithoutChannel(data),
  ...findRungsOfBefore(data),
  ...findHoldingWindows(data),
];
