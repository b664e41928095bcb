import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { lookAtSlack } from '../../../../../shared/telling/sending/look-slack.ts';
import { type AnsweringServer, jsonAnswer, startAnsweringServer } from '../../../../support/aws/answering-server.ts';
import { onServer } from '../../../../support/telling/elsewhere.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const botToken = 'xoxb-000000000000-example-token';
const channel = 'C0123456789';
const scopes = { 'x-oauth-scopes': 'chat:write,channels:read' };
const seen = { id: channel, is_member: true, is_private: false, is_archived: false };

/** What Slack answers to each method: body, status, headers. */
type Answers = Readonly<Record<'auth.test' | 'conversations.info', Parameters<typeof jsonAnswer>>>;
const usual: Answers = {
  'auth.test': [{ ok: true, user_id: 'U1' }, 200, scopes],
  'conversations.info': [{ ok: true, channel: seen }, 200, scopes],
};
const look = (change: Partial<Answers> = {}) => {
  const answers = { ...usual, ...change };
  server.answerWith(({ path }) =>
    jsonAnswer(...answers[path.includes('auth.test') ? 'auth.test' : 'conversations.info']),
  );
  return lookAtSlack(openCallScope(new AbortController().signal), { botToken }, channel, onServer(server));
};

test('a look asks who the bot is and how its channel stands, as the bot, and reads no message', async () => {
  expect(await look()).toEqual({
    token: { result: 'ok', said: { scopes: ['chat:write', 'channels:read'] } },
    channel: { result: 'ok', said: { isMember: true, isPrivate: false, isArchived: false } },
  });
  const { requests } = server;
  expect(requests.map(({ method, path }) => [method, path])).toEqual([
    ['POST', '/slack.com/api/auth.test'],
    ['GET', `/slack.com/api/conversations.info?channel=${channel}`],
  ]);
  for (const { headers } of requests) expect(headers.authorization).toBe(`Bearer ${botToken}`);
});

test('of a token that Slack refuses no channel is asked about', async () => {
  expect(await look({ 'auth.test': [{ ok: false, error: 'token_revoked' }] })).toEqual({
    token: { result: 'refused', error: 'token_revoked', why: expect.stringContaining('(token_revoked)') },
  });
});

test('a scope that is missing is named as Slack names it', async () => {
  const missing = { ok: false, error: 'missing_scope', needed: 'groups:read', provided: 'chat:write' };
  expect((await look({ 'conversations.info': [missing] })).channel).toEqual({
    result: 'refused',
    error: 'missing_scope',
    needed: 'groups:read',
    why: expect.stringMatching(/^Slack refuses it \(missing_scope: groups:read\)/),
  });
});

test.each<[string, Partial<Answers>, object]>([
  [
    'has too much to do',
    { 'auth.test': [{ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '30' }] },
    { token: { result: 'unknown' } },
  ],
  ['is broken', { 'auth.test': [{ ok: false, error: 'internal_error' }, 500] }, { token: { result: 'unknown' } }],
  [
    'says a word that we do not know',
    { 'auth.test': [{ ok: false, error: 'moon_phase' }] },
    { token: { result: 'unknown' } },
  ],
  ['tells no scopes', { 'auth.test': [{ ok: true }] }, { token: { result: 'ok', said: {} } }],
  [
    'tells scopes in another form',
    { 'auth.test': [{ ok: true }, 200, { 'x-oauth-scopes': '<script>' }] },
    { token: { said: {} } },
  ],
  [
    'tells a channel in another form',
    { 'conversations.info': [{ ok: true, channel: { id: channel } }] },
    { channel: { result: 'unknown' } },
  ],
  [
    'knows no such channel',
    { 'conversations.info': [{ ok: false, error: 'channel_not_found' }] },
    { channel: { result: 'refused', error: 'channel_not_found' } },
  ],
])('where Slack %s it is known as that', async (_what, change, found) => {
  expect(await look(change)).toMatchObject(found);
});
