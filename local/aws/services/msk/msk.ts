import * as Kafka from '@aws-sdk/client-kafka';
import { pageOf } from '../../page.ts';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { bootstrapOf } from './bootstrap.ts';
import { type ClusterSpecification, describeV1, describeV2, type MskCluster, nodesOf } from './cluster.ts';
import { createOperationHistory, newVersion } from './operation-history.ts';
import { describeOperation, type MskOperation, type OperationFailure, summarise } from './operations.ts';
import { createStorageOperations, type StorageBehaviour } from './storage-operation.ts';
import { targetOfBrokers, targetOfCluster } from './storage-update.ts';

/** MSK's control plane: what it answers, and how a drill changes it. */
export type Msk = {
  addCluster(specification: ClusterSpecification): void;
  removeCluster(arn: string): void;
  setState(arn: string, state: Kafka.ClusterState): void;
  /** New addresses, for a broker that came back elsewhere, or another count after an expansion. */
  setBrokers(arn: string, brokers: ClusterSpecification['brokers']): void;
  /** Starts an operation: the cluster leaves ACTIVE until it is finished. Gives the operation's ARN. */
  startOperation(clusterArn: string, type: string): string;
  /** Success changes CurrentVersion; a failure leaves it. */
  finishOperation(operationArn: string, failure?: OperationFailure): void;
  /** The cluster as it stands: its volume, state, version, and until when its storage is locked. */
  cluster(arn: string): Readonly<MskCluster>;
  /** Oldest first. */
  operations(clusterArn: string): readonly Readonly<MskOperation>[];
  /** Sets how changes of storage are taken from now on; a lock that holds already stays. */
  behaveOnStorage(behaviour: Partial<StorageBehaviour>): void;
};

type ByCluster = { ClusterArn: string };
type Paged = ByCluster & { MaxResults?: number; NextToken?: string };

/** Adds MSK to the world. */
export function createMsk(world: AwsWorld): Msk {
  const clusters = new Map<string, MskCluster>();
  const history = createOperationHistory(world.clock);
  const storage = createStorageOperations(world.clock, history);
  const find = (arn: string): MskCluster => {
    if (!arn.startsWith('arn:'))
      throw new AwsError('BadRequestException', 400, 'One or more of the parameters are not valid.', {
        InvalidParameter: 'clusterArn',
      });
    const cluster = clusters.get(arn);
    if (cluster) return cluster;
    throw new AwsError('NotFoundException', 404, `The cluster with the ARN ${arn} does not exist.`, {
      InvalidParameter: 'clusterArn',
    });
  };
  const page = <Item>(items: readonly Item[], list: string, { MaxResults, NextToken }: Paged) =>
    pageOf(items, { list, pageSize: MaxResults ?? 10, token: NextToken, badTokenCode: 'BadRequestException' });

  world.addService({
    signingName: 'kafka',
    protocol: 'rest-json',
    clientModule: Kafka,
    operations: {
      DescribeClusterV2: onCluster('DescribeClusterV2', (input: ByCluster) => ({
        ClusterInfo: describeV2(find(input.ClusterArn)),
      })),
      DescribeCluster: onCluster('DescribeCluster', (input: ByCluster) => ({
        ClusterInfo: describeV1(find(input.ClusterArn)),
      })),
      GetBootstrapBrokers: {
        authorize: () => onAnything('GetBootstrapBrokers'),
        run: (input: ByCluster) => bootstrapOf(find(input.ClusterArn)),
      },
      ListNodes: onCluster('ListNodes', (input: Paged) => {
        const { items, nextToken } = page(nodesOf(find(input.ClusterArn)), `nodes ${input.ClusterArn}`, input);
        return { NodeInfoList: items, NextToken: nextToken };
      }),
      ListClusterOperationsV2: onCluster('ListClusterOperationsV2', (input: Paged) => {
        find(input.ClusterArn);
        const newestFirst = history.of(input.ClusterArn).toReversed();
        const { items, nextToken } = page(newestFirst.map(summarise), `operations ${input.ClusterArn}`, input);
        return { ClusterOperationInfoList: items, NextToken: nextToken };
      }),
      ListScramSecrets: onCluster('ListScramSecrets', (input: Paged) => {
        const { items, nextToken } = page(
          find(input.ClusterArn).scramSecretArns ?? [],
          `secrets ${input.ClusterArn}`,
          input,
        );
        return { SecretArnList: items, NextToken: nextToken };
      }),
      DescribeClusterOperationV2: {
        authorize: () => onAnything('DescribeClusterOperationV2'),
        run: (input: { ClusterOperationArn: string }) => ({
          ClusterOperationInfo: describeOperation(history.find(input.ClusterOperationArn), world.clock.nowMs()),
        }),
      },
      UpdateBrokerStorage: onCluster('UpdateBrokerStorage', (input: ByCluster & Kafka.UpdateBrokerStorageRequest) =>
        storage.start(find(input.ClusterArn), {
          currentVersion: input.CurrentVersion,
          targetGiB: targetOfBrokers(input),
        }),
      ),
      UpdateStorage: onCluster('UpdateStorage', (input: ByCluster & Kafka.UpdateStorageRequest) =>
        storage.start(find(input.ClusterArn), {
          currentVersion: input.CurrentVersion,
          targetGiB: targetOfCluster(input),
        }),
      ),
    },
  });

  return {
    addCluster(specification) {
      clusters.set(specification.arn, {
        ...specification,
        volumeGiB: specification.volumeGiB,
        state: 'ACTIVE',
        currentVersion: newVersion(),
        activeOperationArn: undefined,
        createdMs: world.clock.nowMs(),
        storageLockedUntilMs: undefined,
      });
    },
    removeCluster: (arn) => void clusters.delete(arn),
    setState(arn, state) {
      find(arn).state = state;
    },
    setBrokers: (arn, brokers) => void Object.assign(find(arn), { brokers }),
    startOperation: (clusterArn, type) => history.start(find(clusterArn), type),
    finishOperation: history.finish,
    cluster: find,
    operations: history.of,
    behaveOnStorage: storage.behave,
  };
}

/** The Service Authorization Reference names no resource type for it: a policy has to say `*`, and no ARN is enough. */
const onAnything = (operation: string) => [{ action: `kafka:${operation}`, resource: '*' }];

function onCluster<Input extends ByCluster>(
  operation: string,
  run: (input: Input) => unknown,
): OperationHandler<Input> {
  return { authorize: (input) => [{ action: `kafka:${operation}`, resource: input.ClusterArn }], run };
}
