import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestBlindMs } from '../../../../../functions/capacity/storage-scaling/core/guards.ts';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError, NotToldError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { cases } from '../../../../support/depth.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import {
  approverAda,
  openStorageWorld,
  refusedUpdate,
  type StorageWorld,
} from '../../../../support/storage-scaling/world.ts';

/** What telling may take between two looks where SNS and the bus answer at their last try only. */
const tellingMs = 15 * minuteMs;
/** The one number: nothing that a run waits for keeps it from the disks for longer. */
const longestUnseenMs = longestBlindMs + tellingMs;

/** Runs it, and says when it looked at the disks to judge by them: such a look asks for the policy's minutes, another does not. */
async function looksOf({ run, ports }: StorageWorld) {
  const lookedAtMs: number[] = [];
  const { configuration } = ports.configuration;
  const policy = { ...configuration.policy, scaling: { diskUsedPercent: { warning: 80, warningForMinutes: 1 } } };
  const own: Ports = {
    ...ports,
    configuration: { ...ports.configuration, configuration: { ...configuration, policy } },
    fetchDisks: (atMs, forMinutes) => {
      if (forMinutes > 0) lookedAtMs.push(run.nowMs());
      return ports.fetchDisks(atMs, forMinutes);
    },
  };
  const result = await scaleStorage(input, run.durable, own).catch((error: unknown) => {
    expect(error).toBeInstanceOf(NotToldError);
    return { outcome: 'failed' as const };
  });
  const times = [noonMs, ...lookedAtMs, run.nowMs()];
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  return { result, longestMs: Math.max(...gaps) };
}

/** Fills from 82 % at noon to the brim within two hours. */
const fillsFast = ({ world }: StorageWorld): void => {
  world.usedGiB = (atMs) => (atMs < noonMs - hourMs / 3 ? 395 : Math.min(500, 410 + ((atMs - noonMs) / hourMs) * 45));
};
const pagesOf = ({ world }: StorageWorld) => world.told.filter(({ severity }) => severity === 'critical');

