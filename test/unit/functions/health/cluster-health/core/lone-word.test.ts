import { describe, expect, test } from 'vitest';
import type { HealthExpectation } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { evaluateOffline } from '../../../../../../functions/health/cluster-health/core/offline-partitions.ts';
import { evaluateReplication } from '../../../../../../functions/health/cluster-health/core/replication.ts';
import { compareSources } from '../../../../../../functions/health/cluster-health/core/source-agreement.ts';
import { evaluateTopics } from '../../../../../../functions/health/cluster-health/core/topics.ts';
import type { ClusterView } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  fullView,
  healthExpectation,
  healthObservation,
  known,
  offlinePartition,
  topicView,
  witnessView,
} from '../../../../../support/health/builders.ts';

const limits = { underReplicatedPartitions: { critical: 0 }, underMinIsrPartitions: { critical: 0 } };
const judge = (view: ClusterView, more = {}, expected: Partial<HealthExpectation> = {}) => {
  const facts = factsOf(healthObservation({ view: known(view), ...more }), healthExpectation(expected));
  return [evaluateOffline(facts), evaluateReplication(facts, limits), evaluateTopics(facts)].flatMap(
    ({ findings }) => findings,
  );
};
const ofCluster = ['offline-partitions', 'under-replicated', 'below-min-isr', 'topic-count'];

describe('F3 what holds of the whole cluster', () => {
  test('is not called well by one broker of several: it may be cut off and tell of the past', () => {
    const findings = judge(fullView({ witnesses: [witnessView(1)] }));
    for (const check of ofCluster) {
      expect(findings.find((one) => one.check === check)).toMatchObject({
        severity: 'unknown',
        reason: 'one-witness',
        message: 'Of 3 brokers only one described the whole cluster: what holds of all of it is its word alone.',
        evidence: { fullWitnessCount: 1 },
      });
    }
  });

  test('is called well by two', () => {
    const findings = judge(fullView({ witnesses: [witnessView(1), witnessView(2)] }));
    for (const check of ofCluster) expect(findings.find((one) => one.check === check)?.severity).toBe('ok');
  });

  test('is called well by the only one that there is', () => {
    const view = fullView({ witnesses: [witnessView(1)], brokers: [brokerView(1)] });
    const findings = judge(view, { nodes: known([1]) });
    expect(findings.find(({ check }) => check === 'under-replicated')?.severity).toBe('ok');
  });

  test('is called bad by one: a fault needs no second witness', () => {
    const topics = [topicView('orders', [offlinePartition(0)])];
    const findings = judge(fullView({ topics, witnesses: [witnessView(1)] }));
    expect(findings.find(({ check }) => check === 'offline-partitions')?.severity).toBe('emergency');
  });

  test('is told as one word also where that broker did not tell who the controller is', () => {
    const controller = { brokerId: 100, toldBy: 'quorum', unansweredByIds: [1] } as const;
    const view = clusterView({ controller, witnesses: [witnessView(1)] });
    const { findings } = compareSources(factsOf(healthObservation({ view: known(view) })));
    expect(findings.find(({ subject }) => subject === 'brokers and each other')?.reason).toBe('one-witness');
  });
});
