import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietMs } from '../../../../../functions/health/incident/core/advance.ts';
import { causeKey } from '../../../../../functions/health/incident/core/causes.ts';
import { isLive } from '../../../../../functions/health/incident/core/member.ts';
import { alarmWordKey, findingWordKey, type Word } from '../../../../../functions/health/incident/core/words.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import { cases } from '../../../../support/depth.ts';
import { expectLanes } from '../../../../support/incident/lanes.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { type Fate, type IncidentWorld, openIncidentWorld } from '../../../../support/incident/world.ts';

const startMs = Date.parse('2026-11-28T03:00:00Z');
const procedure = 'cluster-health';

const word = (
  by: Word['by'],
  check: string,
  subject: string,
  reason: string,
  atMs: number,
  says: Word['says'],
): Word => ({
  key: by === 'alarm' ? alarmWordKey(check) : findingWordKey(procedure, check, subject),
  by,
  procedure,
  check,
  subject,
  severity: 'critical',
  reason,
  message: `${check} of ${subject}`,
  source: 'brokers',
  brokers: [],
  sinceMs: atMs,
  atMs,
  says,
});

const broker = (atMs: number, says: Word['says'] = 'live') =>
  word('finding', 'broker-answers', 'broker 2', 'timed-out', atMs, says);
const copies = (atMs: number, says: Word['says'] = 'live') =>
  word('finding', 'under-replicated', 'cluster', 'above-critical', atMs, says);
const alarmOf = (rule: string, atMs: number, says: Word['says'] = 'live') =>
  word('alarm', rule, 'cluster', 'threshold', atMs, says);

/** All that is said while broker 2 dies, comes back for a moment, and stays away. */
const wordsOfOneFault: readonly Word[] = [
  alarmOf('brokers-unreachable', startMs + 1),
  alarmOf('under-replicated', startMs + 2),
  broker(startMs + 20_000),
  copies(startMs + 20_000),
  alarmOf('brokers-unreachable', startMs + 3 * minuteMs, 'unproven'),
  broker(startMs + 4 * minuteMs, 'gone'),
  alarmOf('brokers-unreachable', startMs + 5 * minuteMs),
  broker(startMs + 6 * minuteMs),
];

const judgedChecks = ['broker-answers', 'under-replicated'];

const sweepAlive = (atMs: number) => ({
  words: [broker(atMs), copies(atMs), alarmOf('brokers-unreachable', atMs), alarmOf('under-replicated', atMs)],
  looks: [{ procedure, atMs, judgedChecks }],
});
const sweepOver = (atMs: number) => ({
  words: [alarmOf('brokers-unreachable', atMs - 1, 'unproven'), alarmOf('under-replicated', atMs - 1, 'unproven')],
  looks: [{ procedure, atMs, judgedChecks }],
});
/** A deploy took the alarms away while they fired: nobody says a word of them any more. */
const sweepWithoutAlarms = (atMs: number) => ({
  looks: [{ procedure, atMs, judgedChecks }],
  roster: { atMs, keys: new Set<string>() },
});

type Event =
  | { readonly kind: 'words'; readonly picks: readonly number[] }
  | { readonly kind: 'minute' }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'ack'; readonly forMinutes: number }
  | { readonly kind: 'pager'; readonly status: 'triggered' | 'acknowledged' | 'resolved' | undefined }
  | { readonly kind: 'kill'; readonly call: number; readonly isAfter: boolean }
  | { readonly kind: 'fates'; readonly fates: readonly Fate[] }
  | { readonly kind: 'two-at-once'; readonly picks: readonly number[]; readonly delays: readonly number[] };

const picks = fc.array(fc.nat(wordsOfOneFault.length - 1), { maxLength: 4 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('words' as const), picks }),
  fc.record({ kind: fc.constant('minute' as const) }),
  fc.record({ kind: fc.constant('sweep' as const) }),
  fc.record({ kind: fc.constant('ack' as const), forMinutes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('pager' as const),
    status: fc.constantFrom('triggered' as const, 'acknowledged' as const, 'resolved' as const, undefined),
  }),
  fc.record({ kind: fc.constant('kill' as const), call: fc.integer({ min: 1, max: 8 }), isAfter: fc.boolean() }),
  fc.record({
    kind: fc.constant('fates' as const),
    fates: fc.array(fc.constantFrom<Fate>('delivered', 'failed', 'unknown-arrived', 'unknown-lost'), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('two-at-once' as const), picks, delays: fc.array(fc.nat(12), { maxLength: 16 }) }),
);

