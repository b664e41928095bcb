import type { Severity } from '../../../../shared/core/finding.ts';
import { runbookPageOf as page } from '../../../../shared/core/runbook.ts';
import type { CauseKind } from './causes.ts';

/** By which a word is that very fault: a finding of that check, for one of these reasons; absent: for any. */
type Root = { readonly check: string; readonly reasons?: readonly string[] };

/**
 * One kind of fault.
 *
 * @property title what a page says first; `{of}` is the broker, topic or group
 * @property per what the fault is of: read from the subject of the word that names it
 * @property roots words that are this fault itself, and prove it
 * @property own checks, and slugs of alarms, that open a fault of this kind where nothing else explains them; each stands in one
 *   kind only
 * @property symptoms further ones that follow from it
 * @property ifNamed of those, what follows from it only where the word itself names a broker: by itself it may be anybody's
 * @property anywhere of those, what follows from a broker's fault at the others, too
 * @property provenBy the mildest word that proves it; a warning where absent, since a notice is a remark and no fault
 * @property floor the least severity of this fault once it is proven, whatever its words say
 * @property neverPages what the daily report says of it is enough
 * @property next what to do by hand first, where no look said it: `{cluster}` is the cluster's ARN, `{key}` its key, `{of}` as in the
 *   title, and `$AT` is set as the runbook says;
 *   no dot follows a command, since it would be pasted with it
 * @property runbook page of docs/runbook
 */
export type CauseRow = {
  readonly title: string;
  readonly per: 'cluster' | 'broker' | 'topic' | 'group';
  readonly roots: readonly Root[];
  readonly own: readonly string[];
  readonly symptoms: readonly string[];
  readonly ifNamed?: readonly string[];
  readonly anywhere?: readonly string[];
  readonly provenBy?: Severity;
  readonly floor?: Severity;
  readonly neverPages?: true;
  readonly next: string;
  readonly runbook: string;
};

/** What a broker's load shows itself by. */
const load = ['cpu-used', 'heap-after-gc', 'memory-used', 'network-shaped', 'request-handlers-busy', 'slow-producers'];

const offline = ['offline-partitions'];

const replication = ['under-replicated', 'below-min-isr', 'under-min-isr', 'log-directories', 'log-directory'];

const lag = ['lag-messages', 'lag-seconds'];

/** What nobody writes to, or nobody finds: an application's doing as well as a broker's. */
const idle = ['critical-topic', 'topic-flow', 'not-flowing', 'low-traffic', 'low-bytes', 'low-throughput'];

