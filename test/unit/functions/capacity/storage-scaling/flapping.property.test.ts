import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Look } from '../../../../../functions/capacity/storage-scaling/core/model.ts';
import type { Spoken } from '../../../../../functions/capacity/storage-scaling/core/spoken.ts';
import { tellStill } from '../../../../../functions/capacity/storage-scaling/ends.ts';
import { tellHold, tellLook } from '../../../../../functions/capacity/storage-scaling/look-news.ts';
import { newMemory, type Run } from '../../../../../functions/capacity/storage-scaling/memory.ts';
import { hear, isLive, type Member } from '../../../../../functions/health/incident/core/member.ts';
import { wordOfFinding } from '../../../../../functions/health/incident/core/said.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import { cases } from '../../../../support/depth.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const denied = new DependencyError('events:PutEvents', 'denied', 'denied');

/** A run's words, and what incident makes of those that it heard. */
function openWords() {
  const { run: durableRun, ports } = openStorageWorld();
  const heard = new Map<string, Member>();
  const words: { readonly change: string; readonly key: string; readonly atMs: number }[] = [];
  const world = { isDeaf: false, isLost: false };
  const publish = async (spoken: readonly Spoken[], atMs: number): Promise<void> => {
    if (world.isDeaf) throw denied;
    for (const one of spoken) {
      if (one.kind !== 'finding') continue;
      const { change, sinceMs, finding } = one.news;
      const word = wordOfFinding({
        procedure: 'storage-scaling',
        ...{ atMs, sinceMs, isClosed: change === 'closed', finding },
      });
      words.push({ change, key: `${finding.check}|${finding.subject}`, atMs });
      const member = world.isLost ? heard.get(word.key) : hear(heard.get(word.key), word);
      if (member !== undefined) heard.set(word.key, member);
    }
  };
  const fetchView = async () => Promise.reject(new DependencyError('lambda:Invoke', 'timed-out', 'no answer'));
  const run: Run = {
    input,
    durable: durableRun.durable,
    ports: { ...ports, publish, fetchView },
    memory: newMemory(),
  };
  const isOpen = (check: string, reason?: string): boolean =>
    [...heard.values()].some((one) => one.check === check && isLive(one) && (reason ?? one.reason) === one.reason);
  return { run, words, world, isOpen };
}

type Seen = 'full-before-help' | 'at-maximum' | 'none' | 'unknown';

const lookOf = (seen: Seen, atMs: number, hoursToFull: number, brokerId = 2): Look => {
  const hold = { action: 'hold', message: 'It waits.', evidence: {}, lookAgainAtMs: atMs } as const;
  const isKnown = seen !== 'unknown';
  const plan = isKnown
    ? ({ ...hold, reason: 'storage-locked' } as const)
    : ({ ...hold, reason: 'unknown', unanswered: { call: 'cloudwatch:GetMetricData', failure: 'denied' } } as const);
  const incident =
    seen === 'none' || seen === 'unknown'
      ? null
      : {
          finding: {
            ...({
              check: 'storage-capacity',
              subject: `broker ${brokerId}`,
              severity: 'critical',
              reason: seen,
            } as const),
            ...{ message: `Full in ${hoursToFull} h.`, sources: ['msk'] as const, evidence: {} },
          },
          hoursToFull,
          space: { brokerId, usedGiB: 400, wantedGiB: 50 },
        };
  return { atMs, newestEpisode: null, plan, state: null, incident };
};

async function take(run: Run, look: Look): Promise<void> {
  await tellLook(run, look);
  await tellHold(run, look);
  await tellStill(run, look);
}

const steps = fc.array(
  fc.record({
    seen: fc.constantFrom<Seen>('full-before-help', 'at-maximum', 'none', 'unknown'),
    hoursToFull: fc.constantFrom(0.2, 1, 5, 20, 100),
    brokerId: fc.constantFrom(1, 2),
    // A look takes a second.
    minutes: fc.constantFrom(1 / 60, 1, 30, 45, 90, 600, 1_500),
    isDeaf: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

test('whatever looks saw, with whatever gaps, and whenever the bus was deaf: what is open there is what the last one saw that could judge it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (looks) => {
      const { run, world, isOpen } = openWords();
      let atMs = noonMs;
      let isFilling = false;
      for (const { seen, hoursToFull, brokerId, minutes, isDeaf } of looks) {
        atMs += minutes * minuteMs;
        world.isDeaf = isDeaf;
        await take(run, lookOf(seen, atMs, hoursToFull, brokerId));
        if (seen !== 'unknown') isFilling = seen !== 'none';
        if (isDeaf) continue;
        expect(isOpen('storage-scaling', 'unknown')).toBe(seen === 'unknown');
        // While nobody knows how the disks stand, nobody opens what the bus did not take before.
        if (seen !== 'unknown' || !isFilling) expect(isOpen('storage-capacity')).toBe(isFilling);
        if (seen === 'at-maximum' || seen === 'full-before-help') expect(isOpen('storage-capacity', seen)).toBe(true);
        if (seen !== 'unknown')
          expect([...run.memory.faults.values()].some((one) => one.endedBy !== undefined)).toBe(false);
      }
    }),
    cases(300, 10_000),
  );
});

const every30 = (...seen: readonly Seen[]): readonly Look[] =>
  seen.map((one, index) => lookOf(one, noonMs + index * 30 * minuteMs, 5));

describe('a fault that a look misses', () => {
  test.each<[string, Seen, string]>([
    ['a disk that is full before help', 'full-before-help', 'storage-capacity|broker 2'],
    ['what nobody knows', 'unknown', 'storage-scaling|call cloudwatch:GetMetricData'],
  ])(
    '%s is closed, opened at the next that finds it, and said to be so at each one after',
    async (_what, seen, key) => {
      const { run, words } = openWords();
      for (const look of every30(seen, 'none', ...Array<Seen>(42).fill(seen))) await take(run, look);
      const own = words.filter((one) => one.key === key).map(({ change }) => change);
      expect(own.slice(0, 3)).toEqual(['opened', 'closed', 'opened']);
      expect(own.slice(3)).toEqual(Array<string>(41).fill('still'));
    },
  );
});

test('an opening that was lost behind the bus is heard by the next look', async () => {
  const { run, world, isOpen } = openWords();
  const [first, second] = every30('full-before-help', 'full-before-help');
  if (first === undefined || second === undefined) throw new TypeError('two looks');
  world.isLost = true;
  await take(run, first);
  expect(isOpen('storage-capacity')).toBe(false);
  world.isLost = false;
  await take(run, second);
  expect(isOpen('storage-capacity', 'full-before-help')).toBe(true);
});

test('that it was over, which nobody took, is owed no longer where it goes on', async () => {
  const { run, world, isOpen } = openWords();
  const deaf = [false, true, false];
  for (const [index, look] of every30('full-before-help', 'none', 'full-before-help').entries()) {
    world.isDeaf = deaf[index] === true;
    await take(run, look);
  }
  expect(isOpen('storage-capacity')).toBe(true);
  expect([...run.memory.undeliveredByName.keys()].filter((name) => name.startsWith('over'))).toEqual([]);
});
