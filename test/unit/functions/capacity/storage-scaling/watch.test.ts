import { describe, expect, test } from 'vitest';
import type { ClusterStorage } from '../../../../../functions/capacity/storage-scaling/core/observation.ts';
import { newMemory } from '../../../../../functions/capacity/storage-scaling/memory.ts';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { watchExpansion } from '../../../../../functions/capacity/storage-scaling/watch.ts';
import { DependencyError, type DependencyFailure } from '../../../../../shared/core/errors.ts';
import type { MskOperation, MskOperationDetail } from '../../../../../shared/core/msk-model.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { brokerDisk, clusterStorage, noonMs, samples } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;
const done: MskOperationDetail = {
  arn: 'arn:operation',
  type: 'INCREASE_BROKER_STORAGE',
  state: 'UPDATE_COMPLETE',
  startedAtMs: noonMs,
  endedAtMs: noonMs,
  targetVolumeGiB: 600,
};
/** A port that fails for good. */
const failing = (call: string, failure: DependencyFailure) => async (): Promise<never> => {
  throw new DependencyError(call, failure, failure);
};
const denied = async (): Promise<never> => {
  throw new DependencyError('kafka:Describe', 'denied', 'denied');
};

/** Watches an enlargement from 500 to 600 GiB with a threshold of 80 %, in a world where all is well but what `ports` says. */
async function watch(
  over: (storage: ReturnType<typeof openStorageWorld>) => Partial<Ports>,
  operationArn: string | null,
) {
  const storage = openStorageWorld();
  const { run } = storage;
  const ports: Ports = {
    ...storage.ports,
    fetchOperation: async () => done,
    fetchCluster: async () => clusterStorage({ volumeGiB: 600 }),
    fetchDisks: async () => disksAt(run.nowMs(), 71, 60, 50),
    fetchAlarms: async () => [],
    ...over(storage),
  };
  const memory = { ...newMemory(), attempts: 1 };
  const sizes = { fromGiB: 500, thresholdPercent: 80 };
  const ending = await watchExpansion(
    { input, ports, memory, durable: run.durable },
    { operationArn, toGiB: 600 },
    sizes,
  );
  // What the looks at the disks meanwhile could not read is told, too.
  const isOfLooks = (reason: string | undefined) => reason === 'unknown' || reason === 'not-readable';
  const words = storage.world.told.filter(({ findings }) => !isOfLooks(findings[0]?.reason));
  const [told] = words;
  const unread = storage.world.told.filter((one) => !words.includes(one)).map(({ headline }) => headline);
  return { ending, told, finding: told?.findings[0], tookMs: run.nowMs() - noonMs, count: words.length, unread };
}

const disksAt = (nowMs: number, ...percents: number[]) =>
  percents.map((percent, index) => ({
    ...brokerDisk(index + 1, percent),
    lastHour: samples(percent, 0, 1, 1).map(({ atMs, value }) => ({ atMs: atMs + nowMs - noonMs, value })),
  }));
const firingAlarm = { name: 'disk-warning', state: 'ALARM' } as const;

