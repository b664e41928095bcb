import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimDocument, encodeClaim } from '../../../../../functions/health/cluster-health/claim-document.ts';
import { freeClaim } from '../../../../../functions/health/cluster-health/core/claim.ts';
import type { UntoldChange } from '../../../../../functions/health/cluster-health/core/memory.ts';
import {
  decodeState,
  encodeState,
  stateDocument,
} from '../../../../../functions/health/cluster-health/memory-document.ts';
import { redactValue, verbatim } from '../../../../../shared/text/redaction.ts';
import { healthState, noonMs, unknownFor } from '../../../../support/health/builders.ts';
import { found } from '../../../../support/health/verdict.ts';
import { kafkaName } from '../../../../support/names.ts';

const untoldOf = (check: string, subject: string): UntoldChange => ({
  ...{ kind: 'opened', severity: 'critical', sinceMs: 5, atMs: noonMs },
  finding: found(subject, { check, message: `${subject} is bad.`, evidence: { isThere: true, count: 5, path: '/a' } }),
});

const topic = kafkaName;
const group = fc.oneof(topic, fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }));
/** As the store writes it, and another run reads it. */
const kept = (document: object): unknown => JSON.parse(JSON.stringify(redactValue(document)));

test('the memory keeps any topic, group and alarm by the letter', () => {
  fc.assert(
    fc.property(topic, group, (topicName, groupId) => {
      const open = { severity: 'critical', reason: 'missing', sinceMs: 5 } as const;
      const key = `critical-topic|topic ${topicName}`;
      const state = healthState({
        openByKey: { [key]: open, [`lag|group ${groupId}`]: open },
        unknownStreaks: { [`dead-letter|topic ${topicName}`]: unknownFor(2) },
        offsetsByTopic: { [topicName]: { atMs: noonMs, latestByPartition: { 0: '7' } } },
        openAlarms: { [`mskeeper-orders-lag-${groupId}/${topicName}`]: { rule: 'lag', wokenAtMs: noonMs } },
        untoldByKey: {
          [key]: untoldOf('critical-topic', `topic ${topicName}`),
          [`lag|group ${groupId}`]: untoldOf('lag', `group ${groupId}`),
        },
      });
      expect(decodeState(stateDocument.parse(kept(verbatim(encodeState(state)))))).toEqual(state);
    }),
  );
});

const everything = healthState({
  openByKey: {
    'disk-used|broker 1': {
      severity: 'warning',
      reason: 'x',
      sinceMs: 5,
      announced: 'critical',
      finding: found('broker 1'),
    },
  },
  names: ['token-1'],
  untoldByKey: {
    'disk-used|broker 1': untoldOf('disk-used', 'broker 1'),
    'a|b': { ...untoldOf('a', 'b'), offer: { runId: 'run-1', atMs: noonMs } },
  },
  judgedAtMsByCheck: { 'disk-used': noonMs },
  judgedWholeAtMsByCheck: { 'disk-used': noonMs },
  unknownStreaks: { 'cluster-state|cluster': unknownFor(2) },
  offsetsByTopic: { orders: { atMs: noonMs, latestByPartition: { 0: '-1', 1: '12' }, topicId: 'id-1' } },
  openAlarms: { cpu: { rule: 'cpu-used', wokenAtMs: noonMs } },
  mayWakesWait: true,
  halfHourJudgedToMs: noonMs,
});

test('what is open and what was not told is kept without secrets, and with its names by the letter', () => {
  const password = ['hunter', '2'].join('');
  const topic = 'CustomerAccountStatementGeneratedEventV2';
  const said = `topic ${topic}: password=${password}`;
  const finding = found(`topic ${topic}`, { check: 'a', message: said, evidence: { why: said, count: 1 } });
  const change = { ...untoldOf('a', `topic ${topic}`), finding };
  const key = `a|topic ${topic}`;
  const other = 'CustomerAccountStatementGeneratedEventV3';
  const late = found('cluster', { message: other });
  const open = { severity: 'warning', reason: 'x', sinceMs: 5, finding: late } as const;
  const state = healthState({ openByKey: { 'b|cluster': open }, untoldByKey: { [key]: change }, names: [other] });
  const again = decodeState(stateDocument.parse(kept(verbatim(encodeState(state)))));
  const clean = said.replace(password, '[redacted]');
  expect(again.untoldByKey[key]?.finding).toEqual({ ...finding, message: clean, evidence: { why: clean, count: 1 } });
  expect(again.openByKey['b|cluster']).toEqual(open);
  const { names: _names, ...nameless } = state;
  const [hidden] = encodeState(nameless).open;
  expect(hidden?.[1].finding?.message).not.toContain(other);
});

