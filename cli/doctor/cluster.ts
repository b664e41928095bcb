import { adviseBrokerCount, adviseBrokerIds, compareBrokerIds } from '../../shared/core/broker-ids.ts';
import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import type { Answered } from '../../shared/core/known.ts';
import { monitoringLevels } from '../../shared/core/metric-vocabulary.ts';
import type { MskCluster } from '../../shared/core/msk-model.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'cluster';

/** What MSK says of the cluster, each answer by itself. */
export type ClusterFacts = {
  /** Undefined where MSK knows no such cluster. */
  readonly cluster: Answered<MskCluster | undefined>;
  /** Node lists of KRaft clusters hold controllers, those of ZooKeeper clusters ZooKeeper nodes; undefined: neither. */
  readonly metadataMode: Answered<'kraft' | 'zookeeper' | undefined>;
  /** Members of GetBootstrapBrokers that hold addresses. */
  readonly listeners: Answered<readonly string[]>;
  /** Ids of the brokers that MSK lists; empty for Serverless. */
  readonly brokerIds: Answered<readonly number[]>;
};

/** The listener that a kind of authentication needs, as GetBootstrapBrokers names it. */
const listenerOf = {
  iam: 'BootstrapBrokerStringSaslIam',
  scram: 'BootstrapBrokerStringSaslScram',
  mtls: 'BootstrapBrokerStringTls',
  tls: 'BootstrapBrokerStringTls',
  plaintext: 'BootstrapBrokerString',
} as const;

const restful = ['FAILED', 'DELETING'];

const stateFinding = ({ state, name, stateMessage }: MskCluster): DoctorFinding => {
  const subject = 'state';
  if (state === 'ACTIVE') return { check, subject, status: 'ok', message: `${name} is ACTIVE` };
  const isLost = restful.includes(state);
  return {
    check,
    subject,
    status: isLost ? 'failed' : 'warning',
    message: `${name} is ${state}, not ACTIVE${stateMessage === undefined ? '' : `: ${stateMessage}`}`,
    advice: isLost ? 'read the cluster’s state message in the MSK console' : 'wait until it is ACTIVE, and ask again',
  };
};

const compared = (subject: string, configured: string, actual: string, key: string): DoctorFinding =>
  configured === actual
    ? { check, subject, status: 'ok', message: actual }
    : {
        check,
        subject,
        status: 'failed',
        message: `MSK says ${actual}, mskeeper.yml says ${configured}`,
        advice: `set ${key} to ${actual}, package and deploy`,
      };

const spoken = (ids: readonly number[]): string => (ids.length === 0 ? 'none' : ids.join(', '));

/** Alarms are made for the configured brokers: one that is not named is unwatched. */
const brokersFinding = (
  { brokerIds, brokerCount }: ClusterConfiguration,
  cluster: MskCluster,
  fetched: ClusterFacts['brokerIds'],
): DoctorFinding => {
  const subject = 'broker ids';
  if (!fetched.isKnown || fetched.value.length !== cluster.brokerCount) {
    if (cluster.brokerCount !== brokerCount)
      return {
        check,
        subject,
        status: 'failed',
        message: `MSK says ${cluster.brokerCount} brokers, mskeeper.yml says ${brokerCount}`,
        advice: adviseBrokerCount(cluster.brokerCount),
      };
    return !fetched.isKnown
      ? unknownFinding(check, subject, fetched)
      : {
          check,
          subject,
          status: 'unknown',
          message: `MSK says ${cluster.brokerCount} brokers and lists ${spoken(fetched.value)}`,
          advice: 'ask again when the cluster is ACTIVE',
        };
  }
  return compareBrokerIds(brokerIds, fetched.value) === undefined
    ? { check, subject, status: 'ok', message: spoken(brokerIds) }
    : {
        check,
        subject,
        status: 'failed',
        message: `MSK lists ${spoken(fetched.value)}, mskeeper.yml says ${spoken(brokerIds)}`,
        advice: adviseBrokerIds(fetched.value),
      };
};