describe('the change is over', () => {
  /** The cluster as it stands for the first hour, and afterwards as it should. */
  const firstHour =
    (early: Partial<ClusterStorage>) =>
    ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
      fetchCluster: async () => clusterStorage({ volumeGiB: 600, ...(run.nowMs() < noonMs + hourMs ? early : {}) }),
    });

  test.each<[string, Partial<ClusterStorage>]>([
    ['while the cluster is not ACTIVE', { state: 'HEALING' }],
    ['while the volumes have another size', { volumeGiB: 599 }],
    ['while another operation runs', { activeOperationArn: 'arn:other' }],
  ])('not %s, though its operation has ended', async (_name, early) => {
    for (const operationArn of ['arn:operation', null]) {
      const { ending, tookMs } = await watch(firstHour(early), operationArn);
      expect(ending).toBe('verified');
      expect(tookMs).toBeGreaterThanOrEqual(hourMs);
      expect(tookMs).toBeLessThan(hourMs + 10 * minuteMs);
    }
  });

  test('at once where everything is as it should be', async () => {
    const { ending, tookMs, told, finding, count } = await watch(() => ({}), 'arn:operation');
    expect(ending).toBe('verified');
    expect(tookMs).toBeLessThan(minuteMs);
    expect(count).toBe(1);
    expect(told).toMatchObject({ kind: 'notice', severity: 'notice', dealing: { fault: 'disk', isOver: true } });
    expect(finding).toMatchObject({
      check: 'storage-scaling',
      subject: 'cluster',
      severity: 'notice',
      reason: 'expanded',
      sources: ['msk', 'cloudwatch'],
      evidence: { fromGiB: 500, toGiB: 600, isVerified: true, usedPercent: 71, volumeGiB: 600 },
    });
    expect(told?.headline).toMatch(/The fullest disk is now 71 % full, and the alarm is over\.$/);
    expect(told?.findings[1]).toMatchObject({
      check: 'infrastructure-code',
      severity: 'notice',
      reason: 'size-moved',
      evidence: { toGiB: 600 },
    });
  });

  test('not while its operation is under way, and no news is no end', async () => {
    const { endedAtMs: _ended, ...running } = { ...done, state: 'UPDATE_IN_PROGRESS' };
    const over = ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
      fetchOperation: async () => {
        if (run.nowMs() < noonMs + hourMs) return running;
        return run.nowMs() < noonMs + 2 * hourMs ? denied() : done;
      },
      fetchCluster: async () =>
        clusterStorage(
          run.nowMs() < noonMs + 2 * hourMs
            ? { state: 'UPDATING', volumeGiB: 600, activeOperationArn: 'arn:operation' }
            : { volumeGiB: 600 },
        ),
    });
    const { ending, tookMs } = await watch(over, 'arn:operation');
    expect(ending).toBe('verified');
    expect(tookMs).toBeGreaterThanOrEqual(2 * hourMs);
  });

  test.each<[string, Partial<ClusterStorage>, string]>([
    ['the volumes never have the size', { volumeGiB: 500 }, 'ACTIVE, 500 GiB'],
    ['the cluster never is ACTIVE again', { volumeGiB: 600, state: 'MAINTENANCE' }, 'MAINTENANCE, 600 GiB'],
  ])('never in a day where %s, and that is a page', async (_name, cluster, detail) => {
    const over = () => ({ fetchCluster: async () => clusterStorage(cluster) });
    const { ending, tookMs, told, finding } = await watch(over, 'arn:operation');
    expect(ending).toBe('not-ended');
    expect(tookMs).toBeGreaterThan(dayMs - 10 * minuteMs);
    expect(tookMs).toBeLessThan(dayMs + 10 * minuteMs);
    expect(told).toMatchObject({ kind: 'fault', severity: 'critical' });
    expect(finding).toMatchObject({
      reason: 'operation-not-ended',
      evidence: { operation: 'arn:operation', toGiB: 600 },
      message: expect.stringContaining(`has not ended for a day (${detail})`),
    });
  });

  test('without a size that MSK names it is not', async () => {
    const { volumeGiB: _volume, ...sizeless } = clusterStorage();
    const { ending, finding } = await watch(() => ({ fetchCluster: async () => sizeless }), null);
    expect(ending).toBe('not-ended');
    expect(finding).toMatchObject({ evidence: { operation: 'none' }, message: expect.stringContaining('no GiB') });
  });

  test.each<[string, Partial<MskOperationDetail>, string]>([
    ['its state says so', { state: 'UPDATE_FAILED' }, 'UPDATE_FAILED'],
    ['it carries an error, whatever its state', { errorMessage: 'no room' }, 'no room'],
  ])('as failed where %s, and that is a page at once', async (_name, more, detail) => {
    const { ending, tookMs, finding } = await watch(
      () => ({ fetchOperation: async () => ({ ...done, ...more }) }),
      'a',
    );
    expect(ending).toBe('failed');
    expect(tookMs).toBeLessThan(minuteMs);
    expect(finding).toMatchObject({
      severity: 'critical',
      reason: 'operation-failed',
      message: expect.stringContaining(`failed (${detail})`),
    });
  });
});

