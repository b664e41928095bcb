import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietMs } from '../../../../../functions/health/incident/core/advance.ts';
import { causeKey } from '../../../../../functions/health/incident/core/causes.ts';
import type { Command } from '../../../../../functions/health/incident/core/commands.ts';
import { isPressing } from '../../../../../functions/health/incident/core/member.ts';
import type { Word } from '../../../../../functions/health/incident/core/words.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { cases } from '../../../../support/depth.ts';
import { alarm, brokerDown, finding, nightMs, workOf } from '../../../../support/incident/builders.ts';
import { expectLanes } from '../../../../support/incident/lanes.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { type Fate, type IncidentWorld, openIncidentWorld } from '../../../../support/incident/world.ts';

/** What is wrong at once: broker 2 is dead, with what follows, and the disk of broker 1 fills. */
const symptoms: readonly ((more: Partial<Word>) => Word)[] = [
  (more) => brokerDown(2, more),
  (more) => finding('under-replicated', 'cluster', more),
  (more) => alarm('brokers-unreachable', more),
  (more) => finding('slow-producers', 'broker 3', { ...more, severity: 'warning' }),
  (more) => finding('lag-messages', 'group billing', { ...more, procedure: 'consumer-lag' }),
  (more) => finding('disk-used', 'broker 1', more),
  (more) => finding('storage-scaling', 'cluster', { ...more, procedure: 'storage-scaling', severity: 'warning' }),
  (more) => alarm('disk', { ...more, procedure: 'storage-scaling' }),
];
/** What was wrong days ago, and is long over. */
const longOver: readonly ((more: Partial<Word>) => Word)[] = [
  (more) => brokerDown(3, more),
  (more) => finding('disk-used', 'broker 3', more),
  (more) => finding('lag-messages', 'group audit', { ...more, procedure: 'consumer-lag' }),
];
const faults = ['broker-down|2', 'disk|1'];

const looks = (atMs: number) => [
  {
    procedure: 'cluster-health',
    atMs,
    judgedChecks: ['broker-answers', 'under-replicated', 'slow-producers', 'disk-used'],
  },
  { procedure: 'consumer-lag', atMs, judgedChecks: ['lag-messages'] },
  { procedure: 'storage-scaling', atMs, judgedChecks: ['storage-scaling'] },
];
const sweepAlive = (atMs: number) => ({
  words: symptoms.map((make) => make({ atMs, isAsked: true })),
  looks: looks(atMs),
});
const sweepOver = (atMs: number) => ({
  words: [
    alarm('brokers-unreachable', { atMs: atMs - 1, says: 'unproven', isAsked: true }),
    // No look judges what wakes storage scaling: CloudWatch's own OK, asked for, is the proof.
    alarm('disk', { procedure: 'storage-scaling', atMs: atMs - 1, says: 'gone', isAsked: true }),
  ],
  looks: looks(atMs),
});

type Event =
  | { readonly kind: 'words'; readonly said: readonly Said[] }
  | { readonly kind: 'sweep' | 'minute' }
  | { readonly kind: 'work'; readonly forMinutes: number; readonly isOver: boolean }
  | { readonly kind: 'command'; readonly command: Command['command']; readonly pick: number }
  | { readonly kind: 'pager'; readonly status: 'acknowledged' | 'resolved' | 'triggered' | undefined }
  | { readonly kind: 'kill'; readonly call: number; readonly isAfter: boolean }
  | { readonly kind: 'fates'; readonly fates: readonly Fate[] };

/** @property aheadMs of the clock that dates it; negative: so long it was on its way */
type Said = { readonly pick: number; readonly isOld: boolean; readonly says: Word['says']; readonly aheadMs: number };

const said = fc.record<Said>({
  pick: fc.nat(symptoms.length - 1),
  isOld: fc.boolean(),
  says: fc.constantFrom('live', 'live', 'gone', 'unproven'),
  aheadMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -hourMs, max: 0 }),
    fc.constantFrom(hourMs, 3 * dayMs, 400 * dayMs, -dayMs, -5 * dayMs),
  ),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('words' as const), said: fc.array(said, { maxLength: 4 }) }) },
  fc.record({ kind: fc.constantFrom('sweep' as const, 'minute' as const) }),
  fc.record({ kind: fc.constant('work' as const), forMinutes: fc.integer({ min: 1, max: 90 }), isOver: fc.boolean() }),
  fc.record({
    kind: fc.constant('command' as const),
    command: fc.constantFrom('ack' as const, 'silence' as const, 'escalate' as const, 'resolve' as const),
    pick: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('pager' as const),
    status: fc.constantFrom('acknowledged' as const, 'resolved' as const, 'triggered' as const, undefined),
  }),
  fc.record({ kind: fc.constant('kill' as const), call: fc.integer({ min: 1, max: 8 }), isAfter: fc.boolean() }),
  fc.record({
    kind: fc.constant('fates' as const),
    fates: fc.array(fc.constantFrom<Fate>('delivered', 'failed', 'unknown-arrived', 'unknown-lost', 'refused'), {
      maxLength: 5,
    }),
  }),
);
const history = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 6 * minuteMs })), { maxLength: 25 });

