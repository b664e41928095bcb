import { randomUUID } from 'node:crypto';
import * as Kafka from '@aws-sdk/client-kafka';
import { pageOf } from '../../page.ts';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { bootstrapOf } from './bootstrap.ts';
import { type ClusterSpecification, describeV1, describeV2, type MskCluster, nodesOf } from './cluster.ts';
import { describeOperation, type MskOperation, stateDuring, summarise } from './operations.ts';

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
  finishOperation(operationArn: string, failure?: { code: string; message: string }): void;
};

type ByCluster = { ClusterArn: string };
type Paged = ByCluster & { MaxResults?: number; NextToken?: string };

/** Adds MSK to the world. */
export function createMsk(world: AwsWorld): Msk {
  const clusters = new Map<string, MskCluster>();
  const operations = new Map<string, MskOperation>();
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
  const findOperation = (arn: string): MskOperation => {
    const operation = operations.get(arn);
    if (operation) return operation;
    throw new AwsError('NotFoundException', 404, 'The operation does not exist.', {
      InvalidParameter: 'clusterOperationArn',
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
      GetBootstrapBrokers: onCluster('GetBootstrapBrokers', (input: ByCluster) => bootstrapOf(find(input.ClusterArn))),
      ListNodes: onCluster('ListNodes', (input: Paged) => {
        const { items, nextToken } = page(nodesOf(find(input.ClusterArn)), `nodes ${input.ClusterArn}`, input);
        return { NodeInfoList: items, NextToken: nextToken };
      }),
      ListClusterOperationsV2: onCluster('ListClusterOperationsV2', (input: Paged) => {
        find(input.ClusterArn);
        const newestFirst = [...operations.values()].filter((each) => each.clusterArn === input.ClusterArn).reverse();
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
        authorize: (input: { ClusterOperationArn: string }) => [
          { action: 'kafka:DescribeClusterOperationV2', resource: input.ClusterOperationArn },
        ],
        run: (input: { ClusterOperationArn: string }) => ({
          ClusterOperationInfo: describeOperation(findOperation(input.ClusterOperationArn)),
        }),
      },
    },
  });

  return {
    addCluster(specification) {
      const created = { currentVersion: newVersion(), activeOperationArn: undefined, createdMs: world.clock.nowMs() };
      clusters.set(specification.arn, { ...specification, ...created, state: 'ACTIVE' });
    },
    removeCluster: (arn) => void clusters.delete(arn),
    setState(arn, state) {
      find(arn).state = state;
    },
    setBrokers: (arn, brokers) => void clusters.set(arn, { ...find(arn), brokers }),
    startOperation(clusterArn, type) {
      const cluster = find(clusterArn);
      const arn = `${clusterArn.replace(':cluster/', ':cluster-operation/')}/${randomUUID()}`;
      const startMs = world.clock.nowMs();
      operations.set(arn, {
        arn,
        clusterArn,
        type,
        state: 'UPDATE_IN_PROGRESS',
        startMs,
        endMs: undefined,
        error: undefined,
      });
      cluster.state = stateDuring(type);
      cluster.activeOperationArn = arn;
      return arn;
    },
    finishOperation(operationArn, failure) {
      const operation = findOperation(operationArn);
      operation.endMs = world.clock.nowMs();
      operation.state = failure ? 'UPDATE_FAILED' : 'UPDATE_COMPLETE';
      operation.error = failure;
      const cluster = find(operation.clusterArn);
      cluster.state = 'ACTIVE';
      cluster.activeOperationArn = undefined;
      if (!failure) cluster.currentVersion = newVersion();
    },
  };
}

function onCluster<Input extends ByCluster>(
  operation: string,
  run: (input: Input) => unknown,
): OperationHandler<Input> {
  return { authorize: (input) => [{ action: `kafka:${operation}`, resource: input.ClusterArn }], run };
}

/** Opaque, like `KTVPDKIKX0DER`. */
function newVersion(): string {
  return `K${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
}