describe('a disk that fills while the run waits', () => {
  test('for a person: people read how long it lasts with the request, are paged as it shrinks, and read of now at the end', async () => {
    const storage = openStorageWorld({ approval: { isRequired: true, timeoutMinutes: 24 * 60 } });
    fillsFast(storage);
    expect(await scale(storage)).toMatchObject({ outcome: 'not-approved', reason: 'timed-out' });
    const request = storage.world.told.find(({ headline }) => headline.includes('Waits for approval'));
    expect(request?.headline).toContain("At its present pace broker 1's disk is full in 6 h.");
    expect(storage.run.requests[0]?.plan.message).toContain('is full in 6 h.');
    const pages = pagesOf(storage);
    expect(pages[0]).toMatchObject({
      atMs: noonMs,
      headline: expect.stringMatching(/is full in 6 h\..*waits for a person’s yes, until 2026-01-15 12:00 UTC at most/),
    });
    expect(pages[0]?.findings[0]).toMatchObject({ reason: 'full-before-help', evidence: { hoursUntilHelp: 24 } });
    const fullAtMs = noonMs + 2 * hourMs;
    expect(pages.filter(({ atMs }) => atMs < fullAtMs).length).toBeGreaterThanOrEqual(3);
    expect(pages.at(-1)).toMatchObject({
      atMs: noonMs + dayMs,
      headline: expect.stringMatching(/^Storage is not enlarged to 600 GiB: nobody answered.* 100 % full/),
      findings: [{ reason: 'approval-timed-out', evidence: { usedPercent: 100 } }],
    });
  });

  test('for a person who was not to be reached in time is a page only where it fills before he may say no', async () => {
    const open = (timeoutMinutes: number) => {
      const storage = openStorageWorld({ approval: { isRequired: true, timeoutMinutes } });
      // Full in twenty hours.
      storage.world.usedGiB = (atMs) => 425 + ((atMs - noonMs) / hourMs) * 3.75;
      return storage;
    };
    const [short, long] = [open(60), open(24 * 60)];
    await scale(short);
    await scale(long);
    // The request itself, and that nobody answered.
    expect(pagesOf(short).map(({ findings }) => findings[0]?.reason)).toEqual([
      'above-threshold',
      'approval-timed-out',
    ]);
    expect(pagesOf(long)[0]?.atMs).toBe(noonMs);
    expect(pagesOf(long)[0]?.findings[0]?.reason).toBe('full-before-help');
  });

  test('for MSK: a page within the hour, and more as it shrinks', async () => {
    const storage = openStorageWorld();
    storage.world.operationMs = 12 * hourMs;
    fillsFast(storage);
    await scale(storage);
    const pages = pagesOf(storage).filter(({ atMs }) => atMs < noonMs + 2 * hourMs);
    expect(pages.map(({ findings }) => findings[0]?.reason)).toEqual(['full-before-help', 'full-before-help']);
    expect(pages[0]?.atMs).toBeLessThanOrEqual(noonMs + longestBlindMs);
  });

  test('for the truth about a lost call: a page that says what stands in the way', async () => {
    const storage = openStorageWorld();
    fillsFast(storage);
    storage.world.failing.set(
      'applyStorage',
      new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer'),
    );
    await scale(storage);
    const [page] = pagesOf(storage);
    expect(page?.atMs).toBeLessThanOrEqual(noonMs + longestBlindMs);
    expect(page?.headline).toContain('stopped (outcome-unknown)');
  });

  test('an approval that a newer episode overtakes is waited for no longer', async () => {
    const storage = openStorageWorld({ approval: { isRequired: true, timeoutMinutes: 24 * 60 } });
    const { fetchDisks } = storage.ports;
    const ports: Ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + hourMs) storage.world.episode = input.episode + 1;
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.run.nowMs()).toBeLessThan(noonMs + 3 * hourMs);
  });
});

type Trouble = {
  readonly port: keyof Ports;
  readonly failure: 'throttled' | 'denied';
  readonly fromHours: number;
  readonly hours: number;
};
type History = {
  readonly isApproved: boolean;
  readonly timeoutMinutes: number;
  readonly answers: readonly ('yes' | 'no' | 'void' | 'silence')[];
  readonly answerMinutes: number;
  readonly operationHours: number;
  readonly willFail: boolean;
  readonly lockHours: number;
  readonly isKilledHours: number;
  readonly call: 'taken' | 'lost' | 'refused';
  readonly growthGiBPerHour: number;
  readonly troubles: readonly Trouble[];
};

const failingPorts = [
  'fetchCluster',
  'fetchOperations',
  'fetchOperation',
  'fetchAutoScaling',
  'fetchDisks',
  'fetchAlarms',
  'fetchEpisode',
  'fetchView',
  'keepApproval',
  'proveCaller',
  'applyStorage',
  'publish',
] as const satisfies readonly (keyof Ports)[];

const histories: fc.Arbitrary<History> = fc.record({
  isApproved: fc.boolean(),
  timeoutMinutes: fc.constantFrom(5, 30, 90, 1_440, 4_320),
  answers: fc.array(fc.constantFrom('yes', 'no', 'void', 'silence'), { maxLength: 5 }),
  answerMinutes: fc.nat({ max: 3_000 }),
  operationHours: fc.constantFrom(0.1, 2, 13, 60),
  willFail: fc.boolean(),
  lockHours: fc.constantFrom(0, 5, 30),
  isKilledHours: fc.constantFrom(0, 0, 7),
  call: fc.constantFrom('taken', 'taken', 'lost', 'refused'),
  growthGiBPerHour: fc.constantFrom(0, 0.5, 5, 40),
  troubles: fc.array(
    fc.record({
      port: fc.constantFrom(...failingPorts),
      failure: fc.constantFrom('throttled', 'denied'),
      fromHours: fc.double({ min: 0, max: 40, noNaN: true }),
      hours: fc.double({ min: 0, max: 60, noNaN: true }),
    }),
    { maxLength: 3 },
  ),
});