const wordOf = ({ pick, isOld, says, aheadMs }: Said, nowMs: number): Word | undefined => {
  const make = isOld ? longOver[pick % longOver.length] : symptoms[pick];
  // Of what is long over nobody says now that it is so.
  const atMs = isOld && says === 'live' ? nowMs - 5 * dayMs : nowMs + aheadMs;
  return make?.({ atMs, sinceMs: atMs, says });
};

async function happen(world: IncidentWorld, one: Event): Promise<void> {
  switch (one.kind) {
    case 'words':
      return world.run({ words: one.said.flatMap((each) => wordOf(each, world.nowMs) ?? []) });
    case 'sweep':
      return world.run(sweepAlive(world.nowMs));
    case 'minute':
      return world.run();
    case 'work': {
      const untilMs = world.nowMs + one.forMinutes * minuteMs;
      const work = workOf('disk', { key: 'act|storage-scaling', does: 'repairs', sinceMs: world.nowMs, untilMs });
      return world.run({ works: [one.isOver ? { ...work, untilMs: work.sinceMs } : work] });
    }
    case 'command': {
      const incident = world.document?.incidents[one.pick];
      if (incident === undefined) return;
      return world.run({ commands: [{ command: one.command, incidentId: incident.id, by: 'alice' }] });
    }
    case 'pager':
      world.pagerWord = one.status && { status: one.status, by: 'bob' };
      return;
    case 'kill':
      world.killAt = { call: one.call, isAfter: one.isAfter };
      return world.run(sweepAlive(world.nowMs));
    case 'fates':
      world.fates = [...one.fates];
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

const causesOf = (world: IncidentWorld): readonly string[] =>
  (world.document?.incidents ?? []).map(({ cause }) => causeKey(cause)).toSorted();

/** What holds at every moment. */
function expectSound(world: IncidentWorld): void {
  const incidents = world.document?.incidents ?? [];
  const keys = incidents.flatMap(({ members }) => members.map(({ key }) => key));
  expect(keys.length).toBe(new Set(keys).size);
  const causes = causesOf(world);
  expect(causes.length).toBe(new Set(causes).size);
  for (const { members, quietSinceMs } of incidents) {
    expect(members.length).toBeGreaterThan(0);
    expect(members.some(isPressing)).toBe(quietSinceMs === undefined);
    for (const { heardAtMs, sinceMs } of members) expect(Math.max(heardAtMs, sinceMs)).toBeLessThanOrEqual(world.nowMs);
  }
  const ids = (world.document?.outbox ?? []).map(({ id }) => id);
  expect(ids.length).toBe(new Set(ids).size);
}

test('two faults at once, with clocks ahead, words of days ago, work of ours and endpoints that refuse, end in two incidents and then in none', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (events) => {
      const world = openIncidentWorld(() => usualRules, nightMs);
      for (const [one, pauseMs] of events) {
        world.nowMs += pauseMs;
        await happen(world, one);
        expectSound(world);
      }
      world.pagerWord = undefined;
      world.fates = [];
      world.killAt = undefined;
      // What days ago was said is over within a sweep and its quiet; what is so now stays.
      await pass(world, quietMs / minuteMs + 8, sweepAlive);
      expectSound(world);
      expect(causesOf(world).filter((key) => key !== 'mskeeper|')).toEqual(faults);
      expect(causesOf(world).includes('mskeeper|') && !world.hasFailed).toBe(false);
      for (const { cause, openedAtMs, quietSinceMs } of world.document?.incidents ?? []) {
        // An endpoint that took something since waits to be well for long enough.
        if (cause.kind === 'mskeeper') continue;
        expect([openedAtMs !== undefined, quietSinceMs]).toEqual([true, undefined]);
      }

      // An endpoint that refused is a fault until it takes something: a test is something.
      await world.run({ tests: [{ by: 'alice', commandId: 'command-1' }] });
      await pass(world, quietMs / minuteMs + 8, sweepOver);
      expect(world.document?.incidents).toEqual([]);
      expect(world.document?.outbox.filter(({ outcome }) => outcome === undefined)).toEqual([]);
      expect(world.unwanted).toEqual([]);
      const open = expectLanes(world);
      expect(open.filter((lane) => !lane.startsWith('text ') && !world.refused.includes(lane))).toEqual([]);
    }),
    cases(2_000, 100_000),
  );
});
