import { describe, expect, test } from 'vitest';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

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

test('every port that asks AWS is tried', () => {
  const asking = Object.keys(openStorageWorld().ports).filter((port) => port.startsWith('fetch'));
  expect(asking.toSorted()).toEqual(deniable.toSorted());
});

const deny = ({ world }: StorageWorld, port: Deniable): void => {
  world.failing.set(port, new DependencyError(calls[port], 'denied', 'denied: AccessDeniedException: no'));
};

/** Told as a page, each in a line. */
const pagesOf = ({ world }: StorageWorld): readonly string[] =>
  world.told.filter(({ severity }) => severity === 'critical').map(({ headline }) => headline);
const everythingTold = ({ world }: StorageWorld): string => JSON.stringify([world.told, world.onBus]);

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
      expect(error).toBeInstanceOf(DependencyError);
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
      expect(error).toBeInstanceOf(DependencyError);
      return { outcome: String(error) };
    });
    const isNeeded = !['fetchOperation', 'fetchAlarms', 'fetchView', 'fetchNewest'].includes(port);
    expect(storage.world.updates).toHaveLength(isNeeded ? 0 : 1);
    if (isNeeded) expect(result.outcome).not.toBe('expanded');
    if (isNeeded || port === 'fetchOperation') expect(everythingTold(storage)).toContain(calls[port]);
  });
});