describe('an operation that nobody may describe', () => {
  const running: MskOperation = { arn: 'a', type: 'INCREASE_BROKER_STORAGE', state: 'UPDATE_IN_PROGRESS' };
  const notYet = clusterStorage({ volumeGiB: 500, state: 'UPDATING', activeOperationArn: 'a' });

  test.each<[string, DependencyFailure]>([
    ['may not be read', 'denied'],
    ['does not answer', 'timed-out'],
    ['is gone', 'not-found'],
  ])(
    'and that %s is over when the cluster has the size and nothing runs, and people read what was not',
    async (_name, failure) => {
      const over = ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
        fetchOperation: failing('kafka:DescribeClusterOperationV2', failure),
        fetchOperations: failing('kafka:ListClusterOperationsV2', failure),
        fetchCluster: async () => (run.nowMs() < noonMs + hourMs ? notYet : clusterStorage({ volumeGiB: 600 })),
      });
      const { ending, tookMs, told, count, unread } = await watch(over, 'a');
      expect(ending).toBe('verified');
      expect(unread.join('\n')).toContain('kafka:ListClusterOperationsV2');
      if (failure === 'denied') expect(unread[0]).toContain('kafka:DescribeClusterOperationV2 may not be asked');
      expect(tookMs).toBeLessThan(hourMs + 10 * minuteMs);
      expect(count).toBe(1);
      expect(told).toMatchObject({ kind: 'notice', severity: 'notice' });
      expect(told?.headline).toContain(
        `Not readable, so judged by the rest: kafka:DescribeClusterOperationV2: ${failure}`,
      );
    },
  );

  test('is known by MSK’s list: it goes on, or has failed', async () => {
    const blind = { fetchOperation: failing('kafka:DescribeClusterOperationV2', 'denied') };
    const over = ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
      ...blind,
      fetchOperations: async () => [
        run.nowMs() < noonMs + hourMs ? running : { ...running, state: 'UPDATE_FAILED', endedAtMs: noonMs },
      ],
      // Not even a cluster that looks as if it were over is believed against it.
      fetchCluster: async () => clusterStorage({ volumeGiB: 600 }),
    });
    const { ending, tookMs, finding } = await watch(over, 'a');
    expect(ending).toBe('failed');
    expect(tookMs).toBeGreaterThanOrEqual(hourMs);
    expect(finding).toMatchObject({ severity: 'critical', reason: 'operation-failed' });
  });

  test('and a cluster that nobody may describe are no page: a warning names both calls at once', async () => {
    const over = (): Partial<Ports> => ({
      fetchOperation: failing('kafka:DescribeClusterOperationV2', 'denied'),
      fetchOperations: failing('kafka:ListClusterOperationsV2', 'denied'),
      fetchCluster: failing('kafka:DescribeClusterV2', 'denied'),
    });
    const { ending, tookMs, told, finding } = await watch(over, 'a');
    expect(ending).toBe('not-ended');
    expect(tookMs).toBeLessThan(minuteMs);
    expect(told).toMatchObject({ kind: 'fault', severity: 'warning' });
    expect(finding?.reason).toBe('operation-unread');
    for (const call of ['DescribeClusterOperationV2', 'ListClusterOperationsV2', 'DescribeClusterV2'])
      expect(finding?.message).toContain(`kafka:${call}: denied`);
  });

  test('and whatever else is silent for a day is unknown, and no page', async () => {
    const over = (): Partial<Ports> => ({
      fetchOperation: failing('kafka:DescribeClusterOperationV2', 'throttled'),
      fetchOperations: failing('kafka:ListClusterOperationsV2', 'denied'),
      fetchCluster: failing('kafka:DescribeClusterV2', 'denied'),
    });
    const { ending, tookMs, finding } = await watch(over, 'a');
    expect(ending).toBe('not-ended');
    expect(tookMs).toBeGreaterThan(dayMs - 10 * minuteMs);
    expect(finding).toMatchObject({ severity: 'warning', reason: 'operation-unread' });
  });

  test('that has ended by its own word, on a cluster that nobody may describe, is looked at, and told as not readable', async () => {
    const over = (): Partial<Ports> => ({ fetchCluster: failing('kafka:DescribeClusterV2', 'denied') });
    const { ending, tookMs, told, finding } = await watch(over, 'a');
    expect(ending).toBe('not-verified');
    expect(tookMs).toBeLessThan(2 * hourMs);
    expect(told?.severity).toBe('warning');
    expect(finding?.message).toContain('kafka:DescribeClusterV2: denied');
  });
});

test('the operation is looked at soon, then less often, and every five minutes in the end', async () => {
  const looks: number[] = [];
  const over = ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
    fetchOperation: async () => {
      looks.push((run.nowMs() - noonMs) / 1_000);
      const { endedAtMs: _ended, ...running } = { ...done, state: 'UPDATE_IN_PROGRESS' };
      return looks.length < 13 ? running : done;
    },
  });
  await watch(over, 'arn:operation');
  expect(looks.slice(1).map((at, index) => at - (looks[index] ?? 0))).toEqual([
    15, 23, 34, 51, 76, 114, 171, 257, 300, 300, 300, 300,
  ]);
});

