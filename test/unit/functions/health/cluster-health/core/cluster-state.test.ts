import { expect, test } from 'vitest';
import { evaluateClusterState } from '../../../../../../functions/health/cluster-health/core/cluster-state.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  known,
  mskObservation,
  notAsked,
} from '../../../../../support/health/builders.ts';
import { namesOfEveryObject } from '../../../../../support/names.ts';

const judge = (more = {}, expectation = {}) =>
  evaluateClusterState(factsOf(healthObservation(more), healthExpectation(expectation)));
const find = (check: string, more = {}, expectation = {}) =>
  judge(more, expectation).findings.find((one) => one.check === check);

test.each([
  ['ACTIVE', 'ok', 'active'],
  ['CREATING', 'notice', 'creating'],
  ['MAINTENANCE', 'notice', 'maintenance'],
  ['REBOOTING_BROKER', 'notice', 'rebooting-broker'],
  ['UPDATING', 'notice', 'updating'],
  ['HEALING', 'warning', 'healing'],
  ['DELETING', 'emergency', 'deleting'],
  ['FAILED', 'emergency', 'failed'],
  ['SOMETHING_NEW', 'unknown', 'unknown-state'],
])('H1 the MSK state %s is %s', (state, severity, reason) => {
  expect(find('cluster-state', { msk: known(mskObservation({ state })) })).toMatchObject({
    severity,
    reason,
    sources: ['msk'],
    evidence: { state },
  });
});

test.each(namesOfEveryObject)(
  'F11 a word of MSK that every object has, %s, is one that mskeeper does not know',
  (word) => {
    const msk = known(mskObservation({ state: word, customerActionStatus: word }));
    expect(find('cluster-state', { msk })).toMatchObject({ severity: 'unknown', reason: 'unknown-state' });
    expect(find('customer-action', { msk })).toMatchObject({ severity: 'unknown', reason: 'unknown-status' });
  },
);

test.each(['HEALING', 'MAINTENANCE', 'REBOOTING_BROKER', 'UPDATING'])(
  '%s says that no update call is accepted',
  (state) => {
    expect(find('cluster-state', { msk: known(mskObservation({ state })) })?.message).toContain('no update call');
  },
);

test('a running operation is named', () => {
  const msk = known(mskObservation({ state: 'UPDATING', activeOperationArn: 'arn:aws:kafka:operation' }));
  expect(find('cluster-state', { msk })?.evidence).toMatchObject({ activeOperationArn: 'arn:aws:kafka:operation' });
});

test.each([
  ['NONE', 'ok', 'none'],
  ['ACTION_RECOMMENDED', 'notice', 'recommended'],
  ['CRITICAL_ACTION_REQUIRED', 'critical', 'required'],
  ['ANOTHER', 'unknown', 'unknown-status'],
])('the storage alert %s is %s', (customerActionStatus, severity, reason) => {
  expect(find('customer-action', { msk: known(mskObservation({ customerActionStatus })) })).toMatchObject({
    severity,
    reason,
  });
});

test('a storage alert that MSK does not tell of this cluster is left out, and said so', () => {
  const { customerActionStatus: _none, ...msk } = mskObservation();
  expect(judge({ msk: known(msk) }).notJudged).toMatchObject([{ check: 'customer-action' }]);
});

test.each(['denied', 'throttled', 'timed-out', 'bad-answer'] as const)(
  'an MSK API call that was %s leaves the state unknown and names the call',
  (failure) => {
    const msk = failed('kafka:DescribeClusterV2', failure);
    for (const check of ['cluster-state', 'broker-count']) {
      expect(find(check, { msk })).toMatchObject({
        severity: 'unknown',
        reason: failure,
        evidence: { call: 'kafka:DescribeClusterV2' },
      });
    }
  },
);

test('the MSK API that was not asked is left out, and said so', () => {
  expect(judge({ msk: notAsked })).toMatchObject({ findings: [], notJudged: [{ check: 'cluster-state' }] });
});

test('brokers of another kind than configured are a finding: their metrics differ', () => {
  expect(find('broker-kind', { msk: known(mskObservation({ kind: 'express' })) })).toMatchObject({
    severity: 'warning',
    reason: 'drift',
  });
  expect(find('broker-kind')).toMatchObject({ severity: 'ok' });
});

