import { describe, expect, test } from 'vitest';
import { longestBlindMs } from '../../../../../functions/capacity/storage-scaling/core/guards.ts';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;

/** What a role may be denied, by the port that asks it. */
const calls = {
  fetchEpisode: 's3:GetObject',
  fetchNewest: 'lambda:ListDurableExecutionsByFunction',
  fetchCluster: 'kafka:DescribeClusterV2',
  fetchOperations: 'kafka:ListClusterOperationsV2',
  fetchOperation: 'kafka:DescribeClusterOperationV2',
  fetchAutoScaling: 'application-autoscaling:DescribeScalableTargets',
  fetchDisks: 'cloudwatch:GetMetricData',
  fetchAlarms: 'cloudwatch:DescribeAlarms',
  fetchView: 'lambda:Invoke',
} as const satisfies Partial<Record<keyof Ports, string>>;
type Deniable = keyof typeof calls;
const deniable = Object.keys(calls).filter((port): port is Deniable => port in calls);

/** What changes something, asks a person or tells of it. */
const writes = {
  keepApproval: 's3:PutObject',
  proveCaller: 'sts:GetCallerIdentity',
  applyStorage: 'kafka:UpdateBrokerStorage',
  act: 's3:PutObject',
  publish: 'events:PutEvents',
} as const satisfies Partial<Record<keyof Ports, string>>;

test('every port that asks AWS is tried', () => {
  // A receipt is asked for where the policy wants one alone (run.telling.test.ts).
  const asksNothing = ['configuration', 'nowMs', 'reportProblem', 'fetchReceipt'];
  const asking = Object.keys(openStorageWorld().ports).filter((port) => !asksNothing.includes(port));
  expect(asking.toSorted()).toEqual([...deniable, ...Object.keys(writes)].toSorted());
});

test.each(Object.entries({ ...calls, ...writes }))(
  'a role that is denied what %s asks (%s) from any hour on: whoever can be told hears of it by its call within one look',
  async (port, call) => {
    for (const hours of [0, 1, 7]) {
      const answer = () => ({ decision: 'approved' as const, by: approverAda });
      const storage = openStorageWorld({
        approval: { isRequired: true, timeoutMinutes: 240 },
        run: { answer, answerMs: 2 * hourMs },
      });
      Object.assign(storage.world, { operationMs: 12 * hourMs, maxVolumeGiB: 1_000, usedGiB: () => 470 });
      storage.world.episode = port === 'fetchNewest' ? input.episode + 1 : undefined;
      const error = new DependencyError(call, 'denied', 'denied: AccessDeniedException: no');
      let deniedAtMs: number | undefined;
      const original: unknown = Reflect.get(storage.ports, port);
      if (typeof original !== 'function') throw new TypeError(port);
      const deniedPort = async (...args: readonly unknown[]) => {
        if (storage.run.nowMs() < noonMs + hours * hourMs) return Reflect.apply(original, undefined, args);
        deniedAtMs ??= storage.run.nowMs();
        throw error;
      };
      const ports: Ports = { ...storage.ports, [port]: deniedPort };
      const heardAtMs: number[] = [];
      const listen = (word: unknown) => {
        if (JSON.stringify(word).includes(call)) heardAtMs.push(storage.run.nowMs());
      };
      const own: Ports = {
        ...ports,
        publish: async (...word) => {
          await ports.publish(...word);
          listen(word);
        },
        // Where the bus takes nothing the log and a metric have it, and the run's own error.
        reportProblem: (message) => {
          ports.reportProblem(message);
          if (port === 'publish') listen(call);
        },
      };
      await scaleStorage(input, storage.run.durable, own).catch((thrown: unknown) => {
        expect(String(thrown)).toContain(call);
      });
      if (deniedAtMs === undefined) continue;
      expect(heardAtMs.length, `${hours} h`).toBeGreaterThan(0);
      expect((heardAtMs[0] ?? 0) - deniedAtMs, `${hours} h`).toBeLessThanOrEqual(longestBlindMs + 15 * minuteMs);
    }
  },
);

const deny = ({ world }: StorageWorld, port: Deniable): void => {
  world.failing.set(port, new DependencyError(calls[port], 'denied', 'denied: AccessDeniedException: no'));
};

/** Told as a page, each in a line. */
const pagesOf = ({ world }: StorageWorld): readonly string[] =>
  world.told.filter(({ severity }) => severity === 'critical').map(({ headline }) => headline);
const everythingTold = ({ world }: StorageWorld): string => JSON.stringify([world.told, world.plans]);

describe.each(deniable)('a role that is denied what %s asks', (port) => {
  test('from the moment on when MSK took the change: it is done, nothing says otherwise, and the call is named', async () => {
    const storage = openStorageWorld();
    const asked = new Set<string>();
    const ports: Ports = {
      ...storage.ports,
      applyStorage: async (...args) => {
        const accepted = await storage.ports.applyStorage(...args);
        deny(storage, port);
        asked.clear();
        return accepted;
      },
      [port]: async (...args: readonly unknown[]) => {
        asked.add(port);
        return Reflect.apply(storage.ports[port], undefined, args);
      },
    };
    await scaleStorage(input, storage.run.durable, ports).catch((error: unknown) => {
      // A run that cannot go on says which call it was; Lambda's own alarm is about it.
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toContain(calls[port]);
    });
    expect(storage.world.volumeGiB).toBe(600);
    expect(storage.world.updates).toHaveLength(1);
    // A run that stays blind ends in a page that says so, and never in one that the change went wrong.
    for (const page of pagesOf(storage)) {
      expect(page).toMatch(/^Storage scaling gave up after 6 days of waiting\. It last said: .* since nobody knows /);
      expect(page).toContain(calls[port]);
    }
    if (asked.has(port)) expect(everythingTold(storage)).toContain(calls[port]);
  });

  test('from the start: what it needs to act keeps it from acting, and is named', async () => {
    const storage = openStorageWorld();
    deny(storage, port);
    const result = await scaleStorage(input, storage.run.durable, storage.ports).catch((error: unknown) => {
      expect(error).toBeInstanceOf(Error);
      return { outcome: String(error) };
    });
    const isNeeded = !['fetchOperation', 'fetchAlarms', 'fetchView', 'fetchNewest'].includes(port);
    expect(storage.world.updates).toHaveLength(isNeeded ? 0 : 1);
    if (isNeeded) expect(result.outcome).not.toBe('expanded');
    if (isNeeded || port === 'fetchOperation') expect(everythingTold(storage)).toContain(calls[port]);
  });
});
