import { expect, test } from 'vitest';
import type { AlarmSaid } from '../../../../../../functions/health/incident/core/said.ts';
import { isSweepMinute, rosterOf, sweepOf } from '../../../../../../functions/health/incident/core/sweep.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import type { OpenFindings } from '../../../../../../shared/core/open-findings.ts';
import { dayMs } from '../../../../../../shared/core/units.ts';
import { at } from '../../../../../support/incident/builders.ts';

const alarm = (owner: string, rule: string, state: AlarmSaid['state']): AlarmSaid => ({
  name: `mskeeper/orders/${owner}/${rule}/critical`,
  owner,
  rule,
  severity: 'critical',
  sentence: rule,
  state,
  changedAtMs: at(1),
});
const finding = (severity: Finding['severity']): Finding => ({
  check: 'broker-answers',
  subject: 'broker 2',
  severity,
  reason: 'timed-out',
  message: 'Broker 2 does not answer.',
  sources: ['brokers'],
  evidence: {},
});
const left = (severity: Finding['severity']): { readonly procedure: string; readonly found: OpenFindings } => ({
  procedure: 'cluster-health',
  found: {
    runId: 'run-1',
    atMs: at(9),
    open: [{ key: 'broker-answers|broker 2', finding: finding(severity), sinceMs: at(2), seenAtMs: at(8) }],
    wholeAtMsByCheck: new Map([
      ['broker-answers', at(8)],
      ['disk-used', at(3)],
    ]),
    names: [],
  },
});

test.each([
  ['cluster-health', 'brokers-unreachable', 'OK', 'unproven'],
  ['cluster-health', 'brokers-unreachable', 'ALARM', 'live'],
  ['self', 'heartbeat', 'OK', 'gone'],
  ['self', 'heartbeat', 'INSUFFICIENT_DATA', 'unproven'],
] as const)('of %s’s alarm %s that is %s it says %s', (owner, rule, state, says) => {
  expect(sweepOf([alarm(owner, rule, state)], [], at(9)).words).toMatchObject([{ says, atMs: at(1), isAsked: true }]);
});

test.each([
  ['critical', 'live'],
  ['unknown', 'unproven'],
] as const)('what a procedure holds open as %s is %s, however long nobody judged it', (severity, says) => {
  expect(sweepOf([], [left(severity)], at(9)).words).toMatchObject([
    { says, atMs: at(8), sinceMs: at(2), isAsked: true },
  ]);
});

test('each check is over up to when it was judged of every subject', () => {
  expect(sweepOf([], [left('critical')], at(9)).looks).toEqual([
    { procedure: 'cluster-health', atMs: at(8), judgedChecks: ['broker-answers'] },
    { procedure: 'cluster-health', atMs: at(3), judgedChecks: ['disk-used'] },
  ]);
});

test('all alarms that there are make a list, unless one may be missing from it', () => {
  const alarms = [alarm('self', 'heartbeat', 'OK'), alarm('cluster-health', 'disk-used', 'ALARM')];
  expect(rosterOf({ alarms, isWhole: true }, at(5))).toEqual({
    atMs: at(5),
    keys: new Set([
      'alarm|mskeeper/orders/self/heartbeat/critical',
      'alarm|mskeeper/orders/cluster-health/disk-used/critical',
    ]),
  });
  expect(rosterOf({ alarms, isWhole: false }, at(5))).toBeUndefined();
});

test('every fifth minute sweeps', () => {
  expect([0, 1, 4, 4.99, 5, 10].map((minute) => isSweepMinute(at(minute)))).toEqual([
    true,
    false,
    false,
    false,
    true,
    true,
  ]);
});

test('a look that is still to come judged nothing, and what it found is no newer than what was heard since', () => {
  const { procedure, found } = left('critical');
  const ahead = at(9) + 365 * dayMs;
  const [open] = found.open;
  const sweep = (more: Partial<OpenFindings>) => sweepOf([], [{ procedure, found: { ...found, ...more } }], at(9));
  const seenAhead = open ? [{ ...open, seenAtMs: ahead }] : [];
  expect(sweep({ wholeAtMsByCheck: new Map([['broker-answers', ahead]]) }).looks).toEqual([]);
  expect(sweep({ open: seenAhead, atMs: at(8) }).words).toMatchObject([{ atMs: at(8), sinceMs: at(2) }]);
  expect(sweep({ open: seenAhead, atMs: ahead }).words).toMatchObject([{ atMs: at(2), sinceMs: at(2) }]);
});
