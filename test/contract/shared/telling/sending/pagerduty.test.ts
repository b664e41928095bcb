import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { planPagerDutyEvent } from '../../../../../shared/telling/channels/pagerduty-event.ts';
import { sendPagerDuty } from '../../../../../shared/telling/sending/pagerduty.ts';
import {
  type AnsweringServer,
  jsonAnswer,
  type PreparedAnswer,
  startAnsweringServer,
} from '../../../../support/aws/answering-server.ts';
import { onServer } from '../../../../support/telling/elsewhere.ts';
import { page } from '../../../../support/telling/page.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const routingKey = 'R0UTINGKEYR0UTINGKEYR0UTINGKEY00';
const calls = () => openCallScope(new AbortController().signal);
const event = planPagerDutyEvent(page(), { action: 'trigger', key: '12' });
const send = (scope = calls(), region: 'us' | 'eu' = 'us') =>
  sendPagerDuty(scope, { routingKey, region }, event, onServer(server));
const answerWith = (answer: PreparedAnswer) => server.answerWith(() => answer);

test('an event is posted to the account’s region with its routing key, and counted', async () => {
  answerWith(jsonAnswer({ status: 'success', message: 'Event processed', dedup_key: 'k' }, 202));
  const scope = calls();
  expect(await send(scope)).toEqual({ result: 'delivered' });
  expect(await send(scope, 'eu')).toEqual({ result: 'delivered' });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /events.pagerduty.com/v2/enqueue',
    'POST /events.eu.pagerduty.com/v2/enqueue',
  ]);
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ routing_key: routingKey, ...event });
  expect(scope.requestCountByCall()).toEqual({ 'pagerduty:enqueue': 2 });
  expect(scope.callsInFlight()).toEqual([]);
});

describe('what PagerDuty answers decides', () => {
  test.each([
    ['202 without its words', { status: 202, body: 'x'.repeat(200_000) }, { result: 'delivered' }],
    ['429', { status: 429, headers: { 'retry-after': '17' } }, { result: 'failed', afterMs: 17_000 }],
    ['429 without a time', { status: 429 }, { result: 'failed', why: 'PagerDuty takes no more for now (429)' }],
    ['500', { status: 500 }, { result: 'failed', why: 'PagerDuty answered 500' }],
    ['503', { status: 503, headers: { 'retry-after': '5' } }, { result: 'failed', afterMs: 5_000 }],
    ['403 of something between', { status: 403 }, { result: 'failed' }],
    ['a redirect', { status: 307, headers: { location: 'https://evil.example' } }, { result: 'refused' }],
    ['nothing but the end of the connection', 'cut', { result: 'unknown' }],
  ] as const)('%s', async (_what, answer, tried) => {
    answerWith(answer);
    expect(await send()).toMatchObject(tried);
    expect(server.requests).toHaveLength(1);
  });

  test('400 is for ever, and says what to do, without the key and in words that do nothing', async () => {
    answerWith(
      jsonAnswer(
        {
          status: 'invalid event',
          message: 'Event object is invalid',
          errors: [`routing_key ${routingKey} is\nwrong <!channel> token=hunter2hunter2`, 'x'.repeat(5_000)],
        },
        400,
      ),
    );
    const tried = await send();
    expect(tried).toMatchObject({ result: 'refused', why: expect.stringContaining('Events API v2 integration') });
    const { why } = tried.result === 'refused' ? tried : { why: '' };
    expect(why).toContain('Event object is invalid');
    expect(why).not.toMatch(/[<>\n]|hunter2/);
    expect(why).not.toContain(routingKey);
    expect(why.length).toBeLessThan(500);
  });

  test('a wait that is no number, or without an end, is none', async () => {
    for (const [said, afterMs] of [
      ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
      ['-5', undefined],
      ['999999999', 3_600_000],
    ] as const) {
      answerWith({ status: 429, headers: { 'retry-after': said } });
      expect(await send()).toEqual({
        result: 'failed',
        why: 'PagerDuty takes no more for now (429)',
        ...(afterMs !== undefined && { afterMs }),
      });
    }
  });
});

test('whom we cannot tell for PagerDuty is sent nothing', async () => {
  answerWith({ status: 202 });
  const withoutTls = () => server.url.replace('http:', 'https:');
  expect(await sendPagerDuty(calls(), { routingKey, region: 'us' }, event, withoutTls)).toEqual({
    result: 'failed',
    why: expect.stringMatching(/^PagerDuty was not reached \(ERR_SSL_\w+\)$/),
  });
  expect(server.requests).toHaveLength(0);
});

test('where nobody listens it certainly was not taken', async () => {
  const nobody = () => 'http://127.0.0.1:65534';
  expect(await sendPagerDuty(calls(), { routingKey, region: 'us' }, event, nobody)).toEqual({
    result: 'failed',
    why: 'PagerDuty was not reached (ECONNREFUSED)',
  });
});

test('a run that ends while it waits does not know, and one that has ended sends nothing', async () => {
  answerWith('hang');
  const run = new AbortController();
  const scope = openCallScope(run.signal);
  const trying = send(scope);
  await expect.poll(() => server.requests.length).toBe(1);
  expect(scope.callsInFlight()).toEqual(['pagerduty:enqueue']);
  run.abort();
  expect(await trying).toEqual({ result: 'unknown', why: 'PagerDuty gave no whole answer (no answer in time)' });
  expect(await send(scope)).toEqual({ result: 'failed', why: 'PagerDuty was not reached (no time left)' });
  expect(server.requests).toHaveLength(1);
});

test('an event beyond PagerDuty’s limits is not sent', async () => {
  answerWith({ status: 202 });
  const long = { ...event, dedup_key: 'x'.repeat(256) };
  expect(await sendPagerDuty(calls(), { routingKey, region: 'us' }, long, onServer(server))).toMatchObject({
    result: 'refused',
    why: expect.stringContaining('255'),
  });
  expect(server.requests).toHaveLength(0);
});
