import type { Severity } from '../../../../shared/core/finding.ts';
import { runbookPageOf as page } from '../../../../shared/core/runbook.ts';

/** Kinds of faults, worst first: of those that explain a symptom the first one counts. */
export const causeKinds = [
  'cluster-down',
  'records-lost',
  'no-controller',
  'msk-maintenance',
  'broker-down',
  'disk',
  'overload',
  'replication',
  'lag',
  'topic',
  'traffic',
  'application',
  'mskeeper',
  'configuration',
  'other',
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** @property of the broker, topic or group that is at fault; empty where it is the cluster's, or nobody knows whose */
export type Cause = { readonly kind: CauseKind; readonly of: string };

/** The same for the same fault, and for no other. */
export const causeKey = ({ kind, of }: Cause): string => `${kind}|${of}`;

/** By which a word is that very fault: a finding of that check, for one of these reasons; absent: for any. */
type Root = { readonly check: string; readonly reasons?: readonly string[] };

/**
 * One kind of fault.
 *
 * @property title what a page says first; `{of}` is the broker, topic or group
 * @property per what the fault is of: read from the subject of the word that names it
 * @property roots words that are this fault itself, and prove it
 * @property symptoms checks, and slugs of alarms, that follow from it. Where nothing explains such a word it opens a fault of
 *   the last kind that lists it
 * @property floor the least severity of this fault, whatever its words say
 * @property next what to do by hand first, where no look said it
 * @property runbook page of docs/runbook
 */
export type CauseRow = {
  readonly title: string;
  readonly per: 'cluster' | 'broker' | 'topic' | 'group';
  readonly roots: readonly Root[];
  readonly symptoms: readonly string[];
  readonly floor?: Severity;
  readonly next: string;
  readonly runbook: string;
};

/** What a broker's load shows itself by. */
const load = ['cpu-used', 'heap-after-gc', 'memory-used', 'network-shaped', 'request-handlers-busy', 'slow-producers'];

const replication = ['under-replicated', 'below-min-isr', 'under-min-isr', 'offline-partitions'];

/** Alarms on mskeeper itself, and on what carries its events. */
const selfAlarms = [
  'act-problems',
  'errors',
  'events-failed',
  'heartbeat',
  'notifications-failed',
  'queue-not-empty',
  'runs-ended-badly',
];

const lag = ['lag-messages', 'lag-seconds'];

/** What is late, or looks so, while a broker is away. */
const shadow = [
  'broker-answers',
  'brokers-unreachable',
  ...replication,
  'leader-distribution',
  'source-agreement',
  'cluster-state',
  'look-complete',
  'log-directories',
  'log-directory',
  'critical-topic',
  'low-throughput',
  'flow',
  ...lag,
  ...load,
];

/** Every kind, as data: RUNBOOK I1, I5, I6. */
export const causeRows: Readonly<Record<CauseKind, CauseRow>> = {
  'cluster-down': {
    title: 'the cluster is down',
    per: 'cluster',
    roots: [
      { check: 'cluster-answers', reasons: ['no-broker-answers', 'advertised-unreachable'] },
      { check: 'cluster-state', reasons: ['failed', 'deleting'] },
    ],
    symptoms: ['cluster-answers', 'controller', 'no-controller', ...shadow, 'endpoint', 'topic-count', 'group-count'],
    floor: 'emergency',
    next: 'Look at the cluster’s state: aws kafka describe-cluster-v2 --cluster-arn <arn>; where MSK calls it FAILED, or no broker answers for 5 min, prepare the failover and open a support case.',
    runbook: page('cluster-health'),
  },
  'records-lost': {
    title: 'records were lost',
    per: 'topic',
    roots: [],
    symptoms: ['ends-fell', 'unread-deleted'],
    floor: 'emergency',
    next: 'Stop whatever deletes or re-creates the topic, and compare its first offsets with the groups’ positions before anybody resets them.',
    runbook: page('cluster-health'),
  },
  'no-controller': {
    title: 'no controller: no leader can be elected',
    per: 'cluster',
    roots: [{ check: 'controller', reasons: ['none', 'quorum-hangs'] }],
    symptoms: ['controller', 'no-controller', ...shadow, 'topic-count'],
    next: 'Ask the quorum of each broker: kafka-metadata-quorum.sh --bootstrap-server <broker> describe --status; where MSK is not HEALING, open a support case.',
    runbook: page('cluster-health'),
  },
  'msk-maintenance': {
    title: 'MSK works on the cluster',
    per: 'cluster',
    roots: [{ check: 'cluster-state', reasons: ['maintenance', 'rebooting-broker', 'updating'] }],
    symptoms: shadow,
    next: 'See what MSK does: aws kafka list-cluster-operations-v2 --cluster-arn <arn>; wait for its end.',
    runbook: page('cluster-health'),
  },
  'broker-down': {
    title: 'broker {of} is down',
    per: 'broker',
    roots: [
      {
        check: 'broker-answers',
        reasons: ['not-in-cluster', 'unreachable', 'timed-out', 'bad-answer', 'tls-failed', 'no-answer'],
      },
    ],
    symptoms: [...shadow, 'controller', 'no-controller', 'broker-count'],
    floor: 'critical',
    next: 'Confirm it: aws kafka describe-cluster-v2 --cluster-arn <arn>; where MSK is not HEALING, reboot the broker: aws kafka reboot-broker --cluster-arn <arn> --broker-ids <id>.',
    runbook: page('cluster-health'),
  },
  disk: {
    title: 'the disk of broker {of} fills',
    per: 'broker',
    roots: [{ check: 'disk-used' }],
    symptoms: [
      'disk',
      'disk-used',
      'app-log-disk-used',
      'root-disk-used',
      'customer-action',
      'storage-capacity',
      'retention-cut',
    ],
    next: 'See what storage scaling plans: npm run mskeeper -- history <cluster>; where the disk fills before it can act, shorten the retention of the largest topics.',
    runbook: page('storage-scaling'),
  },
  overload: {
    title: 'broker {of} is overloaded',
    per: 'broker',
    roots: load.map((check) => ({ check })),
    symptoms: [...load, 'under-replicated', 'leader-distribution', 'high-throughput'],
    next: 'Find who sends or fetches so much, and throttle it by a quota; see the metrics of the broker.',
    runbook: page('cluster-health'),
  },
  replication: {
    title: 'copies are missing',
    per: 'cluster',
    roots: [],
    symptoms: [...replication, 'log-directories', 'log-directory'],
    next: 'See which partitions lack copies: kafka-topics.sh --bootstrap-server <broker> --describe --under-replicated-partitions.',
    runbook: page('cluster-health'),
  },
  lag: {
    title: 'group {of} is behind',
    per: 'group',
    roots: [],
    symptoms: lag,
    next: 'See the group: kafka-consumer-groups.sh --bootstrap-server <broker> --describe --group <group>.',
    runbook: page('consumer-lag'),
  },
  topic: {
    title: 'topic {of}',
    per: 'topic',
    roots: [],
    symptoms: ['critical-topic', 'dead-letter', 'flow', 'topic-throughput'],
    next: 'See the topic: kafka-topics.sh --bootstrap-server <broker> --describe --topic <topic>.',
    runbook: page('cluster-health'),
  },
  traffic: {
    title: 'traffic is not as usual',
    per: 'cluster',
    roots: [],
    symptoms: ['high-throughput', 'low-throughput'],
    next: 'Compare with what the applications should send now.',
    runbook: page('cluster-health'),
  },
  application: {
    title: 'an application does not answer',
    per: 'cluster',
    roots: [],
    symptoms: ['endpoint', 'schema-registry'],
    next: 'Ask the application’s own health endpoint and its team.',
    runbook: page('cluster-health'),
  },
  mskeeper: {
    title: 'mskeeper itself',
    per: 'cluster',
    roots: [],
    symptoms: [
      'endpoint-fails',
      'durable-run',
      'episode',
      'run-history',
      'look-complete',
      'schedule-silent',
      ...selfAlarms,
    ],
    next: 'See what mskeeper cannot do: npm run mskeeper -- doctor <cluster>.',
    runbook: page('mskeeper-itself'),
  },
  configuration: {
    title: 'mskeeper.yml and the cluster disagree',
    per: 'cluster',
    roots: [],
    symptoms: ['alarm-coverage', 'broker-count', 'broker-kind', 'source-agreement'],
    next: 'Correct mskeeper.yml and deploy.',
    runbook: page('cluster-health'),
  },
  other: {
    title: 'something is wrong',
    per: 'cluster',
    roots: [],
    symptoms: [],
    next: 'See the last report: npm run mskeeper -- doctor <cluster>.',
    runbook: page('cluster-health'),
  },
};
