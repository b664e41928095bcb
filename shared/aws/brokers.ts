import type { KafkaClient } from '@aws-sdk/client-kafka';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { splitServers } from '../core/bootstrap-servers.ts';
import type { ClusterView, LookRequest } from '../core/cluster-view.ts';
import type { ClusterConfiguration } from '../core/configuration.ts';
import type { CallScope } from '../run/call-scope.ts';
import { fetchClusterView } from './kafka-arm.ts';
import { fetchBootstrapServers } from './msk.ts';

/** How long a look may take once its function runs, and how long its answer is waited for. */
export type LookTime = { readonly withinMs: number; readonly patienceMs: number };

/**
 * The brokers of one cluster, looked at by the function inside the VPC: at the addresses of the configuration, or else at
 * those that MSK tells.
 *
 * @param planTime asked when the addresses are known, since to ask for them takes time
 * @returns a look; it throws DependencyError as `fetchBootstrapServers` and `fetchClusterView`
 */
export const openBrokers =
  (
    clients: { readonly msk: KafkaClient; readonly arm: LambdaClient },
    calls: CallScope,
    { arn, bootstrap, authentication }: ClusterConfiguration,
    armFunction: string,
  ) =>
  async (request: LookRequest, planTime: () => LookTime): Promise<ClusterView> => {
    const bootstrapServers =
      bootstrap === undefined
        ? await fetchBootstrapServers(clients.msk, calls, arn, authentication.kind)
        : splitServers(bootstrap);
    return fetchClusterView(clients.arm, calls, armFunction, { bootstrapServers, ...planTime() }, request);
  };
