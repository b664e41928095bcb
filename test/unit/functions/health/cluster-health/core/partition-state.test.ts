import { describe, expect, test } from 'vitest';
import { evaluateBrokers } from '../../../../../../functions/health/cluster-health/core/brokers.ts';
import { evaluateOffline } from '../../../../../../functions/health/cluster-health/core/offline-partitions.ts';
import { isLed, isOffline, stateOf } from '../../../../../../functions/health/cluster-health/core/partition-state.ts';
import { compareSources } from '../../../../../../functions/health/cluster-health/core/source-agreement.ts';
import type { PartitionView, ViewProblem } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  healthObservation,
  known,
  partitionView,
  topicView,
} from '../../../../../support/health/builders.ts';

const error = (code: number, message = `error ${code}`): ViewProblem => ({
  kind: code === 29 ? 'denied' : 'kafka-error',
  code,
  message,
});
const withoutLeader = (problem?: ViewProblem): PartitionView => {
  const { leaderId: _none, ...partition } = partitionView(0);
  return { ...partition, ...(problem && { problem }) };
};

/** Kafka's protocol guide, error codes that Metadata may give of a topic or a partition, and some that it never does. */
test.each([
  ['none', undefined, 'offline', 'led'],
  ['UNKNOWN_SERVER_ERROR', -1, 'unreadable', 'unreadable'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 3, 'unreadable', 'unreadable'],
  ['LEADER_NOT_AVAILABLE', 5, 'offline', 'unreadable'],
  ['NOT_LEADER_OR_FOLLOWER', 6, 'unreadable', 'unreadable'],
  ['REPLICA_NOT_AVAILABLE', 9, 'offline', 'led'],
  ['INVALID_TOPIC_EXCEPTION', 17, 'unreadable', 'unreadable'],
  ['TOPIC_AUTHORIZATION_FAILED', 29, 'unreadable', 'unreadable'],
  ['KAFKA_STORAGE_ERROR', 56, 'unreadable', 'unreadable'],
  ['LISTENER_NOT_FOUND', 72, 'listener-missing', 'listener-missing'],
  ['a code of tomorrow', 4_711, 'unreadable', 'unreadable'],
] as const)('a partition with the error %s (%s)', (_name, code, leaderless, led) => {
  const problem = code === undefined ? undefined : error(code);
  const withLeader = { ...partitionView(0), ...(problem && { problem }) };
  expect([stateOf(withoutLeader(problem)), stateOf(withLeader)]).toEqual([leaderless, led]);
  expect(isOffline(withoutLeader(problem))).toBe(leaderless === 'offline');
  expect(isLed(withoutLeader(problem))).toBe(leaderless === 'listener-missing');
  const view = clusterView({ topics: [topicView('orders', [withoutLeader(problem)])] });
  const [found] = evaluateOffline(factsOf(healthObservation({ view: known(view) }))).findings;
  expect(found?.severity).toBe(
    leaderless === 'offline' ? 'emergency' : leaderless === 'listener-missing' ? 'warning' : 'unknown',
  );
});

test('an error without a code is not read as no leader', () => {
  expect(stateOf(withoutLeader({ kind: 'bad-answer', message: 'rubbish' }))).toBe('unreadable');
});

describe('F6 a leader without the listener that mskeeper uses', () => {
  const listenerless = { ...withoutLeader(error(72, 'LISTENER_NOT_FOUND')), inSyncReplicaIds: [3, 1, 2] };
  const view = clusterView({
    brokers: [brokerView(1, { port: 9094 }), brokerView(2, { port: 9094 })],
    topics: [topicView('orders', [listenerless, partitionView(1, { leaderId: 1 })])],
    absentBrokerIds: [3],
    witnesses: clusterView().witnesses.map((witness) => ({ ...witness, brokerIds: [1, 2] })),
  });
  const facts = factsOf(healthObservation({ view: known(view), secondView: known(view) }));

  test('is a warning that names the leader’s broker and the listener, and no partition is called offline', () => {
    expect(evaluateOffline(facts).findings).toEqual([
      {
        check: 'offline-partitions',
        subject: 'cluster',
        severity: 'warning',
        reason: 'listener-missing',
        message:
          '1 partition with a leader that lacks the listener which mskeeper uses (port 9094 of the others): orders-0. It is broker 3. Clients of that listener cannot use them, those of others may. While a listener is rolled out, wait; else give each broker the same ones.',
        sources: ['brokers'],
        evidence: { offlineCount: 0, partitionCount: 2, listenerMissingCount: 1, partitions: 'orders-0' },
      },
    ]);
  });

  test('its broker is not dead: nobody asks for its reboot, and it is counted nowhere', () => {
    const broker = evaluateBrokers(facts).findings.find(({ subject }) => subject === 'broker 3');
    expect(broker).toMatchObject({
      severity: 'warning',
      reason: 'listener-missing',
      evidence: { affectedPartitionCount: 2, offlinePartitionCount: 0, isPromisedByMsk: true },
    });
    expect(broker?.message).toContain('Broker 3 lives, but has no listener of the kind that mskeeper uses (port 9094');
    expect(broker?.message).not.toContain('reboot');
    expect(facts.unreachableCount).toBe(0);
    const silence = compareSources(facts).findings.filter(({ reason }) => reason.endsWith('but-silent'));
    expect(silence).toEqual([]);
  });

  test('a broker that is absent and in sync with none of them is dead all the same', () => {
    const gone = { ...listenerless, inSyncReplicaIds: [1, 2] };
    const dead = factsOf(healthObservation({ view: known({ ...view, topics: [topicView('orders', [gone])] }) }));
    expect(evaluateBrokers(dead).findings.find(({ subject }) => subject === 'broker 3')).toMatchObject({
      severity: 'critical',
      reason: 'not-in-cluster',
    });
    expect(evaluateOffline(dead).findings[0]?.message).toContain('Which broker that is is not known.');
  });

  test('several that may lead it are all named, and brokers of several ports give no port', () => {
    const two = clusterView({
      brokers: [brokerView(1), brokerView(2, { port: 1 })],
      topics: [topicView('orders', [{ ...listenerless, inSyncReplicaIds: [4, 3, 1] }])],
    });
    const message = evaluateOffline(factsOf(healthObservation({ view: known(two) }))).findings[0]?.message;
    expect(message).toContain('which mskeeper uses: orders-0. It is one of the brokers 3, 4.');
  });

  test('a partition that is offline beside it is the emergency', () => {
    const topics = [topicView('orders', [listenerless, { ...withoutLeader(), partition: 1 }])];
    const both = factsOf(healthObservation({ view: known({ ...view, topics }) }));
    expect(evaluateOffline(both).findings).toMatchObject([
      { severity: 'emergency', evidence: { offlineCount: 1, listenerMissingCount: 1, partitions: 'orders-1' } },
    ]);
  });
});
