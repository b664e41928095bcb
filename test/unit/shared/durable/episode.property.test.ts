import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DependencyError, InvalidEventError } from '../../../../shared/core/errors.ts';
import {
  type EpisodeDocument,
  type EpisodePorts,
  episodeInput,
  episodeOfName,
  startEpisode,
} from '../../../../shared/durable/episode.ts';
import { cases } from '../../../support/depth.ts';

const hourMs = 3_600_000;

/** A bucket and Lambda as the protocol sees them, with everything that was sent. */
class World {
  clockMs = 1_000_000;
  document: { value: EpisodeDocument; etag: string } | undefined;
  writes = 0;
  readonly runs = new Map<string, { readonly payload: string; isRunning: boolean }>();
  readonly sent: { readonly name: string; readonly payload: string }[] = [];
  mostRunning = 0;
  /** The first document of each episode. */
  readonly openers: EpisodeDocument[] = [];

  ports(step: <Value>(run: () => Value) => Promise<Value>): EpisodePorts {
    return {
      configuration: 'reviewed',
      nowMs: () => this.clockMs,
      fetchEpisode: () => step(() => this.document),
      applyEpisode: (value, condition) =>
        step(() => {
          const etag = typeof condition === 'object' ? condition.etag : undefined;
          if (this.document?.etag !== etag) throw new DependencyError('s3:PutObject', 'conflict', 'another version');
          this.writes += 1;
          // Written around a run that is there already: nobody says who set that going.
          if (value.configuration === undefined) expect(value.isOpenerProven).toBeUndefined();
          if (value.episode !== this.document?.value.episode) this.openers.push(value);
          this.document = { value, etag: String(this.writes) };
        }),
      fetchRunStatus: (name) =>
        step(() => {
          const run = this.runs.get(name);
          if (run === undefined) return 'unknown';
          return run.isRunning ? 'running' : 'ended';
        }),
      fetchNewestRun: () =>
        step(() => {
          const newest = [...this.runs].at(-1);
          return newest && { episode: episodeOfName(newest[0]), isRunning: newest[1].isRunning };
        }),
      applyStart: (name, payload) => step(() => this.start(name, payload)),
    };
  }

  start(name: string, payload: string): 'accepted' | 'taken' {
    this.sent.push({ name, payload });
    const known = this.runs.get(name);
    if (known !== undefined) return known.payload === payload ? 'accepted' : 'taken';
    this.runs.set(name, { payload, isRunning: true });
    this.mostRunning = Math.max(this.mostRunning, this.running().length);
    return 'accepted';
  }

  running(): readonly string[] {
    return [...this.runs].flatMap(([name, { isRunning }]) => (isRunning ? [name] : []));
  }

  endAll(): void {
    for (const run of this.runs.values()) run.isRunning = false;
  }
}

class Crash extends Error {}

/** One intake: dies before or after its n-th call where told to, as a killed function does. */
async function intake(
  world: World,
  scheduler: fc.Scheduler,
  by: string,
  crash?: { call: number; isAfter: boolean },
  wakeId?: string,
) {
  let calls = 0;
  const step = async <Value>(run: () => Value): Promise<Value> => {
    calls += 1;
    const isLast = crash?.call === calls;
    await scheduler.schedule(Promise.resolve(), by);
    if (isLast && !crash.isAfter) throw new Crash();
    const value = run();
    if (isLast) throw new Crash();
    return value;
  };
  try {
    const opener = { openedBy: by, isProven: wakeId !== undefined, ...(wakeId !== undefined && { wakeId }) };
    return await startEpisode('orders', 'storage-scaling', opener, world.ports(step));
  } catch (error) {
    if (error instanceof Crash) return undefined;
    if (error instanceof InvalidEventError) return 'refused' as const;
    throw error;
  }
}

