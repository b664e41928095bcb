import { describe, expect, test } from 'vitest';
import { causeRows } from '../../../../../../functions/health/incident/core/cause-rows.ts';
import { type Cause, causeKey, causeKinds } from '../../../../../../functions/health/incident/core/causes.ts';
import {
  brokersOf,
  causeAlone,
  causeOf,
  compareCauses,
  isExplainedBy,
  rootOf,
  titleOfCause,
} from '../../../../../../functions/health/incident/core/explain.ts';
import { alarm, brokerDown, clusterState, finding } from '../../../../../support/incident/builders.ts';

const of = (kind: Cause['kind'], name = ''): Cause => ({ kind, of: name });

describe('what a word is a fault of where nothing else explains it', () => {
  // Every check that a procedure has, and every slug of an alarm: written from the procedures, not from the table of causes.
  test.each([
    [
      'a cluster of which no broker answers',
      finding('cluster-answers', 'cluster', { reason: 'no-broker-answers' }),
      'cluster-down|',
    ],
    [
      'brokers that are advertised where nobody is',
      finding('cluster-answers', 'cluster', { reason: 'advertised-unreachable' }),
      'cluster-down|',
    ],
    ['a cluster that MSK calls FAILED', clusterState('failed', { severity: 'emergency' }), 'cluster-down|'],
    ['a cluster that is being deleted', clusterState('deleting', { severity: 'emergency' }), 'cluster-down|'],
    ['no controller', finding('controller', 'cluster', { reason: 'none', severity: 'emergency' }), 'no-controller|'],
    ['a quorum that hangs', finding('controller', 'cluster', { reason: 'quorum-hangs' }), 'no-controller|'],
    ['the alarm of no controller', alarm('no-controller'), 'no-controller|'],
    ['a broker that does not answer in time', brokerDown(2), 'broker-down|2'],
    ['a broker that is not in the cluster', brokerDown(2, { reason: 'not-in-cluster' }), 'broker-down|2'],
    ['a broker that cannot be reached', brokerDown(3, { reason: 'unreachable' }), 'broker-down|3'],
    ['a broker that answers nonsense', brokerDown(3, { reason: 'bad-answer' }), 'broker-down|3'],
    ['a broker whose certificate is bad', brokerDown(3, { reason: 'tls-failed' }), 'broker-down|3'],
    ['a broker without an answer', brokerDown(3, { reason: 'no-answer' }), 'broker-down|3'],
    ['a broker that is late', brokerDown(2, { reason: 'late', severity: 'warning' }), 'broker|2'],
    ['a broker without the listener', brokerDown(2, { reason: 'listener-missing', severity: 'warning' }), 'broker|2'],
    ['too many partitions on a broker', finding('partitions-per-broker', 'broker 2'), 'broker|2'],
    ['the alarm that counts unreachable brokers', alarm('brokers-unreachable'), 'broker-down|'],
    ['HEALING', clusterState('healing', { severity: 'warning' }), 'broker-down|'],
    ['MSK patches', clusterState('maintenance'), 'msk-maintenance|'],
    ['MSK reboots a broker', clusterState('rebooting-broker'), 'msk-maintenance|'],
    ['MSK updates', clusterState('updating'), 'msk-maintenance|'],
    ['partitions without a leader', finding('offline-partitions', 'cluster', { severity: 'emergency' }), 'offline|'],
    ['a full disk', finding('disk-used', 'broker 2'), 'disk|2'],
    ['the disk of MSK’s logs', finding('app-log-disk-used', 'broker 2'), 'disk|2'],
    ['the root disk', finding('root-disk-used', 'broker 2'), 'disk|2'],
    ['MSK asks for an action about storage', finding('customer-action', 'cluster'), 'disk|'],
    ['the alarm that wakes storage scaling', alarm('disk', { procedure: 'storage-scaling' }), 'disk|'],
    ['no help before it is full', finding('storage-capacity', 'broker 2', { procedure: 'storage-scaling' }), 'disk|2'],
    ['storage scaling holds', finding('storage-scaling', 'cluster', { procedure: 'storage-scaling' }), 'disk|'],
    ['a retention that was cut', finding('retention-cut', 'cluster', { procedure: 'storage-scaling' }), 'disk|'],
    ['CPU', finding('cpu-used', 'broker 2'), 'overload|2'],
    ['heap', finding('heap-after-gc', 'broker 2'), 'overload|2'],
    ['memory', finding('memory-used', 'broker 2'), 'overload|2'],
    ['a network that is shaped', finding('network-shaped', 'broker 2'), 'overload|2'],
    ['busy request handlers', finding('request-handlers-busy', 'broker 2'), 'overload|2'],
    ['slow producers', finding('slow-producers', 'broker 2'), 'overload|2'],
    ['CPU by an alarm of ten brokers', alarm('cpu-used'), 'overload|'],
    ['copies that are not in sync', finding('under-replicated', 'cluster'), 'replication|'],
    ['too few copies in sync', finding('below-min-isr', 'cluster'), 'replication|'],
    ['too few copies in sync by its alarm', alarm('under-min-isr'), 'replication|'],
    ['copies that are offline', finding('log-directories', 'broker 2'), 'replication|'],
    ['a directory that is offline', finding('log-directory', 'broker 2 /kafka'), 'replication|'],
    ['leaders that are not spread', finding('leader-distribution', 'cluster'), 'replication|'],
    ['lag in messages', finding('lag-messages', 'group billing'), 'lag|billing'],
    ['lag in seconds of a group with a space', finding('lag-seconds', 'group end of day'), 'lag|end of day'],
    ['a critical topic', finding('critical-topic', 'topic orders'), 'topic|orders'],
    ['a dead-letter topic', finding('dead-letter', 'topic orders.dlq'), 'topic|orders.dlq'],
    ['a topic that stopped', finding('topic-flow', 'topic orders'), 'topic|orders'],
    ['high traffic', alarm('high-throughput'), 'traffic|'],
    ['low traffic', finding('low-throughput', 'cluster'), 'traffic|'],
    ['an endpoint of an application', finding('endpoint', 'endpoint registry'), 'application|'],
    ['an endpoint that takes no page', finding('endpoint-fails', 'endpoint on-call'), 'mskeeper|'],
    ['people who were not told', finding('telling', 'cluster'), 'mskeeper|'],
    ['a durable run that is stuck', finding('durable-run', 'cluster'), 'mskeeper|'],
    ['an episode', finding('episode', 'cluster'), 'mskeeper|'],
    ['a history of runs', finding('run-history', 'cluster'), 'mskeeper|'],
    ['a look that is not whole', finding('look-complete', 'cluster'), 'mskeeper|'],
    ['a look that nobody could claim', finding('look-claim', 'mskeeper'), 'mskeeper|'],
    ['a schedule that is silent', finding('schedule-silent', 'schedule light'), 'mskeeper|'],
    ...(
      [
        'heartbeat',
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
      ] as const
    ).map((slug) => [`mskeeper’s own alarm ${slug}`, alarm(slug), 'mskeeper|'] as const),
    ['coverage of alarms', finding('alarm-coverage', 'muted alarms'), 'configuration|'],
    ['another number of brokers', finding('broker-count', 'cluster'), 'configuration|'],
    ['another kind of brokers', finding('broker-kind', 'cluster'), 'configuration|'],
    ['infrastructure code behind the volume', finding('infrastructure-code', 'cluster'), 'configuration|'],
    ['witnesses that contradict each other', finding('source-agreement', 'MSK and brokers'), 'other|'],
    ['what nobody knows', finding('of-tomorrow', 'cluster'), 'other|'],
    ['an end that falls', finding('ends-fell', 'topic orders'), 'records-lost|orders'],
    ['unread records that are deleted', finding('unread-deleted', 'topic orders'), 'records-lost|orders'],
    ['all copies gone', finding('copies-gone', 'topic orders'), 'records-lost|orders'],
  ] as const)('%s', (_name, word, key) => {
    expect(causeKey(causeAlone(word))).toBe(key);
  });

  test('each check opens one kind of fault', () => {
    const own = causeKinds.flatMap((kind) => causeRows[kind].own);
    expect(own).toEqual([...new Set(own)]);
  });
});

