import {
  DescribeClusterOperationV2Command,
  DescribeClusterV2Command,
  GetBootstrapBrokersCommand,
  type GetBootstrapBrokersResponse,
  KafkaClient,
  ListClusterOperationsV2Command,
  ListNodesCommand,
} from '@aws-sdk/client-kafka';
import { splitServers } from '../core/bootstrap-servers.ts';
import type { Authentication } from '../core/configuration.ts';
import { DependencyError } from '../core/errors.ts';
import type { MskCluster, MskNode, MskOperation, MskOperationDetail } from '../core/msk-model.ts';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';
import { clusterAnswer, nodesAnswer, operationAnswer, operationsAnswer } from './msk-answers.ts';

/**
 * The MSK control plane, read only. All functions throw DependencyError: `denied`, `throttled`, `timed-out`,
 * `not-found`, `bad-answer` and so on, naming the call. Source: MSK API reference (`kafka` 2018-11-14).
 */
export const createMskClient = (): KafkaClient => createClient(KafkaClient);

/**
 * The cluster as MSK describes it: state, kind of brokers, their promised number, volume size in GiB. Kafka's brokers are
 * not asked. Source: DescribeClusterV2.
 *
 * @throws DependencyError naming `kafka:DescribeClusterV2`; `bad-answer` where a field that we need is absent
 */
export async function fetchMskCluster(client: KafkaClient, calls: CallScope, clusterArn: string): Promise<MskCluster> {
  const call = 'kafka:DescribeClusterV2';
  const command = new DescribeClusterV2Command({ ClusterArn: clusterArn });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  return parseAnswer(call, clusterAnswer, answer);
}

/** Every broker that MSK promises, once, by ascending id, those without one last; none for Serverless. */
export async function fetchMskNodes(
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
): Promise<readonly MskNode[]> {
  const call = 'kafka:ListNodes';
  const nodes = await fetchAllPages(call, async (nextToken) => {
    const command = new ListNodesCommand({ ClusterArn: clusterArn, MaxResults: 100, NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return parseAnswer(call, nodesAnswer, answer);
  });
  const named = new Map(nodes.flatMap((node) => (node.brokerId === undefined ? [] : [[node.brokerId, node] as const])));
  return [
    ...[...named].toSorted(([left], [right]) => left - right).map(([, node]) => node),
    ...nodes.filter(({ brokerId }) => brokerId === undefined),
  ];
}

/**
 * Ids of all brokers. A list that does not name every one promises less than there is, and a broker that nobody names could
 * die unseen: it counts as not known, and whoever needs all of them goes by MSK's own count and by mskeeper.yml.
 *
 * @throws DependencyError naming `kafka:ListNodes`: `bad-answer` where one has no id that can be read
 */
export function idsOfAll(nodes: readonly MskNode[]): readonly number[] {
  const ids = nodes.flatMap(({ brokerId }) => brokerId ?? []);
  if (ids.length === nodes.length) return ids;
  const why = `bad answer: ${nodes.length - ids.length} of ${nodes.length} nodes without a broker id that can be read`;
  throw new DependencyError('kafka:ListNodes', 'bad-answer', why);
}

const bootstrapField = {
  iam: 'BootstrapBrokerStringSaslIam',
  scram: 'BootstrapBrokerStringSaslScram',
  mtls: 'BootstrapBrokerStringTls',
  tls: 'BootstrapBrokerStringTls',
  plaintext: 'BootstrapBrokerString',
} as const satisfies Record<Authentication['kind'], keyof GetBootstrapBrokersResponse>;

/**
 * `host:port` of the listener that this kind of authentication needs, inside the VPC. MSK lists at most three brokers
 * here, not all: one that is no address is left out.
 *
 * @throws DependencyError `not-found` where the cluster has no such listener; `bad-answer` where none is an address
 */
export async function fetchBootstrapServers(
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
  authenticationKind: Authentication['kind'],
): Promise<readonly string[]> {
  const call = 'kafka:GetBootstrapBrokers';
  const command = new GetBootstrapBrokersCommand({ ClusterArn: clusterArn });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  const servers: unknown = answer[bootstrapField[authenticationKind]];
  const present = splitServers(typeof servers === 'string' ? servers : '');
  if (present.length === 0) {
    const message = `the cluster has no listener for ${authenticationKind}: enable it, or correct authentication in mskeeper.yml`;
    throw new DependencyError(call, 'not-found', message);
  }
  const addresses = present.filter((server) => /^[A-Za-z0-9.-]+:\d{1,5}$/.test(server));
  if (addresses.length > 0) return addresses;
  throw new DependencyError(call, 'bad-answer', 'bad answer: expected host:port with commas');
}

/** Fifty calls. MSK documents no order of its list, so that a part of it proves nothing of the newest. */
const mostOperations = 5_000;

/**
 * Every operation that MSK tells of, those under way, too; the newest first. Source: ListClusterOperationsV2.
 *
 * @throws DependencyError naming `kafka:ListClusterOperationsV2`; `failed` where there are more than 5,000
 */
export async function fetchMskOperations(
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
): Promise<readonly MskOperation[]> {
  const call = 'kafka:ListClusterOperationsV2';
  const fetchPage = async (nextToken: string | undefined) => {
    const command = new ListClusterOperationsV2Command({
      ClusterArn: clusterArn,
      MaxResults: 100,
      NextToken: nextToken,
    });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return parseAnswer(call, operationsAnswer, answer);
  };
  const operations = await fetchAllPages(call, fetchPage, mostOperations + 1);
  if (operations.length > mostOperations) {
    const message = `MSK lists more than ${mostOperations} operations in no order that it documents: the newest may be among those not read`;
    throw new DependencyError(call, 'failed', message);
  }
  return operations.toSorted((left, right) => (right.startedAtMs ?? 0) - (left.startedAtMs ?? 0));
}

/**
 * One operation with its target and its error. Source: DescribeClusterOperationV2.
 *
 * @throws DependencyError naming `kafka:DescribeClusterOperationV2`
 */
export async function fetchMskOperation(
  client: KafkaClient,
  calls: CallScope,
  operationArn: string,
): Promise<MskOperationDetail> {
  const call = 'kafka:DescribeClusterOperationV2';
  const command = new DescribeClusterOperationV2Command({ ClusterOperationArn: operationArn });
  const answer = await callAws(calls, call, (options) => client.send(command, options));
  return parseAnswer(call, operationAnswer, answer);
}
