import {
  adviseBrokerCount,
  adviseBrokerIds,
  type BrokerIdDifference,
  compareBrokerIds,
} from '../../../../shared/core/broker-ids.ts';
import type { Severity } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import type { HealthExpectation, HealthObservation, MskObservation } from './observation.ts';

const noUpdates = 'Produce and consume work; no update call is accepted until it is ACTIVE again.';

/** Each state's meaning: MSK Developer Guide, `msk-cluster-states`. Another word is `unknown`, not healthy. */
const meaningByState: Readonly<Record<string, readonly [Severity, string, string]>> = {
  ACTIVE: ['ok', 'active', 'MSK calls the cluster ACTIVE.'],
  CREATING: ['notice', 'creating', 'MSK is still creating the cluster; it serves nobody yet.'],
  MAINTENANCE: ['notice', 'maintenance', `MSK is patching the cluster, broker by broker. ${noUpdates}`],
  REBOOTING_BROKER: ['notice', 'rebooting-broker', `MSK is rebooting a broker. ${noUpdates}`],
  UPDATING: ['notice', 'updating', `MSK is updating the cluster. ${noUpdates}`],
  HEALING: [
    'warning',
    'healing',
    `MSK is replacing an unhealthy broker. ${noUpdates} Watch it; open a support case when it does not end.`,
  ],
  DELETING: ['emergency', 'deleting', 'The cluster is being deleted, with its data. If nobody meant to, act now.'],
  FAILED: ['emergency', 'failed', 'MSK calls the cluster FAILED: open a support case and prepare the failover.'],
};

const actionBySeverity: Readonly<Record<string, readonly [Severity, string, string]>> = {
  NONE: ['ok', 'none', 'MSK asks for no action.'],
  ACTION_RECOMMENDED: ['notice', 'recommended', 'MSK recommends an action: see the storage alert in the MSK console.'],
  CRITICAL_ACTION_REQUIRED: [
    'critical',
    'required',
    'MSK requires an action: storage is filling; see the storage alert in the MSK console.',
  ],
};

/** A word of MSK's may be one that every object has. */
const lookUp = <Meaning>(meanings: Readonly<Record<string, Meaning>>, word: string): Meaning | undefined =>
  Object.hasOwn(meanings, word) ? meanings[word] : undefined;

/** H1 cluster state, storage alerts, and what the configuration promises against what MSK has. */
export function evaluateClusterState({ seen, expected }: HealthFacts): Judgement {
  if (!seen.msk.isKnown) {
    if (!seen.msk.isAsked) return notJudged('cluster-state', 'the MSK API was not asked');
    return judged(
      unanswered('cluster-state', 'cluster', 'msk', seen.msk),
      unanswered('broker-count', 'cluster', 'msk', seen.msk),
    );
  }
  const msk = seen.msk.value;
  const [severity, reason, message] = lookUp(meaningByState, msk.state) ?? [
    'unknown',
    'unknown-state',
    `MSK calls the cluster ${msk.state}, a state that mskeeper does not know.`,
  ];
  const evidence = {
    state: msk.state,
    ...(msk.activeOperationArn !== undefined && { activeOperationArn: msk.activeOperationArn }),
  };
  return combine(
    judged(finding('cluster-state', 'cluster', [severity, reason], message, ['msk'], evidence)),
    evaluateCustomerAction(msk),
    evaluateKind(msk, expected),
    evaluateBrokerCount(seen, msk, expected),
  );
}

/** MSK's storage alerts at 60 %, 80 % and full (`cluster-alerts.html`). */
function evaluateCustomerAction({ customerActionStatus }: MskObservation): Judgement {
  if (customerActionStatus === undefined) return notJudged('customer-action', 'MSK does not say it of this cluster');
  const [severity, reason, message] = lookUp(actionBySeverity, customerActionStatus) ?? [
    'unknown',
    'unknown-status',
    `MSK's customer action status is ${customerActionStatus}, which mskeeper does not know.`,
  ];
  return judged(finding('customer-action', 'cluster', [severity, reason], message, ['msk'], { customerActionStatus }));
}

