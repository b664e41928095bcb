import {
  type Cluster,
  DescribeClusterV2Command,
  GetBootstrapBrokersCommand,
  type KafkaClient,
  ListNodesCommand,
  ListScramSecretsCommand,
  type NodeInfo,
} from '@aws-sdk/client-kafka';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/**
 * The MSK API's answers as they come, where shared/aws/msk.ts keeps only what procedures need: the doctor and conformance
 * look at the forms themselves. All throw DependencyError naming the call.
 */

/** Source: DescribeClusterV2. */
export const fetchClusterForm = async (client: KafkaClient, calls: CallScope, clusterArn: string): Promise<Cluster> => {
  const call = 'kafka:DescribeClusterV2';
  const command = new DescribeClusterV2Command({ ClusterArn: clusterArn });
  const { ClusterInfo } = await callAws(calls, call, (options) => client.send(command, options));
  if (ClusterInfo === undefined) throw new DependencyError(call, 'bad-answer', 'bad answer: expected ClusterInfo');
  return ClusterInfo;
};

/** Brokers and what stands beside them: controllers or ZooKeeper nodes. Source: ListNodes. */
export const fetchNodeForms = (
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
): Promise<readonly NodeInfo[]> => {
  const call = 'kafka:ListNodes';
  return fetchAllPages(call, async (nextToken) => {
    const command = new ListNodesCommand({ ClusterArn: clusterArn, MaxResults: 100, NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return { items: entriesOf(answer.NodeInfoList), nextToken: answer.NextToken };
  });
};

/** Every listener's addresses by the member's name: `BootstrapBrokerStringSaslIam`. Source: GetBootstrapBrokers. */
export const fetchBootstrapForms = async (
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
): Promise<Readonly<Record<string, string>>> => {
  const command = new GetBootstrapBrokersCommand({ ClusterArn: clusterArn });
  const { $metadata: _metadata, ...strings } = await callAws(calls, 'kafka:GetBootstrapBrokers', (options) =>
    client.send(command, options),
  );
  return Object.fromEntries(
    Object.entries(strings).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
};

/** Secrets associated with the cluster. Source: ListScramSecrets. */
export const fetchScramSecretArns = (
  client: KafkaClient,
  calls: CallScope,
  clusterArn: string,
): Promise<readonly string[]> => {
  const call = 'kafka:ListScramSecrets';
  return fetchAllPages(call, async (nextToken) => {
    const command = new ListScramSecretsCommand({ ClusterArn: clusterArn, MaxResults: 100, NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return { items: answer.SecretArnList ?? [], nextToken: answer.NextToken };
  });
};