describe('a fault is proven by a look’s finding alone', () => {
  test.each([
    ['a broker that a look found silent', brokerDown(2), 'broker-down|2'],
    ['an alarm of the same check', alarm('broker-answers', { reason: 'timed-out' }), undefined],
    ['a broker that is late', brokerDown(2, { reason: 'late' }), undefined],
    ['a symptom', finding('under-replicated', 'cluster'), undefined],
    ['partitions that nobody leads', finding('offline-partitions', 'cluster', { reason: 'no-leader' }), 'offline|'],
    [
      'partitions whose leader lacks a listener',
      finding('offline-partitions', 'cluster', { reason: 'listener-missing' }),
      undefined,
    ],
    ['HEALING, which follows from a fault', clusterState('healing'), undefined],
    ['a disk', finding('disk-used', 'broker 2', { reason: 'anything' }), 'disk|2'],
    ['lost records', finding('unread-deleted', 'topic orders'), 'records-lost|orders'],
  ] as const)('%s', (_name, word, key) => {
    const root = rootOf(word);
    expect(root && causeKey(root)).toBe(key);
  });
});

describe('each cause explains', () => {
  const shadows = [
    ['answers of the broker', brokerDown(2)],
    ['the unreachable count', alarm('brokers-unreachable')],
    ['under-replicated', finding('under-replicated', 'cluster')],
    ['below-min-isr', finding('below-min-isr', 'cluster')],
    ['the alarm of it', alarm('under-min-isr')],
    ['offline partitions', finding('offline-partitions', 'cluster', { severity: 'emergency' })],
    ['leader distribution', finding('leader-distribution', 'cluster')],
    ['source disagreement', finding('source-agreement', 'MSK and brokers')],
    ['HEALING', clusterState('healing')],
    ['directories of the broker', finding('log-directory', 'broker 2 /kafka')],
    ['its missing metrics', finding('look-complete', 'cluster')],
    ['slow producers at another broker', finding('slow-producers', 'broker 3')],
    ['lag', finding('lag-messages', 'group billing')],
    ['lag by its alarm', alarm('lag-seconds', { procedure: 'consumer-lag' })],
  ] as const;

  test.each(shadows)('broker 2 that is down: %s', (_name, word) => {
    expect(isExplainedBy(word, of('broker-down', '2'))).toBe(true);
  });
  test.each(shadows)('no controller, and a cluster that is down: %s', (_name, word) => {
    expect(isExplainedBy(word, of('no-controller'))).toBe(true);
    expect(isExplainedBy(word, of('cluster-down'))).toBe(true);
  });
  test.each([
    ['the controller', finding('controller', 'cluster', { reason: 'controller-silent' })],
    ['the alarm of no controller', alarm('no-controller')],
  ] as const)('a dead broker, and what is worse: %s', (_name, word) => {
    expect(isExplainedBy(word, of('broker-down', '2'))).toBe(true);
    expect(isExplainedBy(word, of('no-controller'))).toBe(true);
    expect(isExplainedBy(word, of('cluster-down'))).toBe(true);
  });
  test.each([
    ['broker 3’s death', brokerDown(3), of('broker-down', '2')],
    ['broker 3’s directory', finding('log-directory', 'broker 3 /kafka'), of('broker-down', '2')],
    ['CPU of broker 3', finding('cpu-used', 'broker 3'), of('broker-down', '2')],
    [
      'a controller that is named and another',
      finding('controller', 'cluster', { brokers: ['3'] }),
      of('broker-down', '2'),
    ],
    ['a critical topic that is missing', finding('critical-topic', 'topic orders'), of('broker-down', '2')],
    ['a topic that stopped', finding('topic-flow', 'topic orders'), of('broker-down', '2')],
    ['a topic that stopped, by its alarm', alarm('low-traffic', { subject: 'topic orders' }), of('broker-down', '2')],
    ['traffic that is low', alarm('low-throughput'), of('broker-down', '2')],
    ['a topic that stopped, by no controller', finding('topic-flow', 'topic orders'), of('no-controller')],
    ['a critical topic, by MSK’s maintenance', finding('critical-topic', 'topic orders'), of('msk-maintenance')],
    ['CPU by an alarm of ten brokers', alarm('cpu-used'), of('broker-down', '2')],
    ['the same, by MSK’s maintenance', alarm('cpu-used'), of('msk-maintenance')],
    ['lag that names no broker, by MSK’s maintenance', finding('lag-messages', 'group a'), of('msk-maintenance')],
    ['a disk that fills', finding('disk-used', 'broker 2'), of('broker-down', '2')],
    ['an application', finding('endpoint', 'endpoint registry'), of('broker-down', '2')],
    ['a disk, by a cluster that is down', finding('disk-used', 'broker 2'), of('cluster-down')],
    ['lost records, by a dead broker', finding('ends-fell', 'topic orders'), of('broker-down', '2')],
    ['disk of broker 3', finding('disk-used', 'broker 3'), of('disk', '2')],
    ['lag of another group', finding('lag-messages', 'group audit'), of('lag', 'billing')],
    ['another topic', finding('critical-topic', 'topic audit'), of('topic', 'orders')],
    ['a broker, by a fault that nobody named', brokerDown(2), of('broker-down')],
    ['anything, by many faults', finding('under-replicated', 'cluster'), of('many')],
  ] as const)('and not %s', (_name, word, cause) => {
    expect(isExplainedBy(word, cause)).toBe(false);
  });
  test.each([
    ['the disk: MSK’s request', finding('customer-action', 'cluster'), of('disk', '2')],
    ['the disk: what storage scaling holds', finding('storage-scaling', 'cluster'), of('disk', '2')],
    ['the disk: a retention that was cut', finding('retention-cut', 'cluster'), of('disk', '2')],
    ['the disk: its own capacity', finding('storage-capacity', 'broker 2'), of('disk', '2')],
    ['overload: copies that fall behind', finding('under-replicated', 'cluster'), of('overload', '2')],
    ['offline partitions: missing copies', finding('under-replicated', 'cluster'), of('offline')],
    ['the group: both its lags', finding('lag-seconds', 'group billing'), of('lag', 'billing')],
    ['the topic: its flow', finding('topic-flow', 'topic orders'), of('topic', 'orders')],
    ['MSK’s maintenance: a broker that is away', brokerDown(2), of('msk-maintenance')],
    ['MSK’s maintenance: CPU of a broker', finding('cpu-used', 'broker 2'), of('msk-maintenance')],
    ['a dead broker: its own CPU', finding('cpu-used', 'broker 2'), of('broker-down', '2')],
    ['a cluster that is down: a topic that stopped', finding('topic-flow', 'topic orders'), of('cluster-down')],
    [
      'a broker of several that are named',
      finding('under-replicated', 'cluster', { brokers: ['3', '2'] }),
      of('broker-down', '2'),
    ],
  ] as const)('%s', (_name, word, cause) => {
    expect(isExplainedBy(word, cause)).toBe(true);
  });
});

