import { describe, expect, test } from 'vitest';
import {
  type AlarmSaid,
  diagnosisOf,
  wordOfAlarm,
  wordOfFinding,
} from '../../../../../../functions/health/incident/core/said.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import { at } from '../../../../../support/incident/builders.ts';

const found = (severity: Finding['severity'], more: Partial<Finding> = {}): Finding => ({
  check: 'broker-answers',
  subject: 'broker 2',
  severity,
  reason: 'timed-out',
  message: 'Broker 2 does not answer.',
  sources: ['brokers', 'msk'],
  evidence: {},
  ...more,
});
const saidOf = (finding: Finding, more = {}) =>
  wordOfFinding({ procedure: 'cluster-health', atMs: at(5), sinceMs: at(1), isClosed: false, finding, ...more });

describe('a finding as a word', () => {
  test.each([
    ['emergency', false, 'live'],
    ['critical', false, 'live'],
    ['warning', false, 'live'],
    ['notice', false, 'live'],
    ['unknown', false, 'unproven'],
    ['ok', false, 'gone'],
    ['critical', true, 'gone'],
  ] as const)('that is %s and closed: %s says %s', (severity, isClosed, says) => {
    expect(saidOf(found(severity), { isClosed }).says).toBe(says);
  });
  test('says who judges it, in words for people', () => {
    expect(saidOf(found('critical'))).toMatchObject({
      key: 'finding|cluster-health|broker-answers|broker 2',
      by: 'finding',
      source: 'brokers, MSK API',
      sinceMs: at(1),
      atMs: at(5),
    });
    expect(saidOf(found('critical', { sources: ['cloudwatch', 'endpoint', 'configuration', 'mskeeper'] })).source).toBe(
      'CloudWatch, endpoint, mskeeper.yml, mskeeper',
    );
  });
  test('began when it was said at the latest', () => {
    expect(saidOf(found('critical'), { sinceMs: at(9) }).sinceMs).toBe(at(5));
  });
  test.each([
    ['its subject', found('critical'), ['2']],
    ['what it found', found('critical', { subject: 'cluster', evidence: { brokerId: 3 } }), ['3']],
    ['both, once each', found('critical', { evidence: { brokerId: 2 } }), ['2']],
    ['neither', found('critical', { subject: 'cluster' }), []],
  ] as const)('names the brokers of %s', (_name, finding, brokers) => {
    expect(saidOf(finding).brokers).toEqual(brokers);
  });
});

describe('an alarm as a word', () => {
  const said = (state: AlarmSaid['state']): AlarmSaid => ({
    name: 'mskeeper/orders/cluster-health/no-controller/warning',
    owner: 'cluster-health',
    rule: 'no-controller',
    severity: 'warning',
    sentence: 'no controller',
    state,
    changedAtMs: at(3),
  });
  test.each([
    ['ALARM', true, false, 'live'],
    ['ALARM', false, true, 'live'],
    ['OK', true, true, 'unproven'],
    ['OK', true, false, 'unproven'],
    ['OK', false, false, 'unproven'],
    ['OK', false, true, 'gone'],
    ['INSUFFICIENT_DATA', false, true, 'unproven'],
    ['INSUFFICIENT_DATA', true, false, 'unproven'],
    ['unknown', false, true, 'unproven'],
  ] as const)('%s, judged by a look: %s, asked for: %s: says %s', (state, isJudged, isAsked, says) => {
    expect(wordOfAlarm(said(state), isJudged, isAsked).says).toBe(says);
  });
  test('is so since it changed, and is asked where it was', () => {
    expect(wordOfAlarm(said('ALARM'), true, true)).toMatchObject({
      sinceMs: at(3),
      atMs: at(3),
      isAsked: true,
      by: 'alarm',
    });
    expect(wordOfAlarm(said('ALARM'), true, false)).not.toHaveProperty('isAsked');
  });
});

test('of a diagnosis is kept what a page has room for', () => {
  const long = 'x'.repeat(500);
  const kept = diagnosisOf(at(1), {
    of: long,
    affected: Array.from({ length: 9 }, () => long),
    next: 'reboot it',
  });
  expect(kept.affected).toHaveLength(6);
  expect(kept.affected[0]).toBe(`${'x'.repeat(399)}…`);
  expect(kept.of).toHaveLength(400);
  expect(kept.next).toBe('reboot it');
  expect(diagnosisOf(at(1), { of: 'x'.repeat(400) })).toEqual({
    atMs: at(1),
    affected: [],
    of: 'x'.repeat(400),
  });
});