test.each([
  ['as configured', {}, 3, [1, 2, 3], 'ok', 'as-configured'],
  ['more than mskeeper.yml says', {}, 6, [1, 2, 3], 'warning', 'drift'],
  ['fewer than mskeeper.yml says', {}, 2, [1, 2], 'warning', 'drift'],
  ['nodes that differ from the count', {}, 3, [1, 2], 'notice', 'nodes-differ'],
] as const)('a broker count that is %s', (_name, _none, brokerCount, nodes, severity, reason) => {
  const more = { msk: known(mskObservation({ brokerCount })), nodes: known(nodes) };
  expect(find('broker-count', more)).toMatchObject({ severity, reason, evidence: { configuredCount: 3 } });
});

test('what MSK says is told whole', () => {
  expect(evaluateClusterState(factsOf()).findings).toEqual([
    {
      check: 'cluster-state',
      subject: 'cluster',
      severity: 'ok',
      reason: 'active',
      message: 'MSK calls the cluster ACTIVE.',
      sources: ['msk'],
      evidence: { state: 'ACTIVE' },
    },
    {
      check: 'customer-action',
      subject: 'cluster',
      severity: 'ok',
      reason: 'none',
      message: 'MSK asks for no action.',
      sources: ['msk'],
      evidence: { customerActionStatus: 'NONE' },
    },
    {
      check: 'broker-kind',
      subject: 'cluster',
      severity: 'ok',
      reason: 'as-configured',
      message: 'Broker kind is as configured.',
      sources: ['msk'],
      evidence: { configuredKind: 'standard', kind: 'standard' },
    },
    {
      check: 'broker-count',
      subject: 'cluster',
      severity: 'ok',
      reason: 'as-configured',
      message: '3 brokers, as configured.',
      sources: ['msk', 'configuration'],
      evidence: { configuredCount: 3, mskCount: 3, nodeCount: 3, liveCount: 3 },
    },
  ]);
});

test('brokers that were removed leave gaps, and the advice names the ids that are left', () => {
  const ids = [1, 2, 4, 5, 7, 8];
  const view = known(clusterView({ brokers: ids.map((id) => brokerView(id)) }));
  const more = { msk: known(mskObservation({ brokerCount: 6 })), nodes: known(ids), view };
  const sixFromOne = { brokerCount: 6, brokerIds: [1, 2, 3, 4, 5, 6] };
  expect(find('broker-count', more, sixFromOne)).toMatchObject({
    severity: 'warning',
    reason: 'drift',
    message:
      'MSK has broker 7, 8, which no alarm watches; MSK does not have broker 3, 6 of mskeeper.yml: set brokerCount: 6 and brokerIds: [1, 2, 4, 5, 7, 8] in mskeeper.yml, package and deploy.',
  });
  expect(find('broker-count', more, { brokerCount: 6, brokerIds: ids })).toMatchObject({ severity: 'ok' });
});

test('a count that differs while nobody lists the ids is told without guessing them', () => {
  const more = { msk: known(mskObservation({ brokerCount: 4 })), nodes: failed('kafka:ListNodes', 'denied') };
  const { message } = find('broker-count', more) ?? {};
  expect(message).toContain('set brokerCount: 4 in mskeeper.yml, and brokerIds where the ids do not run from 1 to 4');
});

test.each(['denied', 'throttled', 'timed-out', 'bad-answer'] as const)(
  'a list of nodes that was %s leaves the count unknown and names the call, however well the rest agrees',
  (failure) => {
    expect(find('broker-count', { nodes: failed('kafka:ListNodes', failure) })).toMatchObject({
      severity: 'unknown',
      reason: failure,
      evidence: { call: 'kafka:ListNodes' },
    });
  },
);

test('more live brokers than configured are a finding: alarms miss some', () => {
  const view = known(clusterView({ brokers: [1, 2, 3, 4].map((id) => brokerView(id)) }));
  expect(find('broker-count', { view })).toMatchObject({ severity: 'warning', reason: 'more-live-than-configured' });
});

test('Serverless has no brokers to count', () => {
  const msk = known(mskObservation({ kind: 'serverless' }));
  expect(find('broker-count', { msk }, { brokerKind: 'serverless', brokerCount: 0 })).toBeUndefined();
});