function openHistory(history: History): StorageWorld {
  const answers = [...history.answers];
  const storage = openStorageWorld({
    maxVolumeGiB: 1_200,
    approval: { isRequired: history.isApproved, timeoutMinutes: history.timeoutMinutes },
    run: {
      answerMs: history.answerMinutes * minuteMs,
      answer: () => {
        const answer = answers.shift() ?? 'silence';
        if (answer === 'silence') return undefined;
        return answer === 'void' ? 'yes' : { decision: answer === 'yes' ? 'approved' : 'refused', by: approverAda };
      },
    },
  });
  const { world, run, switches, ports } = storage;
  Object.assign(world, { operationMs: history.operationHours * hourMs, willFail: history.willFail });
  world.lockedUntilMs = noonMs + history.lockHours * hourMs;
  world.usedGiB = (atMs) => Math.min(world.volumeGiB, 425 + ((atMs - noonMs) / hourMs) * history.growthGiBPerHour);
  // Each port fails in its times, with pauses and retries of its own.
  const guarded = Object.fromEntries(
    failingPorts.map((port) => [
      port,
      async (...args: readonly unknown[]) => {
        const hours = (run.nowMs() - noonMs) / hourMs;
        switches.killSwitch = hours < history.isKilledHours ? 'on' : 'off';
        const trouble = history.troubles.find(
          (one) => one.port === port && hours >= one.fromHours && hours < one.fromHours + one.hours,
        );
        const error = trouble && new DependencyError(`aws:${port}`, trouble.failure, trouble.failure);
        if (error !== undefined) throw error;
        if (port === 'applyStorage' && history.call === 'refused') throw refusedUpdate('other');
        const answer: unknown = await Reflect.apply(ports[port], undefined, args);
        if (port === 'applyStorage' && history.call === 'lost')
          throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
        return answer;
      },
    ]),
  );
  return { ...storage, ports: { ...ports, ...guarded } };
}

test('whatever a run waits for, and whatever fails meanwhile, it never looks away from the disks for longer, nor uses up its operations', async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const storage = openHistory(history);
      const { longestMs } = await looksOf(storage);
      most = Math.max(most, longestMs);
      expect(longestMs / minuteMs).toBeLessThanOrEqual(longestUnseenMs / minuteMs);
      expect(storage.run.meteredOperations()).toBeLessThan(3_000);
    }),
    cases(40, 5_000),
  );
  // The bound is no looser than it has to be.
  expect(most).toBeGreaterThanOrEqual(longestBlindMs);
});

const lasting: readonly (readonly [string, string, (storage: StorageWorld) => unknown])[] = [
  ['a cluster that heals', 'not-active', ({ world }) => Object.assign(world, { state: 'HEALING' })],
  [
    'storage that optimizes',
    'storage-optimizing',
    ({ world }) => Object.assign(world, { lockedUntilMs: Number.POSITIVE_INFINITY }),
  ],
  [
    'a lock that is renewed',
    'storage-locked',
    ({ world, run }) =>
      Object.defineProperty(world, 'operations', {
        get: () => [storageOperation(1 - (run.nowMs() - noonMs) / hourMs)],
      }),
  ],
  ['the kill switch', 'kill-switch', ({ switches }) => Object.assign(switches, { killSwitch: 'on' })],
  ['the maximum', 'at-maximum', ({ world }) => Object.assign(world, { volumeGiB: 1_000, usedGiB: () => 900 })],
  [
    'a source that may not be asked',
    'unknown',
    ({ world }) => world.failing.set('fetchDisks', new DependencyError('cloudwatch:GetMetricData', 'denied', 'no')),
  ],
  [
    'a source that is throttled',
    'unknown',
    ({ world }) =>
      world.failing.set('fetchOperations', new DependencyError('kafka:ListClusterOperationsV2', 'throttled', 'no')),
  ],
];