describe('a symptom is of the worst known cause that explains it', () => {
  test.each([
    ['of nothing known: its own', finding('under-replicated', 'cluster'), [], 'replication|'],
    [
      'of a dead broker',
      finding('under-replicated', 'cluster'),
      [of('overload', '3'), of('broker-down', '2')],
      'broker-down|2',
    ],
    [
      'of no controller, which is worse than a dead broker',
      finding('under-replicated', 'cluster'),
      [of('broker-down', '2'), of('no-controller')],
      'no-controller|',
    ],
    [
      'of the cluster, which is worst',
      brokerDown(2),
      [of('no-controller'), of('cluster-down'), of('broker-down', '2')],
      'cluster-down|',
    ],
    [
      'of a dead broker before MSK’s maintenance',
      finding('under-replicated', 'cluster'),
      [of('msk-maintenance'), of('broker-down', '2')],
      'broker-down|2',
    ],
    ['broker 3’s own beside broker 2’s', brokerDown(3), [of('broker-down', '2')], 'broker-down|3'],
    ['broker 3’s own while MSK patches', brokerDown(3), [of('msk-maintenance')], 'broker-down|3'],
    [
      'of the named before the nameless',
      alarm('brokers-unreachable'),
      [of('broker-down'), of('broker-down', '3')],
      'broker-down|3',
    ],
    [
      'of two alike the one whose name comes first',
      alarm('brokers-unreachable'),
      [of('broker-down', '3'), of('broker-down', '2')],
      'broker-down|2',
    ],
    [
      'lost records: their own, whatever else is',
      finding('ends-fell', 'topic orders'),
      [of('cluster-down')],
      'records-lost|orders',
    ],
  ] as const)('%s', (_name, word, known, key) => {
    expect(causeKey(causeOf(word, known))).toBe(key);
    expect(causeKey(causeOf(word, known.toReversed()))).toBe(key);
  });

  test('causes are the worst first, as the runbook has them', () => {
    const worstFirst = [
      'cluster-down',
      'no-controller',
      'broker-down',
      'msk-maintenance',
      'disk',
      'overload',
      'lag',
      'topic',
      'mskeeper',
      'configuration',
    ] as const;
    expect(
      worstFirst
        .toReversed()
        .map((kind) => of(kind))
        .toSorted(compareCauses)
        .map(({ kind }) => kind),
    ).toEqual(worstFirst);
    expect(compareCauses(of('lag', 'a'), of('lag', 'a'))).toBe(0);
  });
});