const crash = fc.option(fc.record({ call: fc.integer({ min: 1, max: 6 }), isAfter: fc.boolean() }), { nil: undefined });
const round = fc.record({
  crashes: fc.array(crash, { minLength: 1, maxLength: 5 }),
  doesRunEnd: fc.boolean(),
  isStateLost: fc.boolean(),
  laterMs: fc.constantFrom(0, hourMs, 7 * hourMs),
});

test('whatever arrives at once, dies or comes again: one run at a time, the same bytes by every starter, and a run in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(round, { minLength: 1, maxLength: 4 }), async (scheduler, rounds) => {
      const world = new World();
      for (const { crashes, doesRunEnd, isStateLost, laterMs } of rounds) {
        const intakes = crashes.map((one, index) => intake(world, scheduler, `intake ${index}`, one));
        await scheduler.waitFor(Promise.all(intakes));
        if (doesRunEnd) world.endAll();
        if (isStateLost) world.document = undefined;
        world.clockMs += laterMs;
      }
      const last = await scheduler.waitFor(intake(world, scheduler, 'the last'));
      expect(world.mostRunning).toBe(1);
      expect(last).not.toBe('refused');
      expect(world.running()).toEqual([typeof last === 'object' ? last.executionName : undefined]);
      const accepted = world.sent.filter(({ name, payload }) => world.runs.get(name)?.payload === payload);
      expect(accepted.length).toBeGreaterThan(0);
      for (const { payload } of world.sent) expect(episodeInput.parse(JSON.parse(payload)).cluster).toBe('orders');
      if (!rounds.some(({ isStateLost }) => isStateLost)) expect(accepted).toHaveLength(world.sent.length);
    }),
    { numRuns: 500 },
  );
});

const minuteMs = 60_000;
const ofWake = fc.record({ kind: fc.constant('wake' as const), id: fc.integer({ min: 0, max: 4 }), crash });
const event = fc.oneof(
  { weight: 4, arbitrary: ofWake },
  fc.record({ kind: fc.constant('alarm' as const), crash }),
  fc.record({ kind: fc.constant('end' as const) }),
  fc.record({ kind: fc.constant('lost' as const) }),
  fc.record({ kind: fc.constant('later' as const), ms: fc.constantFrom(minuteMs, 10 * minuteMs, 25 * minuteMs) }),
);

test('a signed wake counts once: replayed in any order, beside others, after its run ended or its intake was killed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(event, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      async (scheduler, rounds) => {
        const world = new World();
        const firstAtMs = new Map<number, number>();
        const taken = new Map<number, number>();
        let wasLost = false;
        for (const events of rounds) {
          const wakes = events.flatMap((one): Promise<unknown>[] => {
            if (one.kind === 'alarm') return [intake(world, scheduler, 'alarm', one.crash)];
            if (one.kind !== 'wake') return [];
            // STS takes no signature half an hour after it took it first.
            const first = firstAtMs.get(one.id) ?? world.clockMs;
            if (world.clockMs - first >= 30 * minuteMs) return [];
            firstAtMs.set(one.id, first);
            return [
              intake(world, scheduler, `person ${one.id}`, one.crash, `wake ${one.id}`).then((answer) => {
                if (typeof answer === 'object') taken.set(one.id, (taken.get(one.id) ?? 0) + 1);
              }),
            ];
          });
          await scheduler.waitFor(Promise.all(wakes));
          for (const one of events) {
            if (one.kind === 'end') world.endAll();
            if (one.kind === 'later') world.clockMs += one.ms;
            if (one.kind === 'lost' && world.runs.size > 0) {
              world.document = undefined;
              wasLost = true;
            }
          }
        }
        const proven = world.openers.filter(({ isOpenerProven }) => isOpenerProven).map(({ openedBy }) => openedBy);
        expect(new Set(proven).size).toBe(proven.length);
        if (!wasLost) for (const times of taken.values()) expect(times).toBe(1);
      },
    ),
    cases(1_000, 20_000),
  );
});