const history = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 4 * minuteMs })), { maxLength: 25 });

/** The words that may have been said by then: none speaks of what is to come. */
const heardOf = (world: IncidentWorld, chosen: readonly number[]): readonly Word[] =>
  chosen.flatMap((index) => wordsOfOneFault[index] ?? []).filter(({ atMs }) => atMs <= world.nowMs);

async function happen(world: IncidentWorld, one: Event): Promise<void> {
  switch (one.kind) {
    case 'words':
      return world.run({ words: heardOf(world, one.picks) });
    case 'minute':
      return world.run();
    case 'sweep':
      return world.run(sweepAlive(world.nowMs));
    case 'ack': {
      const commands = (world.document?.incidents ?? []).map(({ id }) => ({
        command: 'ack' as const,
        incidentId: id,
        by: 'alice',
        forMinutes: one.forMinutes,
      }));
      return world.run({ commands });
    }
    case 'pager':
      world.pagerWord = one.status && { status: one.status, by: 'bob' };
      return;
    case 'kill':
      world.killAt = { call: one.call, isAfter: one.isAfter };
      return world.run({ words: heardOf(world, [2, 3]) });
    case 'fates':
      world.fates = [...one.fates];
      return;
    case 'two-at-once':
      world.delays = [...one.delays];
      await Promise.all([world.run({ words: heardOf(world, one.picks) }), world.run(sweepAlive(world.nowMs))]);
      return;
    default:
      return one satisfies never;
  }
}

/** Minutes pass, and every fifth one sweeps. */
async function pass(world: IncidentWorld, minutes: number, sweep: (atMs: number) => object): Promise<void> {
  for (let minute = 1; minute <= minutes; minute += 1) {
    world.nowMs += minuteMs;
    await world.run(minute % 5 === 1 ? sweep(world.nowMs) : {});
  }
}

/** Each page and each rung once an endpoint, but for what may have been lost on its way. */
const expectNoDoubles = (world: IncidentWorld): void => {
  const triggers = world.received.filter(({ action }) => action === 'trigger');
  const pages = triggers.map(({ endpoint, key }) => `${endpoint} ${key}`);
  const messages = new Set(triggers.map(({ endpoint, id }) => `${endpoint} ${id}`));
  expect(new Set(pages).size).toBe(messages.size);
  if (!world.doublesAllowed) expect(pages.length).toBe(new Set(pages).size);
};

test('whatever order, delay, loss and crash one fault is told with, it ends in one incident, each page once, and then in none', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (events, isDeployed) => {
      const world = openIncidentWorld(() => usualRules, startMs);
      for (const [one, pauseMs] of events) {
        world.nowMs += pauseMs;
        await happen(world, one);
        for (const incident of world.document?.incidents ?? []) {
          expect(incident.members.length).toBeGreaterThan(0);
        }
      }
      world.pagerWord = undefined;
      world.fates = [];
      world.killAt = undefined;
      await pass(world, 8, sweepAlive);
      const open = world.document?.incidents ?? [];
      // An endpoint that took nothing for minutes is a fault of its own.
      const causes = open.map(({ cause }) => causeKey(cause));
      expect(causes.filter((key) => key !== 'mskeeper|')).toEqual(['broker-down|2']);
      expect(causes.length === 1 || world.hasFailed).toBe(true);
      const [fault] = open.filter(({ cause }) => cause.kind === 'broker-down');
      expect(fault?.openedAtMs).toBeDefined();
      expect(fault?.members.some(isLive)).toBe(true);
      expectNoDoubles(world);
      expect(world.unwanted).toEqual([]);
      expectLanes(world);

      // An endpoint that failed is a fault until it takes something, and may have nothing to take any more: a test is something.
      await world.run({ tests: [{ by: 'alice', commandId: 'command-1' }] });
      await pass(world, quietMs / minuteMs + 8, isDeployed ? sweepWithoutAlarms : sweepOver);
      expect(world.document?.incidents).toEqual([]);
      expect(world.document?.outbox.filter(({ outcome }) => outcome === undefined)).toEqual([]);
      expectLanes(world);
      const ended = new Set(
        world.received.filter(({ action }) => action === 'resolve').map(({ endpoint }) => endpoint),
      );
      const begun = new Set(
        world.received.filter(({ action }) => action === 'trigger').map(({ endpoint }) => endpoint),
      );
      begun.delete('text');
      // What ended and did not begin may have begun, for all that anybody knew.
      expect([...begun].filter((endpoint) => !ended.has(endpoint))).toEqual([]);
    }),
    cases(2_000, 100_000),
  );
});
