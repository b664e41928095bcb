import { describe, expect, test } from 'vitest';
import { evaluateReplication } from '../../../../../../functions/health/cluster-health/core/replication.ts';
import type { PartitionView, TopicView } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  factsOf,
  fullView,
  healthExpectation,
  healthObservation,
  known,
  metricSeries,
  partitionView,
  topicView,
} from '../../../../../support/health/builders.ts';

const express = healthExpectation({ brokerKind: 'express' });
const copies = (count: number, inSync: number, more: Partial<PartitionView> = {}): PartitionView =>
  partitionView(0, {
    replicaIds: [1, 2, 3].slice(0, count),
    inSyncReplicaIds: [1, 2, 3].slice(0, inSync),
    ...more,
  });
const topic = (name: string, minimum: string | undefined, partition = copies(3, 3)): TopicView =>
  topicView(name, [partition], minimum === undefined ? {} : { settings: { 'min.insync.replicas': minimum } });
const judge = (topics: readonly TopicView[], caps: boolean | undefined, values?: Readonly<Record<string, number>>) => {
  const brokers = [1, 2, 3].map((id) => brokerView(id, caps === undefined ? {} : { capsMinIsrByReplicas: caps }));
  const more = values === undefined ? {} : { metrics: known(metricSeries(values)) };
  const seen = healthObservation({ view: known(fullView({ topics, brokers })), ...more });
  const limits = { underMinIsrPartitions: { critical: 0 } };
  const facts = factsOf(seen, values === undefined ? express : healthExpectation());
  return evaluateReplication(facts, limits).findings.find(({ check }) => check === 'below-min-isr');
};

describe('F4 the minimum is no more than the replicas there are, from Kafka 3.7 on (RUNBOOK section 6, 19)', () => {
  test.each([
    // replicas, in sync, min.insync.replicas, 3.7 and later, before, not known
    [1, 1, '2', 'ok', 'critical', 'unknown'],
    [2, 2, '3', 'ok', 'critical', 'unknown'],
    [1, 1, '1', 'ok', 'ok', 'ok'],
    [3, 3, '3', 'ok', 'ok', 'ok'],
    [3, 2, '2', 'ok', 'ok', 'ok'],
    [3, 1, '2', 'critical', 'critical', 'critical'],
    [2, 1, '3', 'critical', 'critical', 'critical'],
    [3, 2, '3', 'critical', 'critical', 'critical'],
    [1, 0, '2', 'critical', 'critical', 'critical'],
  ] as const)('%i copies, %i in sync, min.insync.replicas %s', (replicas, inSync, minimum, capped, plain, unknown) => {
    const topics = [topic('orders', minimum, copies(replicas, inSync))];
    expect([true, false, undefined].map((caps) => judge(topics, caps)?.severity)).toEqual([capped, plain, unknown]);
  });

  test('what hangs on a version that nobody knows is named, and is not critical', () => {
    expect(judge([topic('single', '2', copies(1, 1)), topic('orders', '2')], undefined)).toEqual({
      check: 'below-min-isr',
      subject: 'cluster',
      severity: 'unknown',
      reason: 'version-unknown',
      message:
        'No other partition below min.insync.replicas (where acks=all writes fail). 1 partition below it by the rule before Kafka 3.7 alone, and the version of the leader is not known: single-0.',
      sources: ['brokers'],
      evidence: { partitionCount: 0, unreadTopicCount: 0, doubtfulCount: 1 },
    });
  });

  test('the brokers’ own metric decides what hangs on the version', () => {
    const topics = [topic('single', '2', copies(1, 1))];
    expect(judge(topics, undefined, { UnderMinIsrPartitionCount: 0 })).toMatchObject({
      severity: 'ok',
      sources: ['cloudwatch'],
    });
    expect(judge(topics, undefined, { UnderMinIsrPartitionCount: 1 })).toMatchObject({ severity: 'critical' });
  });

  test('beside a partition that is below by every rule the doubtful one is counted apart', () => {
    const topics = [topic('single', '2', copies(1, 1)), topic('orders', '2', copies(3, 1))];
    expect(judge(topics, undefined)).toMatchObject({
      severity: 'critical',
      evidence: { partitionCount: 1, doubtfulCount: 1, partitions: 'orders-0' },
    });
  });

  test('the leader’s broker decides, not another one, while brokers are updated one by one', () => {
    const brokers = [brokerView(1, { capsMinIsrByReplicas: false }), brokerView(2, { capsMinIsrByReplicas: true })];
    const of = (leaderId: number) => {
      const topics = [topic('single', '2', copies(1, 1, { leaderId }))];
      const facts = factsOf(healthObservation({ view: known(fullView({ topics, brokers })) }), express);
      return evaluateReplication(facts, { underMinIsrPartitions: { critical: 0 } }).findings[0]?.severity;
    };
    expect([of(1), of(2), of(3)]).toEqual(['critical', 'ok', 'unknown']);
  });
});

describe('a setting that was not read, or is no number', () => {
  test.each([undefined, '', 'two', '1.5', '-1', '0', '1e3', ' 2'])(
    'of one topic leaves that topic open: %j',
    (text) => {
      const others = [topic('orders', '2'), topic('odd', text, copies(3, 0))];
      expect(judge(others, true)).toMatchObject({
        severity: 'unknown',
        reason: 'settings-unread',
        message: expect.stringContaining('1 topic was not read, or is no number: odd'),
        evidence: { unreadTopicCount: 1 },
      });
    },
  );

  test('hides no other topic that is below', () => {
    expect(judge([topic('orders', '2', copies(3, 1)), topic('odd', undefined)], true)).toMatchObject({
      severity: 'critical',
      evidence: { partitionCount: 1, unreadTopicCount: 1, partitions: 'orders-0' },
    });
  });

  test('is judged by the metric where it was told of every broker', () => {
    const topics = [topic('orders', '2'), topic('odd', undefined)];
    expect(judge(topics, true, { UnderMinIsrPartitionCount: 0 })).toMatchObject({ severity: 'ok' });
    expect(judge(topics, true, { UnderMinIsrPartitionCount: 2 })).toMatchObject({ severity: 'critical' });
  });

  test('is open where the metric was not told of every broker', () => {
    const metrics = metricSeries({ UnderMinIsrPartitionCount: 0 }).filter(
      ({ metric, brokerId }) => metric !== 'UnderMinIsrPartitionCount' || brokerId !== 3,
    );
    const topics = [topic('orders', '2'), topic('odd', undefined)];
    const facts = factsOf(healthObservation({ view: known(fullView({ topics })), metrics: known(metrics) }));
    const limits = { underMinIsrPartitions: { critical: 0 } };
    expect(evaluateReplication(facts, limits).findings).toMatchObject([
      { severity: 'unknown', reason: 'settings-unread' },
    ]);
  });
});