test.each([
  'controller',
  'no-controller',
  'endpoint',
  'topic-count',
  'group-count',
  'critical-topic',
  'low-throughput',
])('a cluster that is down explains %s', (check) => {
  expect(isExplainedBy(finding(check, 'cluster'), of('cluster-down'))).toBe(true);
});

test('each fault has its page of the runbook, and something to do', () => {
  const pages = Object.fromEntries(causeKinds.map((kind) => [kind, causeRows[kind].runbook]));
  const { disk, lag, mskeeper, ...others } = pages;
  expect([disk, lag, mskeeper]).toEqual(
    ['storage-scaling', 'consumer-lag', 'mskeeper-itself'].map((slug) => `docs/runbook/${slug}.md`),
  );
  expect(new Set(Object.values(others))).toEqual(new Set(['docs/runbook/cluster-health.md']));
  for (const kind of causeKinds) expect(causeRows[kind].next.length).toBeGreaterThan(20);
});

test('lost records are P0, a dead broker at least P1; the configuration never pages', () => {
  expect(causeRows['records-lost'].floor).toBe('emergency');
  expect(causeRows['cluster-down'].floor).toBe('emergency');
  expect(causeRows['broker-down'].floor).toBe('critical');
  expect(causeKinds.filter((kind) => causeRows[kind].neverPages === true)).toEqual(['configuration']);
});

