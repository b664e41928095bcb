import { describe, expect, test } from 'vitest';
import { evaluateBrokers } from '../../../../../../functions/health/cluster-health/core/brokers.ts';
import { evaluateController } from '../../../../../../functions/health/cluster-health/core/controller.ts';
import { compareSources } from '../../../../../../functions/health/cluster-health/core/source-agreement.ts';
import type { ClusterView, WitnessView } from '../../../../../../shared/core/cluster-view.ts';
import {
  blindView,
  brokerView,
  clusterView,
  factsOf,
  healthObservation,
  healthState,
  known,
  minuteMs,
  noonMs,
  problem,
  witnessView,
} from '../../../../../support/health/builders.ts';

const subject = 'brokers and each other';
const compare = (view: ClusterView, more = {}) =>
  compareSources(factsOf(healthObservation({ view: known(view), ...more })));
const find = (view: ClusterView, more = {}) => compare(view, more).findings.find((one) => one.subject === subject);
const odd = (overruled: Partial<NonNullable<WitnessView['overruled']>>): WitnessView =>
  witnessView(1, {
    overruled: { missingBrokerIds: [], extraBrokerIds: [], partitionCount: 0, ...overruled },
  });

test('witnesses that say the same agree', () => {
  expect(find(clusterView())).toEqual({
    check: 'source-agreement',
    subject,
    severity: 'ok',
    reason: 'agree',
    message: 'brokers and each other agree.',
    sources: ['brokers'],
    evidence: {},
  });
});

describe('F3 one broker’s word is not the whole truth', () => {
  test.each([
    [{ missingBrokerIds: [2, 3] }, 'Broker 1 (b-1:9098) does not list broker 2, 3 as the others do.'],
    [{ extraBrokerIds: [1] }, 'Broker 1 (b-1:9098) lists broker 1, which the others do not, or elsewhere.'],
    [{ partitionCount: 3 }, 'Broker 1 (b-1:9098) tells 3 partitions otherwise, as they were before.'],
    [
      { missingBrokerIds: [4], extraBrokerIds: [1], partitionCount: 1 },
      'Broker 1 (b-1:9098) does not list broker 4 as the others do, and lists broker 1, which the others do not, or elsewhere, and tells 1 partition otherwise, as they were before.',
    ],
  ])('the odd one is named with what it says against whom: %j', (overruled, words) => {
    const view = clusterView({ witnesses: [odd(overruled), witnessView(2), witnessView(3)] });
    expect(find(view)).toMatchObject({
      severity: 'notice',
      reason: 'overruled',
      message: `${words} The others are believed. A broker that begins catches up within seconds; where it stays, it is cut off from the controller: ask for a reboot of it.`,
      evidence: { overruledCount: 1, witnessCount: 3 },
    });
  });

  test('of many odd ones three are described', () => {
    const witnesses = [1, 2, 3, 4].map((id) => ({ ...odd({ partitionCount: 1 }), brokerId: id }));
    const message = find(clusterView({ witnesses }))?.message ?? '';
    expect(message.match(/tells 1 partition/g)).toHaveLength(3);
  });

  test('one that lasts for ten minutes is a warning', () => {
    const since = { severity: 'notice', reason: 'overruled', sinceMs: noonMs - 10 * minuteMs } as const;
    const previous = known(healthState({ openByKey: { [`source-agreement|${subject}`]: since } }));
    const view = clusterView({ witnesses: [odd({ partitionCount: 1 }), witnessView(2)] });
    expect(find(view, { previous })).toMatchObject({ severity: 'warning' });
  });

  test('a broker that believes itself in and is in no other list is cut off from the controller: P1', () => {
    const view = clusterView({
      brokers: [brokerView(2), brokerView(3)],
      absentBrokerIds: [1],
      witnesses: [odd({ extraBrokerIds: [1], partitionCount: 3 }), witnessView(2, { brokerIds: [2, 3] })],
      controller: { brokerId: 100, toldBy: 'quorum', unansweredByIds: [1] },
    });
    const facts = factsOf(healthObservation({ view: known(view), secondView: known(view) }));
    const broker = evaluateBrokers(facts).findings.find((one) => one.subject === 'broker 1');
    expect(broker).toMatchObject({ severity: 'critical', reason: 'not-in-cluster' });
    expect(broker?.message).toContain('it answers and believes itself in, but the others do not list it');
    expect(facts.unreachableCount).toBe(1);
    expect(evaluateController(facts).findings).toMatchObject([{ severity: 'ok', reason: 'elected' }]);
    expect(find(view)).toMatchObject({ reason: 'overruled' });
  });

  test.each([
    ['of another cluster, at its address of before', witnessView(1, { brokerIds: [1], otherClusterId: 'zzz' })],
    ['that lists itself no more than others do', witnessView(1, { brokerIds: [2, 3] })],
  ])('a server %s is no broker that believes itself in', (_name, witness) => {
    const view = clusterView({ brokers: [brokerView(2), brokerView(3)], absentBrokerIds: [1], witnesses: [witness] });
    const facts = factsOf(healthObservation({ view: known(view), secondView: known(view) }));
    const broker = evaluateBrokers(facts).findings.find((one) => one.subject === 'broker 1');
    expect(broker).toMatchObject({ severity: 'critical', reason: 'not-in-cluster' });
    expect(broker?.message).not.toContain('believes itself in');
  });

  test('a broker that is listed and was overruled is not called absent', () => {
    const view = clusterView({ witnesses: [odd({ missingBrokerIds: [1] }), witnessView(2)] });
    const facts = factsOf(healthObservation({ view: known(view) }));
    expect(evaluateBrokers(facts).findings.find((one) => one.subject === 'broker 1')).toMatchObject({ severity: 'ok' });
  });
});