function evaluateKind(msk: MskObservation, expected: HealthExpectation): Judgement {
  const evidence = { configuredKind: expected.brokerKind, kind: msk.kind };
  if (msk.kind === expected.brokerKind) {
    return judged(
      finding('broker-kind', 'cluster', ['ok', 'as-configured'], 'Broker kind is as configured.', ['msk'], evidence),
    );
  }
  const message = `mskeeper.yml says ${expected.brokerKind} brokers, MSK says ${msk.kind}: alarms and metrics are the wrong ones. Correct brokerKind and deploy.`;
  return judged(finding('broker-kind', 'cluster', ['warning', 'drift'], message, ['msk', 'configuration'], evidence));
}

const describeDrift = ({ unconfigured, gone }: BrokerIdDifference, ids: readonly number[]): string => {
  const parts = [
    unconfigured.length > 0 && `MSK has broker ${nameFirst(unconfigured.map(String))}, which no alarm watches`,
    gone.length > 0 && `MSK does not have broker ${nameFirst(gone.map(String))} of mskeeper.yml`,
  ].filter((part) => part !== false);
  return `${parts.join('; ')}: ${adviseBrokerIds(ids)}.`;
};

/** Alarms are made for the configured brokers, so one more is a broker unwatched (I9). */
function evaluateBrokerCount(seen: HealthObservation, msk: MskObservation, expected: HealthExpectation): Judgement {
  if (msk.kind === 'serverless') return notJudged('broker-count', 'Serverless has no brokers to count');
  const liveIds = seen.view.isKnown ? seen.view.value.brokers.map(({ id }) => id) : undefined;
  const liveCount = liveIds?.length;
  const evidence = {
    configuredCount: expected.brokerCount,
    mskCount: msk.brokerCount,
    ...(seen.nodes.isKnown && { nodeCount: seen.nodes.value.length }),
    ...(liveCount !== undefined && { liveCount }),
  };
  const report = (severity: Severity, reason: string, message: string): Judgement =>
    judged(finding('broker-count', 'cluster', [severity, reason], message, ['msk', 'configuration'], evidence));
  // A list that is not as long as MSK's own count is none to go by.
  if (seen.nodes.isKnown && seen.nodes.value.length === msk.brokerCount) {
    const ids = seen.nodes.value;
    const difference = compareBrokerIds(expected.brokerIds, ids);
    if (difference !== undefined) return report('warning', 'drift', describeDrift(difference, ids));
  } else if (msk.brokerCount !== expected.brokerCount) {
    const message = `mskeeper.yml says ${expected.brokerCount} brokers, MSK says ${msk.brokerCount}: ${adviseBrokerCount(msk.brokerCount)}.`;
    return report('warning', 'drift', message);
  }
  const liveStrangers = compareBrokerIds(expected.brokerIds, liveIds ?? [])?.unconfigured ?? [];
  if (liveStrangers.length > 0) {
    const message = `Broker ${nameFirst(liveStrangers.map(String))} is in the cluster, and neither in mskeeper.yml nor in MSK's list: no alarm watches it.`;
    return report('warning', 'more-live-than-configured', message);
  }
  if (seen.nodes.isKnown && seen.nodes.value.length !== msk.brokerCount) {
    const message = `MSK configures ${msk.brokerCount} brokers and lists ${seen.nodes.value.length} nodes.`;
    return report('notice', 'nodes-differ', message);
  }
  // Without the list nobody promises a broker that the others forgot: three such runs are a warning.
  if (!seen.nodes.isKnown && seen.nodes.isAsked) {
    return judged(unanswered('broker-count', 'cluster', 'msk', seen.nodes));
  }
  return report('ok', 'as-configured', `${expected.brokerCount} brokers, as configured.`);
}
