import type { ClusterView, LookRequest } from '../../../../../shared/core/cluster-view.ts';
import { lookAtCluster } from '../../../../../shared/kafka/look/look.ts';
import type { FakeCluster } from '../../../../support/kafka/fake-cluster.ts';

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