test.each(lasting)(
  '%s that lasts is told once a day at least, as long as the run does',
  async (_name, reason, arrange) => {
    const storage = openStorageWorld();
    arrange(storage);
    await scale(storage);
    const toldAtMs = storage.world.told
      .filter(({ findings }) => findings[0]?.reason === reason)
      .map(({ atMs }) => atMs);
    const times = [noonMs, ...toldAtMs, storage.run.nowMs()];
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(storage.run.nowMs() - noonMs).toBe(6 * dayMs);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(dayMs);
    // And no oftener than that.
    expect(toldAtMs.length).toBeLessThanOrEqual(7);
  },
);

test('a request that waits for days is told again each day, with how the disk is meanwhile', async () => {
  const storage = openStorageWorld({ approval: { isRequired: true, timeoutMinutes: 3 * 24 * 60 } });
  storage.world.usedGiB = (atMs) => 425 + (atMs - noonMs) / dayMs;
  await scale(storage);
  const requests = storage.world.told.filter(({ headline }) => headline.includes('Waits for approval'));
  expect(requests.map(({ atMs }) => Math.round((atMs - noonMs) / hourMs))).toEqual([0, 24, 47, 71]);
  expect(requests[1]?.headline).toMatch(/Waits for approval, 2910 min at most.*85 % full.*Meanwhile: .*85\.2 % full/);
});

test('a fault that was over is told again when it is back, however soon, and as over in between', async () => {
  const storage = openStorageWorld();
  const denied = new DependencyError('kafka:DescribeClusterV2', 'denied', 'denied');
  storage.world.state = 'HEALING';
  const { fetchCluster } = storage.ports;
  const ports: Ports = {
    ...storage.ports,
    fetchCluster: async () => {
      const hours = (storage.run.nowMs() - noonMs) / hourMs;
      if (hours < 0.2 || (hours > 12 && hours < 13) || (hours > 60 && Math.floor(hours * 2) % 2 === 0)) throw denied;
      return fetchCluster();
    },
  };
  await scaleStorage(input, storage.run.durable, ports);
  const words = storage.world.spoken.flatMap((one) =>
    one.kind === 'finding' && one.news.finding.reason === 'unknown'
      ? [{ change: one.news.change, hours: Math.round((one.atMs - noonMs) / hourMs) }]
      : [],
  );
  const opened = words.filter(({ change }) => change === 'opened').map(({ hours }) => hours);
  expect(opened.slice(0, 3)).toEqual([0, 12, 60]);
  expect(opened.length).toBeGreaterThan(60);
  const ends = words.filter(({ change }) => change !== 'still').map(({ change }) => change);
  expect(ends).toEqual(ends.map((_, index) => (index % 2 === 0 ? 'opened' : 'closed')));
});

test('an incident that eased is paged again when it presses anew', async () => {
  const storage = openStorageWorld({ maxVolumeGiB: 500 });
  storage.world.usedGiB = (atMs) => {
    const hours = (atMs - noonMs) / hourMs;
    if (hours < 0) return 440 + Math.max(0, hours + 0.3) * 150;
    return hours < 48 ? 485 : Math.min(500, 485 + (hours - 48) * 10);
  };
  await scale(storage);
  const pages = pagesOf(storage).filter(({ findings }) => findings[0]?.reason === 'at-maximum');
  const anew = pages.filter(({ atMs }) => atMs > noonMs + 48 * hourMs && atMs < noonMs + 50 * hourMs);
  expect(anew.length).toBeGreaterThanOrEqual(2);
  expect(anew.map(({ change }) => change)).toEqual(anew.map(() => 'worse'));
});
