import { describe, expect, test } from 'vitest';
import { evaluateBrokers } from '../../../../../../functions/health/cluster-health/core/brokers.ts';
import { evaluateLogDirectories } from '../../../../../../functions/health/cluster-health/core/log-directories.ts';
import { evaluateTopics } from '../../../../../../functions/health/cluster-health/core/topics.ts';
import type { BrokerView, ClusterView } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  factsOf,
  fullView,
  healthObservation,
  known,
  problem,
  silentBroker,
  witnessView,
} from '../../../../../support/health/builders.ts';

const judge = (view: ClusterView, more = {}) => {
  const facts = factsOf(healthObservation({ view: known(view), ...more }));
  const { findings } = evaluateBrokers(facts);
  const of = (check: string, subject = 'cluster') =>
    findings.find((one) => one.check === check && one.subject === subject);
  return { facts, of };
};

describe('F8 brokers that share an address', () => {
  const at = { host: 'lb.example.test', port: 9098 };
  const refusal = problem('unsupported', 'advertises lb.example.test:9098 as broker 1 does');
  const { answerMs: _none, ...unasked } = brokerView(2, at);
  const shared = (first: BrokerView): readonly BrokerView[] => [
    { ...first, ...at, sharesAddressWith: [2, 3] },
    { ...unasked, sharesAddressWith: [1, 3], problem: refusal },
    { ...unasked, id: 3, sharesAddressWith: [1, 2], problem: refusal },
  ];
  const directories = [{ path: '/d', usedBytes: 1 }];
  const view = fullView({ brokers: shared(brokerView(1, { logDirectories: directories })), groups: [] });

  test('are unknown, all of them: at most one was reached, and nobody knows which', () => {
    const { of, facts } = judge(view);
    expect(of('broker-answers', 'broker 1')).toMatchObject({
      severity: 'unknown',
      reason: 'address-shared',
      message:
        'Broker 1 has the address lb.example.test:9098 together with broker 2, 3: at most one of them was reached, and nobody knows which. Give each an address of its own in advertised.listeners.',
      evidence: { sharesAddressWith: '2, 3' },
    });
    for (const id of [2, 3]) {
      expect(of('broker-answers', `broker ${id}`)).toMatchObject({ severity: 'unknown', reason: 'address-shared' });
    }
    expect(of('cluster-answers')).toMatchObject({ severity: 'ok', message: 'At least 1 of 3 brokers answer.' });
    expect(facts.unreachableCount).toBe(0);
  });

  test('list groups of one of them alone, and log directories of nobody knows whom', () => {
    const { facts } = judge(view);
    expect(evaluateTopics(facts).findings.find(({ check }) => check === 'group-count')).toMatchObject({
      severity: 'unknown',
      reason: 'incomplete',
    });
    const { findings } = evaluateLogDirectories(facts);
    expect(findings.filter(({ check }) => check === 'log-directory')).toMatchObject([
      { subject: 'broker 1', severity: 'unknown', reason: 'address-shared' },
    ]);
  });

  test('are silent together: nobody at that address answers a client of any of them', () => {
    const silent = fullView({ brokers: shared(silentBroker(1)) });
    const { of, facts } = judge(silent, { secondView: known(silent) });
    expect(facts.unreachableCount).toBe(3);
    expect(of('cluster-answers')).toMatchObject({ severity: 'emergency', reason: 'no-broker-answers' });
    for (const id of [1, 2, 3]) {
      expect(of('broker-answers', `broker ${id}`)).toMatchObject({ severity: 'critical', reason: 'timed-out' });
    }
  });
});

describe('F9 no advertised address answers', () => {
  const refused = problem('unreachable', 'ECONNREFUSED');
  const view = fullView({
    brokers: [1, 2, 3].map((id) => silentBroker(id, refused)),
    witnesses: [{ address: 'bootstrap.example:9094', depth: 'full', brokerIds: [1, 2, 3] }],
  });

  test('and a server of the bootstrap list describes the cluster: P0 that says so, and where to look', () => {
    const { of, facts } = judge(view, { secondView: known(view) });
    expect(of('cluster-answers')).toMatchObject({
      severity: 'emergency',
      reason: 'advertised-unreachable',
      evidence: { expectedCount: 3, unreachableCount: 3 },
    });
    const message = of('cluster-answers')?.message;
    expect(message).toContain('A server at bootstrap.example:9094 describes the cluster');
    for (const hint of ['security groups', 'DNS', 'advertised.listeners', 'every client that comes by it']) {
      expect(message).toContain(hint);
    }
    expect(facts.unreachableCount).toBe(3);
    expect(of('broker-answers', 'broker 1')?.message).toContain('look at its advertised address before any reboot');
  });

  test.each([
    ['the brokers themselves', witnessView(1)],
    ['a server of another cluster', { address: 'b:1', depth: 'full', brokerIds: [7], otherClusterId: 'zzz' } as const],
    ['a server that has not learnt yet who is there', { address: 'b:1', depth: 'full', brokerIds: [] } as const],
  ])('and nobody but %s described it: the usual P0', (_name, witness) => {
    const { of } = judge({ ...view, witnesses: [witness] });
    expect(of('cluster-answers')).toMatchObject({ severity: 'emergency', reason: 'no-broker-answers' });
    expect(of('broker-answers', 'broker 1')?.message).toContain('ask for a reboot');
  });

  test('while one does: no P0, and the silent ones are told as ever', () => {
    const one = { ...view, brokers: [brokerView(1), silentBroker(2, refused), silentBroker(3, refused)] };
    const { of } = judge(one);
    expect(of('cluster-answers')).toMatchObject({ severity: 'ok', message: '1 of 3 brokers answer.' });
    expect(of('broker-answers', 'broker 2')?.message).toContain('ask for a reboot');
  });
});

describe('F7 a broker that lets mskeeper in and then answers nothing', () => {
  const mute = brokerView(1, { problem: problem('timed-out', 'no answer to ListGroups in 10 s') });
  const view = fullView({ brokers: [mute, brokerView(2), brokerView(3)] });

  test('is dead after as many looks as there were, and its words say how far it got', () => {
    const { of, facts } = judge(view, { secondView: known(view), thirdView: known(view) });
    expect(of('broker-answers', 'broker 1')).toMatchObject({ severity: 'critical', reason: 'timed-out' });
    expect(of('broker-answers', 'broker 1')?.message).toContain(
      'Broker 1 let mskeeper in and then answered nothing in 3 looks (no answer to ListGroups in 10 s)',
    );
    expect(facts.unreachableCount).toBe(1);
  });

  test('is well where a later look heard it', () => {
    for (const more of [{ secondView: known(fullView()) }, { secondView: known(view), thirdView: known(fullView()) }]) {
      expect(judge(view, more).of('broker-answers', 'broker 1')).toMatchObject({
        severity: 'notice',
        reason: 'answers-second-time',
      });
    }
  });
});

test('a cluster of which one broker is silent and the others refuse is not called answering', () => {
  const view = fullView({
    brokers: [silentBroker(1), silentBroker(2, problem('denied')), silentBroker(3, problem('unsupported'))],
  });
  expect(judge(view).of('cluster-answers')).toMatchObject({ severity: 'unknown', reason: 'refused' });
});