/** Alarms are made for the configured level: above the real one they stay without data, below it paid metrics lie idle. */
const monitoringFinding = (configured: string, actual: string): DoctorFinding => {
  const levels: readonly string[] = monitoringLevels;
  const rank = (level: string): number => levels.indexOf(level);
  const isKnown = rank(actual) >= 0;
  if (!isKnown || rank(actual) === rank(configured))
    return compared('monitoring level', configured, actual, 'monitoringLevel');
  if (rank(actual) > rank(configured))
    return {
      check,
      subject: 'monitoring level',
      status: 'warning',
      message: `MSK sends ${actual}, mskeeper.yml says ${configured}: what is paid for is not watched`,
      advice: `set monitoringLevel to ${actual}, package and deploy`,
    };
  return {
    check,
    subject: 'monitoring level',
    status: 'failed',
    message: `MSK sends ${actual} only, mskeeper.yml says ${configured}: alarms on its metrics would stay without data`,
    advice: `set monitoringLevel to ${actual}, or raise the cluster’s level (UpdateMonitoring)`,
  };
};

const metadataFinding = (configured: string, fetched: ClusterFacts['metadataMode']): DoctorFinding => {
  const subject = 'metadata mode';
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  if (fetched.value !== undefined) return compared(subject, configured, fetched.value, 'metadataMode');
  return {
    check,
    subject,
    status: 'unknown',
    message: 'the node list names neither controllers nor ZooKeeper nodes',
    advice: 'look at the cluster’s metadata mode in the MSK console and compare it with mskeeper.yml',
  };
};

const listenerFinding = ({ cluster }: StackContext, fetched: ClusterFacts['listeners']): DoctorFinding => {
  const subject = 'authentication';
  const { kind } = cluster.authentication;
  if (cluster.bootstrap !== undefined)
    return { check, subject, status: 'skipped', message: `mskeeper.yml names the addresses itself, for ${kind}` };
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  if (fetched.value.includes(listenerOf[kind]))
    return { check, subject, status: 'ok', message: `there is a listener for ${kind}` };
  return {
    check,
    subject,
    status: 'failed',
    message: `the cluster has no listener for ${kind}; it has ${fetched.value.join(', ') || 'none'}`,
    advice: 'enable it in MSK, or correct authentication in mskeeper.yml',
  };
};

/** Whether the cluster is there, ACTIVE, and what mskeeper.yml takes it for. */
export const evaluateCluster = (context: StackContext, facts: ClusterFacts): readonly DoctorFinding[] => {
  const { cluster: configured } = context;
  if (!facts.cluster.isKnown) return [unknownFinding(check, 'cluster', facts.cluster)];
  const cluster = facts.cluster.value;
  if (cluster === undefined)
    return [
      {
        check,
        subject: 'cluster',
        status: 'failed',
        message: `MSK knows no cluster ${configured.arn}`,
        advice: 'correct the ARN in mskeeper.yml: it changes when a cluster is made again',
      },
    ];
  if (cluster.kind === 'serverless')
    return [stateFinding(cluster), compared('brokers', configured.brokerKind, cluster.kind, 'brokerKind')];
  return [
    stateFinding(cluster),
    compared('brokers', configured.brokerKind, cluster.kind, 'brokerKind'),
    brokersFinding(configured, cluster, facts.brokerIds),
    ...(configured.zoneCount === undefined || cluster.zoneCount === undefined
      ? []
      : [compared('zones', String(configured.zoneCount), String(cluster.zoneCount), 'zoneCount')]),
    monitoringFinding(configured.monitoringLevel, cluster.monitoringLevel ?? 'DEFAULT'),
    metadataFinding(configured.metadataMode, facts.metadataMode),
    listenerFinding(context, facts.listeners),
  ];
};