describe('F7 who the controller is', () => {
  const view = clusterView({ controller: { brokerId: 100, toldBy: 'quorum', unansweredByIds: [1] } });
  const facts = factsOf(healthObservation({ view: known(view) }));

  test('is asked of another broker: the one that did not tell is named, and the controller is not accused', () => {
    expect(evaluateController(facts).findings).toMatchObject([{ severity: 'ok', evidence: { brokerId: 100 } }]);
    expect(evaluateBrokers(facts).findings.find((one) => one.subject === 'broker 1')).toMatchObject({
      severity: 'notice',
      reason: 'controller-unanswered',
      message:
        'Broker 1 answers, but not who the controller is, which others told: it may be cut off from it. Look again; if it stays, ask for a reboot.',
    });
    expect(evaluateBrokers(facts).findings.find((one) => one.subject === 'broker 2')).toMatchObject({ severity: 'ok' });
    expect(find(view)).toMatchObject({
      severity: 'notice',
      reason: 'controller-unanswered',
      message:
        'Who the controller is was told, and not by broker 1: cut off from it, or too slow. The others are believed.',
      evidence: { unansweredBy: 'broker 1' },
    });
  });

  test('is the controller’s own fault where no broker tells it', () => {
    const controller = { toldBy: 'quorum', problem: problem('timed-out') } as const;
    const hanging = factsOf(healthObservation({ view: known(clusterView({ controller })) }));
    expect(evaluateController(hanging).findings).toMatchObject([{ severity: 'warning', reason: 'quorum-hangs' }]);
  });
});

describe('how many there are', () => {
  test.each([
    ['two of three', [witnessView(1), witnessView(2)], 3, 'ok', 'agree'],
    ['one of three', [witnessView(1)], 3, 'unknown', 'one-witness'],
    [
      'one in full and one for the list',
      [witnessView(1), witnessView(2, { depth: 'brokers' })],
      3,
      'unknown',
      'one-witness',
    ],
    ['none in full', [witnessView(1, { depth: 'brokers' })], 3, 'unknown', 'one-witness'],
    ['one of one', [witnessView(1)], 1, 'ok', 'agree'],
  ] as const)('%s', (_name, witnesses, count, severity, reason) => {
    const brokers = [1, 2, 3].slice(0, count).map((id) => brokerView(id));
    const more = { nodes: known(brokers.map(({ id }) => id)) };
    expect(find(clusterView({ witnesses, brokers }), more)).toMatchObject({ severity, reason });
  });

  test('what one says of many is told as its word alone', () => {
    expect(find(clusterView({ witnesses: [witnessView(1)] }))).toMatchObject({
      message: 'Of 3 brokers only one described the whole cluster: what holds of all of it is its word alone.',
      evidence: { witnessCount: 1 },
    });
    const none = find(clusterView({ witnesses: [] }));
    expect(none?.message).toContain('Of 3 brokers none described the whole cluster');
  });

  test('where nobody described the cluster there is nothing to compare', () => {
    const { findings, notJudged } = compare(blindView(problem('timed-out')));
    expect(findings.filter((one) => one.subject === subject)).toEqual([]);
    expect(notJudged).toContainEqual({ check: 'source-agreement', reason: 'no broker described the cluster' });
  });
});

test('a server of another cluster is told before anything else, by its address and that cluster’s id', () => {
  const stranger: WitnessView = {
    address: 'old.example:9092',
    depth: 'full',
    brokerIds: [7],
    otherClusterId: 'zzz',
    overruled: { missingBrokerIds: [1, 2, 3], extraBrokerIds: [7], partitionCount: 0 },
  };
  const view = clusterView({ witnesses: [stranger, odd({ partitionCount: 1 }), witnessView(2)] });
  expect(find(view)).toMatchObject({
    severity: 'notice',
    reason: 'other-cluster',
    message: expect.stringContaining('The server at old.example:9092 belongs to another cluster (zzz)'),
    evidence: { otherClusterIds: 'zzz' },
  });
});
