import { expect, test } from 'vitest';
import { deployment } from '../../../functions/capacity/storage-scaling/deployment.ts';
import { runWhole } from '../../support/durable/killed-run.ts';
import {
  approve,
  executionName,
  runFunction,
  runInput,
  type StorageScalingAccount,
  useStorageScalingAccounts,
  withEpisode,
} from '../../support/storage-scaling/account.ts';

const openAccount = useStorageScalingAccounts();

/** What the run asks before it acts, by what of the state each answers for. */
const placeOf = (resource: string): string =>
  resource
    .replace(/^.*:parameter\/mskeeper\/claims\/.*$/, 'claim of the cluster')
    .replace(/^.*:parameter\/mskeeper\/kill-switch$/, 'kill switch')
    .replace(/^.*\/state\/storage-scaling\/[^/]+$/, 'episode')
    .replace(/^.*\/audit\/[^/]+\/storage-scaling\/causes\/[^/]+$/, 'claim of the cause')
    .replace(/^.*\/audit\/.*$/, 'record')
    .replace(/^.*\/budget\/[^/]+$/, 'budget');

/** Reads of the run's own role up to the call that changes the cluster, and what of them came behind its last look. */
const readsIn = ({ standIn }: StorageScalingAccount): readonly string[] => {
  const own = standIn.world.calls.all.filter(({ roleName }) => roleName?.includes('-storage-scaling-run-') === true);
  const act = own.findIndex(({ operation }) => operation === 'UpdateBrokerStorage');
  return own
    .slice(0, act)
    .filter(({ operation }) => operation === 'GetObject' || operation === 'GetParameter')
    .flatMap(({ permissions }) => permissions.slice(0, 1).map(({ resource }) => placeOf(resource)));
};

/** Calls of the run's own role, by service and operation. */
const callCounts = ({ standIn }: StorageScalingAccount): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { service, operation, roleName } of standIn.world.calls.all) {
    const name = `${service}:${operation}`;
    if (roleName?.includes('-storage-scaling-run-') === true) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

test('an enlargement needs no more than the cost estimate says, and not much less', async () => {
  const { execution, trace, effects } = await runWhole({
    open: async () => {
      const account = await withEpisode(openAccount);
      account.standIn.msk.behaveOnStorage({ operationMs: 30 * 60_000 });
      return account;
    },
    functionName: runFunction,
    payload: runInput,
    executionName,
    effectsOf: (account): Readonly<Record<string, unknown>> => ({ ...callCounts(account), reads: readsIn(account) }),
    whileWaiting: approve,
  });
  expect(trace.result).toMatchObject({ outcome: 'expanded', toGiB: 200 });
  expect(effects.reads).toEqual([
    // A look; who opened the episode, before a person is asked; a look after the yes.
    'episode',
    'episode',
    'episode',
    // The door, which remembers nothing of what a look said.
    'claim of the cause',
    'kill switch',
    'claim of the cluster',
    'budget',
    'episode',
    'claim of the cluster',
    'kill switch',
  ]);
  // One more for the look at the disks half an hour after MSK took it.
  expect(effects['s3:GetObject']).toBe(7);
  const counted = {
    durableOperationCount: execution.usage.operationCount,
    invocationCount: execution.usage.invocationCount,
    s3ReadCount: effects['s3:GetObject'],
    s3WriteCount: effects['s3:PutObject'],
    metricCallCount: effects['monitoring:GetMetricData'],
  };
  const { act: _, ...declared } = deployment.run.actFootprint;
  for (const [name, most] of Object.entries(declared)) {
    expect(Object.entries(counted)).toContainEqual([name, expect.any(Number)]);
    const count = Number(Object.entries(counted).find(([one]) => one === name)?.[1]);
    expect(count, name).toBeLessThanOrEqual(most);
    expect(count, name).toBeGreaterThanOrEqual(most / 2);
  }
});