test('the memory keeps all that there is to it, and nothing where there is nothing', () => {
  const again = (state: typeof everything) => decodeState(stateDocument.parse(kept(verbatim(encodeState(state)))));
  expect(again(everything)).toEqual(everything);
  expect(again(healthState())).toEqual(healthState());
});

test('a memory of the release before has nothing that the bus did not take, and no time of checks that were judged whole', () => {
  const { untold: _untold, judgedWhole: _whole, ...before } = encodeState(healthState());
  expect(decodeState(stateDocument.parse(before))).toEqual(healthState());
});

const openBefore = { severity: 'critical', reason: 'x', sinceMs: 5 } as const;

test('what the release before announced to topics stays announced, whoever heard of it', () => {
  const announced = { ...openBefore, announced: 'critical' };
  const before = { ...encodeState(healthState()), open: [['a|b', { ...announced, heardBy: ['critical', 'warning'] }]] };
  expect(decodeState(stateDocument.parse(before)).openByKey).toEqual({ 'a|b': announced });
});

test('what the release before was announcing is as it was before: an opening was not told, a closing is open', () => {
  const announced = { ...openBefore, announced: 'critical' };
  const milder = { ...openBefore, severity: 'warning', announced: 'warning', heardBy: ['warning'] };
  const before = {
    ...encodeState(healthState()),
    open: [
      ['opened|a', { ...announced, heardBy: ['critical'] }],
      ['worse|a', { ...announced, heardBy: ['warning', 'critical'] }],
      ['other|a', announced],
    ],
    announcing: { atMs: noonMs, openBefore: [['opened|a'], ['worse|a', milder], ['closed|a', announced], ['gone|a']] },
  };
  expect(decodeState(stateDocument.parse(before)).openByKey).toEqual({
    'opened|a': openBefore,
    'worse|a': { ...openBefore, announced: 'warning' },
    'closed|a': announced,
    'other|a': announced,
  });
});

test('a memory of the release before does not say which runs counted what is unknown', () => {
  const before = { ...encodeState(healthState()), streaks: [['cluster-state|cluster', 2]] };
  expect(decodeState(stateDocument.parse(before)).unknownStreaks).toEqual({
    'cluster-state|cluster': { runs: 2, lastRunIds: [] },
  });
});

test.each<[string, object]>([
  ['another version', { version: 2 }],
  ['a severity that there is not', { open: [['a|b', { severity: 'bad', reason: 'x', sinceMs: 1 }]] }],
  ['a finding from before 1970', { open: [['a|b', { severity: 'ok', reason: 'x', sinceMs: -1 }]] }],
  ['a streak of nothing', { streaks: [['a|b', 0, []]] }],
  ['a check that was judged at a broken time', { judged: [['disk-used', 0.5]] }],
  ['an end that is no number', { offsets: [['orders', { atMs: 1, ends: [['0', 'many']] }]] }],
  ['an alarm without its rule', { alarms: [['cpu', { wokenAtMs: 1 }]] }],
  ['a word for yes', { mayWakesWait: 'no' }],
  ['a half hour at a broken time', { halfHourJudgedToMs: 0.5 }],
  ['a telling without its findings', { announcing: { atMs: 1 } }],
  ['a change without its finding', { untold: [{ kind: 'opened', severity: 'critical', sinceMs: 1, atMs: 1 }] }],
  ['more in it', { extra: true }],
])('a memory with %s is damaged, and no memory', (_name, damage) => {
  expect(stateDocument.safeParse({ ...encodeState(everything), ...damage }).success).toBe(false);
});

test.each<[string, object]>([
  ['another version', { version: 2 }],
  ['a holder without its time', { holder: { runId: 'a' } }],
  ['a round before the first', { round: -1 }],
  ['a beginning at a broken time', { beganAtMs: 0.5 }],
  ['fewer alarms than none', { waiting: { wakes: [], beyondCount: -1, beyondRules: [] } }],
  [
    'a wake without its event',
    { serving: { wakes: [{ alarmName: 'a', changedAtMs: 1 }], beyondCount: 0, beyondRules: [] } },
  ],
  ['more in it', { extra: true }],
])('a claim with %s is damaged, and counts as free', (_name, damage) => {
  expect(claimDocument.safeParse({ ...freeClaim, ...damage }).success).toBe(false);
});

test('the claim of a look keeps the alarms that wait by the letter', () => {
  fc.assert(
    fc.property(topic, group, (topicName, groupId) => {
      const alarmName = `mskeeper-orders-lag-${groupId}/${topicName}`;
      const wakes = [{ alarmName, rule: 'lag', changedAtMs: noonMs, eventId: 'event-1' }];
      const claim = { ...freeClaim, waiting: { wakes, beyondCount: 0, beyondRules: [] } };
      expect(claimDocument.parse(kept(encodeClaim(claim)))).toEqual(claim);
    }),
  );
});
