import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assumptionsOf, commonAssumptions } from '../../../../cli/conformance/assumptions.ts';
import type { Evidence } from '../../../../cli/conformance/evidence.ts';
import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { known, unanswered } from '../../../../shared/core/known.ts';
import type { MskOperation } from '../../../../shared/core/msk-model.ts';
import { nameOfAlarm } from '../../../../shared/deployment/alarm.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

const root = join(import.meta.dirname, '../../../..');
const { configuration } = judge(smallFile());
if (configuration === undefined) throw new Error('the file is sound');
const context = stackContextOf(configuration, 'orders');

const nothing: Evidence = {
  cluster: known({}),
  nodes: known([]),
  bootstrap: known({}),
  operations: known([]),
  metrics: known([]),
  values: known({}),
  alarmStates: known([]),
  alarmActions: known([]),
  autoScaling: known({ targetCount: 0, policyNames: [] }),
  lastRun: known(undefined),
};
const verdict = (id: string, evidence: Partial<Evidence>, traits = context.cluster) => {
  const assumption = assumptionsOf(traits).find((one) => one.id === id);
  if (assumption === undefined) throw new Error(`no assumption ${id}`);
  return assumption.judge({ ...nothing, ...evidence }, { ...context, cluster: traits }).verdict;
};

const kinds = (['standard', 'express', 'serverless'] as const).flatMap((brokerKind) =>
  (['kraft', 'zookeeper'] as const).map((metadataMode) => ({
    ...context.cluster,
    brokerKind,
    metadataMode,
    monitoringLevel: 'PER_TOPIC_PER_PARTITION' as const,
    instanceType: 'kafka.t3.small',
  })),
);

test('each assumption has a name of its own and relies on files that are there', () => {
  for (const traits of kinds) {
    const all = assumptionsOf(traits);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(commonAssumptions.length);
  }
  for (const { id, reliesOn } of commonAssumptions)
    for (const path of reliesOn)
      expect({ id, path, isThere: existsSync(join(root, path)) }).toMatchObject({ isThere: true });
});

