import { afterEach, beforeEach, vi } from 'vitest';
import type { ClusterView, LookRequest } from '../../../../../shared/core/cluster-view.ts';
import { lookAtCluster } from '../../../../../shared/kafka/look/look.ts';
import type { LookOptions } from '../../../../../shared/kafka/look/options.ts';
import type { FakeCluster } from '../../../../support/kafka/fake-cluster.ts';
import { serverOf } from '../../../../support/kafka/fake-witnesses.ts';

export const everything: LookRequest = {
  groups: true,
  commits: true,
  ends: 'both',
  logDirectories: true,
  topicSettings: ['min.insync.replicas'],
  expectedBrokerIds: [1, 2, 3],
};

/** A look at a cluster of scripted answers, asking for everything unless told otherwise. */
export const look = (
  cluster: FakeCluster,
  request: Partial<LookRequest> = {},
  deadlineMs = 60_000,
): Promise<ClusterView> =>
  lookAtCluster(
    { ...everything, ...request },
    {
      bootstrapServers: cluster.bootstrapServers,
      authentication: { kind: 'plaintext' },
      deadlineAtMs: Date.now() + deadlineMs,
      connectTimeoutMs: 1_000,
      open: cluster.open,
    },
  );

/** Of a file whose looks wait for nobody: every test has timers of its own. */
export const useFakeTime = (): void => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
};

/** Lets time pass by fake timers until a look at fake brokers is over. */
export const lookInFakeTime = async (
  open: NonNullable<LookOptions['open']>,
  request: Partial<LookRequest> = {},
  options: Partial<LookOptions> = {},
): Promise<ClusterView> => {
  let isOver = false;
  const looking = lookAtCluster(
    { ...everything, ...request },
    {
      bootstrapServers: [1, 2, 3].map(serverOf),
      authentication: { kind: 'plaintext' },
      deadlineAtMs: Date.now() + 45_000,
      connectTimeoutMs: 5_000,
      open,
      ...options,
    },
  ).finally(() => {
    isOver = true;
  });
  looking.catch(() => {});
  while (!isOver) await vi.advanceTimersByTimeAsync(50);
  return looking;
};
