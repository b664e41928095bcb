import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { planSlackMessage } from '../../../../../shared/telling/channels/slack-message.ts';
import { findSlack } from '../../../../../shared/telling/sending/find-slack.ts';
import { sendSlack } from '../../../../../shared/telling/sending/slack.ts';
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

const botToken = 'xoxb-000000000000-example-token';
const calls = () => openCallScope(new AbortController().signal);
const message = planSlackMessage(page(), { channel: 'C0123456789', id: '12/1' });
const reply = planSlackMessage(page(), { channel: 'C0123456789', id: '12/2', threadTs: '1700000000.000100' });
const answerWith = (answer: PreparedAnswer) => server.answerWith(() => answer);
const send = (scope = calls()) => sendSlack(scope, { botToken }, message, onServer(server));

describe('a message', () => {
  test('is posted as the bot, and its ts is what its thread goes on by', async () => {
    answerWith(jsonAnswer({ ok: true, channel: 'C0123456789', ts: '1700000000.000100', message: {} }));
    const scope = calls();
    expect(await send(scope)).toEqual({ result: 'delivered', ts: '1700000000.000100' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/slack.com/api/chat.postMessage' });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${botToken}`,
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual(message);
    expect(scope.requestCountByCall()).toEqual({ 'slack:chat.postMessage': 1 });
  });

  test.each([
    ['invalid_auth', 'the bot token is not valid'],
    ['token_revoked', 'not valid any more'],
    ['not_in_channel', 'invite the app to the channel'],
    ['channel_not_found', 'mskeeper.yml'],
    ['is_archived', 'archived'],
    ['missing_scope', 'chat:write'],
    ['restricted_action', 'administrators'],
  ])('that Slack refuses for ever (%s) says what to do', async (error, advice) => {
    answerWith(jsonAnswer({ ok: false, error }));
    expect(await send()).toEqual({
      result: 'refused',
      why: expect.stringMatching(new RegExp(`^Slack refuses it \\(${error}\\): .*${advice}`)),
    });
  });

  test.each([
    ['rate_limited', jsonAnswer({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '30' }), 'failed', 30_000],
    ['rate_limited in a 200', jsonAnswer({ ok: false, error: 'rate_limited' }), 'failed', undefined],
    ['an error that nobody knows yet', jsonAnswer({ ok: false, error: 'something_new' }), 'failed', undefined],
    ['service_unavailable', jsonAnswer({ ok: false, error: 'service_unavailable' }, 503), 'failed', undefined],
    ['403 of something between', { status: 403, body: '<html>' }, 'failed', undefined],
    // Slack: "It's possible some aspect of the operation succeeded".
    ['fatal_error', jsonAnswer({ ok: false, error: 'fatal_error' }), 'unknown', undefined],
    ['internal_error', jsonAnswer({ ok: false, error: 'internal_error' }, 500), 'unknown', undefined],
    ['502 without a word', { status: 502, body: '' }, 'unknown', undefined],
    ['200 that is no JSON', { status: 200, body: 'ok' }, 'unknown', undefined],
    ['200 without an end', { status: 200, body: ' '.repeat(100_000) }, 'unknown', undefined],
    ['a yes to no message', jsonAnswer({ ok: true }), 'unknown', undefined],
    ['an error that is no word', jsonAnswer({ ok: false, error: 'x <!channel>' }), 'unknown', undefined],
    ['the end of the connection', 'cut', 'unknown', undefined],
    ['a redirect', { status: 302, headers: { location: 'https://slack.com/x' } }, 'refused', undefined],
  ] as const)('that is answered by %s', async (_what, answer, result, afterMs) => {
    answerWith(answer);
    const tried = await send();
    expect(tried).toMatchObject({ result, why: expect.not.stringMatching(/xoxb|</) });
    expect('afterMs' in tried ? tried.afterMs : undefined).toBe(afterMs);
  });

  test('beyond Slack’s limits is not sent', async () => {
    answerWith({ status: 200 });
    const long = { ...message, text: 'x'.repeat(4_000) };
    expect(await sendSlack(calls(), { botToken }, long, onServer(server))).toMatchObject({ result: 'refused' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('a message of which nobody knows whether it came', () => {
  const ours = (one: typeof message) => ({ ts: '1700000001.000200', text: 'x', metadata: one.metadata });
  const others = { ts: '1700000002.000300', text: 'hello' };
  const find = (one = message, scope = calls()) =>
    findSlack(scope, { botToken }, one, Date.UTC(2026, 2, 1), onServer(server));

  test('is found by its own id in the channel, whatever else came since', async () => {
    const strange = {
      ts: '1700000003.000300',
      metadata: { event_type: 'mskeeper_message', event_payload: { id: 'x' } },
    };
    const broken = { ts: '1700000004.000300', metadata: { event_type: 1 } };
    answerWith(jsonAnswer({ ok: true, messages: [others, strange, broken, ours(message)], has_more: false }));
    const scope = calls();
    expect(await find(message, scope)).toEqual({ found: 'yes', ts: '1700000001.000200' });
    const url = new URL(server.requests[0]?.path ?? '', server.url);
    expect(url.pathname).toBe('/slack.com/api/conversations.history');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      channel: 'C0123456789',
      oldest: `${Date.UTC(2026, 2, 1) / 1_000 - 120}.000000`,
      limit: '100',
      include_all_metadata: 'true',
    });
    expect(scope.requestCountByCall()).toEqual({ 'slack:conversations.history': 1 });
  });

  test('of a thread is looked for there', async () => {
    answerWith(jsonAnswer({ ok: true, messages: [ours(message), ours(reply)] }));
    expect(await find(reply)).toMatchObject({ found: 'yes' });
    expect(server.requests[0]?.path).toMatch(/conversations\.replies\?.*&ts=1700000000\.000100/);
  });

  test('is looked for on every page, and is not there where Slack has no more', async () => {
    server.answerWith((_request, index) =>
      jsonAnswer(
        index === 0
          ? { ok: true, messages: [others], has_more: true, response_metadata: { next_cursor: 'next=' } }
          : { ok: true, messages: [others], has_more: false, response_metadata: { next_cursor: '' } },
      ),
    );
    expect(await find()).toEqual({ found: 'no' });
    expect(server.requests[1]?.path).toContain('cursor=next%3D');
  });

  test.each([
    ['an error', jsonAnswer({ ok: false, error: 'missing_scope' }), /channels:history/],
    ['no answer', 'cut' as const, /no whole answer/],
    ['another form', jsonAnswer({ ok: true, messages: 'many' }), /another form/],
    [
      'more than anybody looks through',
      jsonAnswer({ ok: true, messages: [others], has_more: true, response_metadata: { next_cursor: 'n' } }),
      /more than 500 messages/,
    ],
  ])('may be there where Slack gives %s', async (_what, answer, why) => {
    answerWith(answer);
    expect(await find()).toEqual({ found: 'unknown', why: expect.stringMatching(why) });
    expect(server.requests.length).toBeLessThanOrEqual(5);
  });
});