test('docs/conformance.md lists every assumption with its claim and what relies on it, and no other', () => {
  const page = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
  const rows = page.matchAll(/^\| `([a-z0-9-]+)` \| (.*?) \| .* \| (`[^|]+`) \|$/gm);
  const listed = [...rows].map(([, id, claim, files]) => `${id}: ${claim}: ${files}`);
  const shown = ({ id, claim, reliesOn }: (typeof commonAssumptions)[number]) =>
    `${id}: ${claim}: ${reliesOn.map((path) => `\`${path}\``).join(', ')}`;
  expect(listed).toEqual(commonAssumptions.map(shown));
});

test('no answer at all proves and refutes nothing', () => {
  const silent = unanswered(new DependencyError('c', 'denied', 'denied'));
  const evidence: Evidence = {
    cluster: silent,
    nodes: silent,
    bootstrap: silent,
    operations: silent,
    metrics: silent,
    values: silent,
    alarmStates: silent,
    alarmActions: silent,
    autoScaling: silent,
    lastRun: silent,
  };
  for (const traits of kinds)
    for (const { id, judge: ask } of assumptionsOf(traits))
      expect({ id, verdict: ask(evidence, { ...context, cluster: traits }).verdict }).toEqual({
        id,
        verdict: 'not-seen',
      });
});

describe('the storage lock in the history', () => {
  const hourMs = 3_600_000;
  const changes = (...gapsHours: readonly number[]): Partial<Evidence> => {
    let atMs = Date.UTC(2026, 0, 1);
    const operations = [0, ...gapsHours].map((gapHours, index): MskOperation => {
      const startedAtMs = atMs + gapHours * hourMs;
      atMs = startedAtMs + hourMs;
      return {
        arn: `o${index}`,
        type: 'INCREASE_BROKER_STORAGE',
        state: 'UPDATE_COMPLETE',
        startedAtMs,
        endedAtMs: atMs,
      };
    });
    return { operations: known(operations.toReversed()) };
  };

  test.each([
    [[], 'not-seen', 'not-seen'],
    [[500], 'not-seen', 'not-seen'],
    [[7], 'proved', 'proved'],
    [[25], 'not-seen', 'not-seen'],
    [[7, 5.9], 'refuted', 'proved'],
    [[3], 'refuted', 'not-seen'],
  ])('gaps of %j hours', (gapsHours, sixHours, withinADay) => {
    expect(verdict('storage-lock-six-hours', changes(...gapsHours))).toBe(sixHours);
    expect(verdict('storage-lock-within-a-day', changes(...gapsHours))).toBe(withinADay);
  });
});

test.each([
  ['INCREASE_BROKER_STORAGE', 'not-seen', 'proved'],
  ['UPDATE_BROKER_STORAGE', 'not-seen', 'proved'],
  ['UPDATE_BROKER_TYPE', 'proved', 'not-seen'],
  // The name that a change of storage might have if the guess is wrong: it is named, and nothing is proved.
  ['EBS_UPDATE', 'refuted', 'not-seen'],
])('a history of %s alone', (type, types, storageType) => {
  const operations = known([{ arn: 'o', type, state: 'UPDATE_COMPLETE', startedAtMs: 1, endedAtMs: 2 }]);
  expect(verdict('operation-types', { operations })).toBe(types);
  expect(verdict('storage-operation-type', { operations })).toBe(storageType);
});

test.each<[string, Record<string, number[]>, string]>([
  ['a-datapoint-a-minute', { 'CpuUser Maximum': Array.from({ length: 178 }, () => 1) }, 'proved'],
  ['a-datapoint-a-minute', { 'CpuUser Maximum': Array.from({ length: 100 }, () => 1) }, 'not-seen'],
  ['a-datapoint-a-minute', { 'CpuUser Maximum': Array.from({ length: 36 }, () => 1) }, 'refuted'],
  [
    'controller-count-by-maximum',
    { 'ActiveControllerCount Maximum': [1], 'ActiveControllerCount Average': [1] },
    'not-seen',
  ],
  [
    'controller-count-by-maximum',
    { 'ActiveControllerCount Maximum': [0], 'ActiveControllerCount Average': [0] },
    'refuted',
  ],
  ['unit-of-networkprocessoravgidlepercent', { 'NetworkProcessorAvgIdlePercent Maximum': [97] }, 'refuted'],
  ['unit-of-cpuuser', { 'CpuUser Maximum': [0.4] }, 'not-seen'],
])('%s with %j is %s', (id, values, expected) => {
  expect(verdict(id, { values: known(values) })).toBe(expected);
});

const [first] = alarmsOf(context);
if (first === undefined) throw new Error('the default policy has alarms');
const alarm = { name: nameOfAlarm(context, first), state: 'OK', evaluationState: undefined, reason: 'r' };

test.each<[string, Partial<Evidence>, string]>([
  ['cluster-state-spelling', { cluster: known({ State: 'CONVERGING' as 'ACTIVE' }) }, 'refuted'],
  ['monitoring-level-told', { cluster: known({ Provisioned: undefined }) }, 'not-seen'],
  ['storage-alert-status', { cluster: known({ Provisioned: undefined }) }, 'not-seen'],
  ['operation-end-time', { operations: known([{ arn: 'a', type: 'T', state: 'UPDATE_FAILED' }]) }, 'refuted'],
  ['operation-states', { operations: known([{ arn: 'a', type: 'T', state: 'DONE' }]) }, 'refuted'],
  [
    'active-operation',
    {
      cluster: known({ ActiveOperationArn: 'o' }),
      operations: known([{ arn: 'o', type: 'T', state: 'UPDATE_IN_PROGRESS', startedAtMs: 1 }]),
    },
    'proved',
  ],
  [
    'active-operation',
    { operations: known([{ arn: 'o', type: 'T', state: 'UPDATE_IN_PROGRESS', startedAtMs: 1 }]) },
    'refuted',
  ],
  [
    'bootstrap-at-most-three',
    {
      bootstrap: known({ BootstrapBrokerStringTls: 'a:9094,b:9094,c:9094' }),
      nodes: known([1, 2, 3, 4].map((BrokerId) => ({ BrokerNodeInfo: { BrokerId } }))),
    },
    'proved',
  ],
  [
    'controllers-in-node-list',
    { nodes: known([{ BrokerNodeInfo: { BrokerId: 1 } }, { ZookeeperNodeInfo: { ZookeeperId: 1 } }]) },
    'refuted',
  ],
  [
    'node-endpoints-without-port',
    { nodes: known([{ BrokerNodeInfo: { Endpoints: ['b-1.example.com:9098'] } }]) },
    'refuted',
  ],
  [
    'alarms-reach-their-topics',
    { alarmActions: known([{ alarmName: 'a', atMs: 1, hasSucceeded: false, summary: 'KMS denied' }]) },
    'refuted',
  ],
  ['auto-scaling-by-cluster-arn', { autoScaling: known({ targetCount: 1, policyNames: ['storage'] }) }, 'proved'],
  ['alarms-are-evaluated', { alarmStates: known([{ ...alarm, name: 'mskeeper-other-alarm' }]) }, 'not-seen'],
  ['alarms-are-evaluated', { alarmStates: known([alarm]) }, 'proved'],
  ['alarms-are-evaluated', { alarmStates: known([{ ...alarm, state: 'INSUFFICIENT_DATA' }]) }, 'not-seen'],
  ['alarms-are-evaluated', { alarmStates: known([{ ...alarm, evaluationState: 'EVALUATION_ERROR' }]) }, 'refuted'],
  ['role-reads-alarms', { lastRun: known({ key: 'k', sources: { alarms: 'not asked' } }) }, 'not-seen'],
])('%s with %j is %s', (id, evidence, expected) => {
  expect(verdict(id, evidence)).toBe(expected);
});

test('an Express cluster is asked for its own metrics', () => {
  const express = { ...context.cluster, brokerKind: 'express' as const };
  const ids = assumptionsOf(express).map(({ id }) => id);
  expect(ids).toContain('metric-storageused');
  expect(ids).not.toContain('metric-burstbalance-broker-id');
  const metrics = known([{ name: 'HeapMemoryAfterGC', dimensions: ['Cluster Name', 'Broker ID'], seriesCount: 3 }]);
  expect(verdict('metrics-of-other-kinds', { metrics }, express)).toBe('refuted');
});