test.each([
  [of('broker-down', '2'), 'broker 2 is down'],
  [of('broker-down'), 'a broker is down'],
  [of('disk', '2'), 'the disk of broker 2 fills'],
  [of('disk'), 'the disk of a broker fills'],
  [of('lag', '$& {of}'), 'group $& {of} is behind'],
  [of('lag'), 'a group is behind'],
  [of('records-lost', 'orders'), 'records of topic orders were lost'],
  [of('topic', 'orders'), 'topic orders is not as it should be'],
  [of('no-controller'), 'no controller: no leader can be elected'],
  [of('many'), 'many faults at once'],
])('%j is titled %s', (cause, title) => {
  expect(titleOfCause(cause)).toBe(title);
});

test.each([
  ['its subject', finding('cpu-used', 'broker 2', { brokers: ['3'] }), ['2']],
  ['a directory of it', finding('log-directory', 'broker 10 /kafka/a b'), ['10']],
  ['whom the word names', finding('controller', 'cluster', { brokers: ['3'] }), ['3']],
  ['nobody', finding('under-replicated', 'cluster'), []],
  ['nobody, of a topic that is called so', finding('critical-topic', 'topic broker 2'), []],
] as const)('the brokers of a word are those of %s', (_name, word, ids) => {
  expect(brokersOf(word)).toEqual(ids);
});
