import { STSClient } from '@aws-sdk/client-sts';
import { compositesOf } from '../../infra/stack/alarms.ts';
import { ask } from '../../shared/core/known.ts';
import { fetchIdentity } from '../account/identity.ts';
import type { Target } from '../target.ts';
import { evaluateAlarms } from './alarms.ts';
import { evaluateBrokers } from './brokers.ts';
import { evaluateCluster } from './cluster.ts';
import { evaluateClusterClaim } from './cluster-claim.ts';
import { evaluateCredentials } from './credentials.ts';
import { evaluateDeployer } from './deployer.ts';
import { evaluateFallback } from './fallback.ts';
import type { DoctorFinding } from './finding.ts';
import {
  fetchClusterClaim,
  fetchClusterFacts,
  fetchKillSwitch,
  fetchQuotaFacts,
  fetchReferenceFacts,
} from './gather-account.ts';
import { fetchApproverRoles, fetchDeployerFacts, fetchSimulatedStatements } from './gather-permissions.ts';
import {
  fetchAlarmList,
  fetchBrokerView,
  fetchCompositeList,
  fetchDurableOffer,
  fetchStackFacts,
  fetchSubscriptionFacts,
} from './gather-stack.ts';
import { evaluateKillSwitch } from './kill-switch.ts';
import { evaluatePermissions } from './permissions.ts';
import { evaluateProtection, fetchProtectionFact } from './protection.ts';
import { evaluateQuotas } from './quotas.ts';
import { evaluateReferences } from './references.ts';
import { evaluateSessionNames } from './session-names.ts';
import { evaluateDeployment, evaluateDurable, evaluateStack, type StackFacts } from './stack.ts';
import { evaluateSubscriptions } from './subscriptions.ts';

/** Checks that need credentials alone. */
const ofTheAccount = ['cluster', 'references', 'kill-switch', 'cluster-claim', 'durable-functions', 'quotas', 'stack'];
/** Checks that need the stack, in the order in which they are told. */
const ofTheStack = ['permissions', 'subscriptions', 'alarms', 'brokers'];

const skipped = (checks: readonly string[], message: string): readonly DoctorFinding[] =>
  checks.map((check) => ({ check, subject: check, status: 'skipped', message }));

/** The bucket's name is CloudFormation's choice; the functions that write there are told. */
const bucketNameIn = (facts: StackFacts): string | undefined =>
  Object.values(facts)
    .map((one) => (one.isKnown ? one.value?.environment.MSKEEPER_BUCKET : undefined))
    .find((name) => name !== undefined);

const examineStack = async (
  target: Target,
  facts: StackFacts,
  { brokerIds }: Awaited<ReturnType<typeof fetchClusterFacts>>,
): Promise<readonly DoctorFinding[]> => {
  const { context } = target;
  const expectedBrokerIds = brokerIds.isKnown ? brokerIds.value : target.context.cluster.brokerIds;
  const expectedComposites = compositesOf(context);
  const [simulated, subscriptions, alarms, composites, view, protection] = await Promise.all([
    fetchSimulatedStatements(target, bucketNameIn(facts)),
    fetchSubscriptionFacts(target),
    fetchAlarmList(target),
    fetchCompositeList(target, expectedComposites),
    fetchBrokerView(target, expectedBrokerIds),
    fetchProtectionFact(target),
  ]);
  return [
    ...evaluatePermissions(simulated),
    ...evaluateSubscriptions(context, subscriptions),
    ...evaluateAlarms(context, { alarms, brokerIds }),
    ...evaluateFallback(expectedComposites, composites),
    ...evaluateBrokers(expectedBrokerIds, view),
    ...evaluateProtection(context, protection),
  ];
};

/**
 * Everything that the doctor asks, and what it makes of the answers. Nothing is changed: it describes, lists, simulates,
 * and invokes kafka-read, which only looks.
 *
 * @param options.shouldAskDeployer also after a deploy: whether these credentials may deploy the next one
 */
export const examine = async (
  target: Target,
  options: { readonly shouldAskDeployer: boolean },
): Promise<readonly DoctorFinding[]> => {
  const { context, calls, clientOf } = target;
  const identity = await ask(() => fetchIdentity(clientOf(STSClient), calls));
  const credentials = evaluateCredentials(context, identity);
  if (!identity.isKnown || credentials.status === 'failed')
    return [credentials, ...skipped([...ofTheAccount, ...ofTheStack], 'the credentials do not serve')];
  const [cluster, stack, references, killSwitch, claim, roles, durable, quotas] = await Promise.all([
    fetchClusterFacts(target),
    fetchStackFacts(target),
    fetchReferenceFacts(target),
    fetchKillSwitch(target),
    fetchClusterClaim(target),
    fetchApproverRoles(target),
    fetchDurableOffer(target),
    fetchQuotaFacts(target),
  ]);
  const deployment = evaluateDeployment(stack);
  const shouldAskDeployer = options.shouldAskDeployer || deployment === 'absent';
  return [
    credentials,
    ...evaluateCluster(context, cluster),
    ...evaluateReferences(context, references),
    evaluateKillSwitch(context, killSwitch),
    evaluateClusterClaim(context, stack, claim),
    ...evaluateSessionNames(context, roles),
    evaluateDurable(context.cluster.region, durable),
    ...evaluateQuotas(context, quotas),
    ...(shouldAskDeployer ? evaluateDeployer(await fetchDeployerFacts(target, identity.value)) : []),
    ...evaluateStack(context.clusterKey, stack),
    ...(deployment === 'absent' ? skipped(ofTheStack, 'not deployed') : await examineStack(target, stack, cluster)),
  ];
};