/** What looks so while a broker is away, whoever is asked. */
const shadow = [
  'broker-answers',
  'brokers-unreachable',
  ...offline,
  ...replication,
  'leader-distribution',
  'source-agreement',
  'cluster-state',
  'look-complete',
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
    own: ['cluster-answers'],
    symptoms: [
      'controller',
      'no-controller',
      ...shadow,
      ...lag,
      ...load,
      ...idle,
      'endpoint',
      'topic-count',
      'group-count',
    ],
    floor: 'emergency',
    next: 'Look at the cluster’s state: aws kafka describe-cluster-v2 --cluster-arn {cluster}; where MSK calls it FAILED, or no broker answers for 5 min, prepare the failover and open a support case.',
    runbook: page('cluster-health'),
  },
  'records-lost': {
    title: 'records of topic {of} were lost',
    per: 'topic',
    roots: [{ check: 'ends-fell' }, { check: 'unread-deleted' }, { check: 'copies-gone' }],
    own: ['ends-fell', 'unread-deleted', 'copies-gone'],
    symptoms: [],
    floor: 'emergency',
    next: 'Stop whatever deletes or re-creates the topic, and compare its first offsets with the groups’ positions before anybody resets them.',
    runbook: page('cluster-health'),
  },
  'no-controller': {
    title: 'no controller: no leader can be elected',
    per: 'cluster',
    roots: [{ check: 'controller', reasons: ['none', 'quorum-hangs'] }],
    own: ['controller', 'no-controller'],
    symptoms: [...shadow, ...lag, ...load, 'topic-count'],
    ifNamed: load.filter((check) => check !== 'slow-producers'),
    next: 'Ask the quorum of each broker: kafka-metadata-quorum.sh $AT describe --status; where MSK is not HEALING, open a support case.',
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
    // MSK heals a broker that is dead, whether or not a look found it so.
    own: ['brokers-unreachable', 'cluster-state'],
    symptoms: [...shadow, ...lag, ...load, 'controller', 'no-controller', 'broker-count'],
    ifNamed: load.filter((check) => check !== 'slow-producers'),
    // Producers wait for the copies that the dead one owes, wherever their leaders are.
    anywhere: ['slow-producers'],
    floor: 'critical',
    next: 'Confirm it: aws kafka describe-cluster-v2 --cluster-arn {cluster}; where MSK is not HEALING, reboot the broker: aws kafka reboot-broker --cluster-arn {cluster} --broker-ids {of}',
    runbook: page('cluster-health'),
  },
  'msk-maintenance': {
    title: 'MSK works on the cluster',
    per: 'cluster',
    roots: [{ check: 'cluster-state', reasons: ['maintenance', 'rebooting-broker', 'updating'] }],
    // MSK's own word about itself, and no fault: a notice is the worst that it comes to.
    provenBy: 'notice',
    own: [],
    symptoms: [...shadow, ...lag, ...load],
    ifNamed: [...lag, ...load],
    next: 'See what MSK does: aws kafka list-cluster-operations-v2 --cluster-arn {cluster}; wait for its end.',
    runbook: page('cluster-health'),
  },
  offline: {
    title: 'partitions are offline',
    per: 'cluster',
    roots: [{ check: 'offline-partitions', reasons: ['no-leader'] }],
    own: offline,
    symptoms: replication,
    next: 'See which have no leader: kafka-topics.sh $AT --describe --unavailable-partitions; bring back a broker that holds a copy.',
    runbook: page('cluster-health'),
  },
  disk: {
    title: 'the disk of broker {of} fills',
    per: 'broker',
    roots: [{ check: 'disk-used' }],
    own: [
      'disk',
      'disk-used',
      'app-log-disk-used',
      'root-disk-used',
      'customer-action',
      'storage-capacity',
      'storage-scaling',
      'retention-cut',
    ],
    symptoms: [],
    next: 'See what storage scaling plans: npm run mskeeper -- history {key}; where the disk fills before it can act, shorten the retention of the largest topics.',
    runbook: page('storage-scaling'),
  },
  overload: {
    title: 'broker {of} is overloaded',
    per: 'broker',
    roots: load.map((check) => ({ check })),
    own: load,
    symptoms: ['under-replicated', 'leader-distribution', 'high-throughput'],
    next: 'Find who sends or fetches so much, and throttle it by a quota; see the metrics of the broker.',
    runbook: page('cluster-health'),
  },
  replication: {
    title: 'copies are missing',
    per: 'cluster',
    roots: [],
    own: [...replication, 'leader-distribution'],
    symptoms: [],
    next: 'See which partitions lack copies: kafka-topics.sh $AT --describe --under-replicated-partitions',
    runbook: page('cluster-health'),
  },
  broker: {
    title: 'broker {of} is not well',
    per: 'broker',
    roots: [],
    own: ['broker-answers', 'partitions-per-broker'],
    symptoms: [],
    next: 'See what the last look says of the broker: npm run mskeeper -- doctor {key}',
    runbook: page('cluster-health'),
  },
  lag: {
    title: 'group {of} is behind',
    per: 'group',
    roots: [],
    own: lag,
    symptoms: [],
    next: 'See the group: kafka-consumer-groups.sh $AT --describe --group {of}',
    runbook: page('consumer-lag'),
  },
  topic: {
    title: 'topic {of} is not as it should be',
    per: 'topic',
    roots: [],
    own: ['critical-topic', 'dead-letter', 'topic-flow', 'topic-throughput', 'not-flowing', 'low-traffic', 'low-bytes'],
    symptoms: [],
    next: 'See the topic: kafka-topics.sh $AT --describe --topic {of}',
    runbook: page('cluster-health'),
  },
  traffic: {
    title: 'traffic is not as usual',
    per: 'cluster',
    roots: [],
    own: ['high-throughput', 'low-throughput'],
    symptoms: [],
    next: 'Compare with what the applications should send now.',
    runbook: page('cluster-health'),
  },
  application: {
    title: 'an application does not answer',
    per: 'cluster',
    roots: [],
    own: ['endpoint', 'schema-registry'],
    symptoms: [],
    next: 'Ask the application’s own health endpoint and its team.',
    runbook: page('cluster-health'),
  },
  mskeeper: {
    title: 'mskeeper itself',
    per: 'cluster',
    roots: [],
    own: [
      'endpoint-fails',
      'channel',
      'telling',
      'look-complete',
      'look-claim',
      'run-history',
      'durable-run',
      'episode',
      'kill-switch',
      'heartbeat',
      'schedule-silent',
      'errors',
      'runs-ended-badly',
      'act-problems',
      'queue-not-empty',
      'notifications-failed',
      'events-failed',
      'incident-silent',
      'incident-errors',
      'incident-queue-old',
      'incident-dead-letters',
    ],
    symptoms: [],
    next: 'See what mskeeper cannot do: npm run mskeeper -- doctor {key}',
    runbook: page('mskeeper-itself'),
  },
  configuration: {
    title: 'mskeeper.yml and the cluster disagree',
    per: 'cluster',
    roots: [],
    own: ['alarm-coverage', 'broker-count', 'broker-kind', 'infrastructure-code'],
    symptoms: [],
    neverPages: true,
    next: 'Correct mskeeper.yml and deploy.',
    runbook: page('cluster-health'),
  },
  other: {
    title: 'something is wrong',
    per: 'cluster',
    roots: [],
    own: ['source-agreement', 'topic-count', 'group-count'],
    symptoms: [],
    next: 'See the last report: npm run mskeeper -- doctor {key}',
    runbook: page('cluster-health'),
  },
  many: {
    title: 'many faults at once',
    per: 'cluster',
    roots: [],
    own: [],
    symptoms: [],
    next: 'See all that is open: npm run mskeeper -- incidents {key}',
    runbook: page('cluster-health'),
  },
};
