import { KafkaClient, type NodeInfo } from '@aws-sdk/client-kafka';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parseAnswer } from '../../shared/aws/answer.ts';
import { fetchMskCluster, idsOfAll } from '../../shared/aws/msk.ts';
import { nodesAnswer } from '../../shared/aws/msk-answers.ts';
import { type Answered, ask, known } from '../../shared/core/known.ts';
import { clusterClaimNameOf, functionNameOf } from '../../shared/deployment/names.ts';
import { fetchContentProblems, fetchHeartbeatProblems } from '../account/endpoint-secrets.ts';
import { askToFind } from '../account/find.ts';
import { fetchBootstrapForms, fetchNodeForms, fetchScramSecretArns } from '../account/msk-forms.ts';
import { fetchQuotas } from '../account/quotas.ts';
import {
  fetchParameter,
  fetchSecretFacts,
  fetchStackClaim,
  type ParameterFacts,
  type StackClaim,
} from '../account/references.ts';
import { fetchReservations } from '../account/reservations.ts';
import { fetchSmsLimits } from '../account/subscriptions.ts';
import type { Target } from '../target.ts';
import type { ClusterFacts } from './cluster.ts';
import { killSwitchWords } from './kill-switch.ts';
import { hasSmsChannel, type QuotaFacts, reservesAny } from './quotas.ts';
import { clusterSecretIdOf, endpointsInUse, isReadAtRunTime, type ReferenceFacts } from './references.ts';

/** What is there before anything is deployed: the cluster, what mskeeper.yml refers to, the account's quotas. */

const modeOf = (nodes: readonly NodeInfo[]): 'kraft' | 'zookeeper' | undefined => {
  if (nodes.some(({ ControllerNodeInfo }) => ControllerNodeInfo !== undefined)) return 'kraft';
  return nodes.some(({ ZookeeperNodeInfo }) => ZookeeperNodeInfo !== undefined) ? 'zookeeper' : undefined;
};

const mapKnown = <From, To>(fetched: Answered<From>, map: (value: From) => To): Answered<To> =>
  fetched.isKnown ? known(map(fetched.value)) : fetched;

/** As the procedures read the list. @throws DependencyError where one that may be a broker tells no id */
const brokerIdsOf = (nodes: readonly NodeInfo[]): readonly number[] => [
  ...new Set(idsOfAll(parseAnswer('kafka:ListNodes', nodesAnswer, { NodeInfoList: nodes }).items)),
];

/** The cluster as MSK tells it, and the ids of its brokers. */
export const fetchClusterFacts = async ({ context, calls, clientOf }: Target): Promise<ClusterFacts> => {
  const msk = clientOf(KafkaClient);
  const { arn } = context.cluster;
  const [cluster, nodes, listeners] = await Promise.all([
    askToFind(() => fetchMskCluster(msk, calls, arn)),
    ask(() => fetchNodeForms(msk, calls, arn)),
    ask(() => fetchBootstrapForms(msk, calls, arn)),
  ]);
  return {
    cluster,
    metadataMode: mapKnown(nodes, modeOf),
    listeners: mapKnown(listeners, (forms) => Object.keys(forms)),
    brokerIds: nodes.isKnown ? await ask(async () => brokerIdsOf(nodes.value)) : nodes,
  };
};

const byKey = async <Value>(
  keys: readonly string[],
  fetch: (key: string) => Promise<Value>,
): Promise<Readonly<Record<string, Value>>> =>
  Object.fromEntries(
    await Promise.all([...new Set(keys)].map(async (key): Promise<[string, Value]> => [key, await fetch(key)])),
  );

/** The parameters and secrets that mskeeper.yml names, and whether those that a function reads have its fields; no value leaves this function. */
export const fetchReferenceFacts = async ({ context, calls, clientOf }: Target): Promise<ReferenceFacts> => {
  const ssm = clientOf(SSMClient);
  const secretsManager = clientOf(SecretsManagerClient);
  const inUse = endpointsInUse(context);
  const endpoints = Object.values(inUse);
  const { heartbeat } = context.configuration.channels;
  const clusterSecretId = clusterSecretIdOf(context);
  const parameters = [
    ...endpoints.flatMap((one) => ('parameter' in one ? [one.parameter] : [])),
    ...(heartbeat === undefined ? [] : [heartbeat.parameter]),
  ];
  const secrets = endpoints.flatMap((one) => ('secret' in one ? [one.secret] : []));
  const isScram = context.cluster.authentication.kind === 'scram';
  const readAtRunTime = Object.entries(inUse).flatMap(([name, one]) =>
    isReadAtRunTime(one) ? [[name, one] as const] : [],
  );
  const [parameterByName, secretById, problems, heartbeatProblems, scramSecretArns] = await Promise.all([
    byKey(parameters, (name) => askToFind(() => fetchParameter(ssm, calls, name))),
    byKey([...secrets, ...(clusterSecretId === undefined ? [] : [clusterSecretId])], (id) =>
      askToFind(() => fetchSecretFacts(secretsManager, calls, id)),
    ),
    Promise.all(
      readAtRunTime.map(
        async ([name, one]) =>
          [name, await askToFind(() => fetchContentProblems({ secretsManager, ssm }, calls, one))] as const,
      ),
    ),
    heartbeat === undefined
      ? Promise.resolve(undefined)
      : askToFind(() => fetchHeartbeatProblems(ssm, calls, heartbeat.parameter)),
    isScram
      ? ask(() => fetchScramSecretArns(clientOf(KafkaClient), calls, context.cluster.arn))
      : Promise.resolve(undefined),
  ]);
  const problemsByEndpoint = Object.fromEntries(problems);
  return {
    parameterByName,
    secretById,
    problemsByEndpoint,
    ...(heartbeatProblems !== undefined && { heartbeatProblems }),
    ...(scramSecretArns !== undefined && { scramSecretArns }),
  };
};

/** What the kill switch says, if it is one of its words. */
export const fetchKillSwitch = ({ context, calls, clientOf }: Target): Promise<Answered<ParameterFacts | undefined>> =>
  askToFind(() =>
    fetchParameter(clientOf(SSMClient), calls, context.configuration.killSwitch.parameter, killSwitchWords),
  );

/** Which stack keeps the cluster, as the door of acts would read it. */
export const fetchClusterClaim = ({ context, calls, clientOf }: Target): Promise<Answered<StackClaim | undefined>> =>
  askToFind(() => fetchStackClaim(clientOf(SSMClient), calls, clusterClaimNameOf(context)));

/** The quotas that this stack can run into. */
export const fetchQuotaFacts = async ({ context, calls, clientOf }: Target): Promise<QuotaFacts> => {
  const quotas = clientOf(ServiceQuotasClient);
  const names = context.functions.map(({ slug }) => functionNameOf(context, slug));
  const [lambda, reservations, sms] = await Promise.all([
    ask(() => fetchQuotas(quotas, calls, 'lambda')),
    reservesAny(context) ? ask(() => fetchReservations(clientOf(LambdaClient), calls, names)) : undefined,
    hasSmsChannel(context) ? ask(() => fetchSmsLimits(clientOf(SNSClient), calls)) : undefined,
  ]);
  return { lambda, ...(reservations !== undefined && { reservations }), ...(sms !== undefined && { sms }) };
};
