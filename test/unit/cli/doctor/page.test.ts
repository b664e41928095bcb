import { expect, test } from 'vitest';
import { evaluateLooks, evaluateTests } from '../../../../cli/doctor/page.ts';
import type { ChannelTest } from '../../../../functions/health/incident/core/command-answer.ts';

const one: ChannelTest = { endpoint: 'on-call', kind: 'pagerduty', outcome: 'delivered', provesArrival: true };

test.each<[Partial<ChannelTest>, string, string]>([
  [{}, 'ok', 'delivered'],
  [{ kind: 'sms', provesArrival: false }, 'ok', 'SNS took it; whether it arrived only its reader knows'],
  [{ outcome: 'refused', why: 'invalid key' }, 'failed', 'refused: invalid key'],
  [{ outcome: 'failed', why: '503' }, 'failed', 'not delivered yet, tried again: 503'],
  [{ outcome: 'dropped' }, 'failed', 'not sent: there was nothing left to say'],
  [{ outcome: 'unknown', why: 'cut off' }, 'unknown', 'sent, and nobody knows whether it arrived: cut off'],
  [{ outcome: 'waiting' }, 'unknown', 'not sent yet'],
])('a channel that made %j of its test is %s', (change, status, message) => {
  const test = { ...one, ...change };
  const [finding, ...others] = evaluateTests([test]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ check: 'page', subject: `endpoint on-call (${test.kind})`, status, message });
  expect(finding?.advice === undefined).toBe(status === 'ok');
});

test('each channel is told for itself, and none at all is no health', () => {
  const findings = evaluateTests([one, { ...one, endpoint: 'chat', kind: 'slack', outcome: 'refused' }]);
  expect(findings.map(({ subject, status }) => [subject, status])).toEqual([
    ['endpoint on-call (pagerduty)', 'ok'],
    ['endpoint chat (slack)', 'failed'],
  ]);
  expect(evaluateTests([])).toMatchObject([{ status: 'failed', message: 'no endpoint is reached by anything' }]);
});

test('a look says what a message does not show, and what is to do', () => {
  const findings = evaluateLooks([
    { endpoint: 'on-call', kind: 'pagerduty', state: 'good', says: 'its routing key is proven by a message alone' },
    { endpoint: 'sms', kind: 'sms', state: 'good' },
    { endpoint: 'mail', kind: 'email', state: 'broken', says: 'mail hears nothing by warning' },
    { endpoint: 'chat', kind: 'slack', state: 'unknown', says: 'Slack answered 503' },
  ]);
  expect(findings.map(({ check, subject, status, message }) => [check, subject, status, message])).toEqual([
    ['channel', 'endpoint on-call (pagerduty)', 'ok', 'its routing key is proven by a message alone'],
    ['channel', 'endpoint sms (sms)', 'ok', 'as it should be'],
    ['channel', 'endpoint mail (email)', 'failed', 'mail hears nothing by warning'],
    ['channel', 'endpoint chat (slack)', 'unknown', 'Slack answered 503'],
  ]);
  expect(findings.map(({ advice }) => advice !== undefined)).toEqual([false, false, true, true]);
});