test('the disk is looked at soon after the change, then less often, and every five minutes in the end', async () => {
  const looks: number[] = [];
  const over = ({ run }: ReturnType<typeof openStorageWorld>): Partial<Ports> => ({
    fetchAlarms: async () => {
      looks.push((run.nowMs() - noonMs) / 1_000);
      return looks.length < 11 ? [firingAlarm] : [];
    },
  });
  const { ending } = await watch(over, null);
  expect(ending).toBe('verified');
  expect(looks.slice(1).map((at, index) => at - (looks[index] ?? 0))).toEqual([
    15, 23, 34, 51, 76, 114, 171, 257, 300, 300,
  ]);
});

describe('the change is verified', () => {
  /** The change is complete at the first look; what is verified afterwards is as `later` says. */
  const afterwards =
    (later: Partial<Ports>) =>
    (_storage: ReturnType<typeof openStorageWorld>): Partial<Ports> => {
      const { fetchCluster, ...others } = later;
      let asked = 0;
      return {
        ...others,
        ...(fetchCluster !== undefined && {
          fetchCluster: () => {
            asked += 1;
            return asked === 1 ? Promise.resolve(clusterStorage({ volumeGiB: 600 })) : fetchCluster();
          },
        }),
      };
    };

  test('at the threshold exactly, as no alarm fires there', async () => {
    const over = ({ run }: ReturnType<typeof openStorageWorld>) => ({
      fetchDisks: async () => disksAt(run.nowMs(), 60, 80, 50),
    });
    expect((await watch(over, null)).ending).toBe('verified');
  });

  test.each<[string, Partial<Ports>, RegExp, object]>([
    [
      'the volumes have another size',
      { fetchCluster: async () => clusterStorage({ volumeGiB: 599 }) },
      /MSK says 599, the fullest disk is 71 % full\.$/,
      { volumeGiB: 599, usedPercent: 71 },
    ],
    [
      'the cluster does not answer',
      { fetchCluster: denied },
      /MSK says no size, nobody knows how full the disks are\.$/,
      {},
    ],
    [
      'the disks do not answer',
      { fetchDisks: denied },
      /hour nobody knows how full the disks are\.$/,
      { volumeGiB: 600 },
    ],
    ['the alarms do not answer', { fetchAlarms: denied }, /71 % full, its alarms could not be read\.$/, {}],
    [
      'its alarm still fires',
      { fetchAlarms: async () => [firingAlarm, { name: 'other', state: 'OK' }] },
      /71 % full, disk-warning is still in ALARM\.$/,
      {},
    ],
  ])('never where %s: told after an hour, as a warning', async (_name, later, words, evidence) => {
    const { ending, tookMs, told, finding } = await watch(afterwards(later), 'arn:operation');
    expect(ending).toBe('not-verified');
    expect(tookMs).toBeGreaterThan(hourMs - 10 * minuteMs);
    expect(tookMs).toBeLessThan(hourMs + 10 * minuteMs);
    expect(told).toMatchObject({ kind: 'notice', severity: 'warning', headline: expect.stringMatching(words) });
    expect(finding).toMatchObject({ reason: 'not-verified', severity: 'warning' });
    expect(finding?.evidence).toMatchObject({ fromGiB: 500, toGiB: 600, isVerified: false, ...evidence });
  });

  test('by the only broker that there is', async () => {
    const alone = ({ run }: ReturnType<typeof openStorageWorld>) => ({
      fetchCluster: async () => clusterStorage({ volumeGiB: 600, brokerCount: 1 }),
      fetchDisks: async () => disksAt(run.nowMs(), 71),
    });
    expect((await watch(alone, null)).ending).toBe('verified');
  });

  test('never on a cluster without a broker that could say how full it is', async () => {
    const brokerless = () => ({
      fetchCluster: async () => clusterStorage({ volumeGiB: 600, brokerCount: 0 }),
      fetchDisks: async () => [],
    });
    const { ending, finding } = await watch(brokerless, null);
    expect(ending).toBe('not-verified');
    expect(finding?.evidence).not.toHaveProperty('usedPercent');
  });

  test('never where a disk is over the threshold, nor where a broker is missing or silent', async () => {
    for (const percents of [[60, 80.1, 50], [60, 50], []]) {
      const over = ({ run }: ReturnType<typeof openStorageWorld>) => ({
        fetchDisks: async () => disksAt(run.nowMs(), ...percents),
      });
      const { ending, finding } = await watch(over, null);
      expect(ending).toBe('not-verified');
      expect(finding?.evidence.usedPercent).toBe(percents.length === 3 ? 80.1 : undefined);
    }
  });
});
