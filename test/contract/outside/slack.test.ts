import { beforeEach, describe, expect, test } from 'vitest';
import { type Answered, serveOutside } from '../../support/outside/serve-outside.ts';

const { outside, clock, wait, call, post, form } = serveOutside();
const api = (method: string): string => `https://slack.com/api/${method}`;

let token: string;
let channel: string;
let channelCount = 0;
beforeEach(async () => {
  await wait(60);
  token = outside().slack.addBot();
  channelCount += 1;
  channel = `C${String(channelCount).padStart(10, '0')}`;
  outside().slack.setChannel(channel);
});

const bearer = () => ({ authorization: `Bearer ${token}` });
const postMessage = (more: object): Promise<Answered> => post(api('chat.postMessage'), { channel, ...more }, bearer());
/** Of a second later than whatever came before. */
const say = async (more: object): Promise<string> => {
  await wait(1);
  const { body } = await postMessage(more);
  expect(body).toMatchObject({ ok: true });
  return Object(body).ts;
};
const read = (method: string, query: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  call(`${api(method)}?${new URLSearchParams({ channel, ...query })}`, { headers: bearer() });
const textsIn = ({ body }: Answered): unknown => Object(body).messages.map(({ text }: { text: string }) => text);
const refusal = (error: string) => ({ status: 200, body: { ok: false, error } });

describe('chat.postMessage', () => {
  test('answers where the message stands, and the message is kept', async () => {
    const { status, body } = await postMessage({ text: 'broker 2 is down' });
    const ts = `${Math.floor(clock.nowMs() / 1000)}.000000`;
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { ok: true, channel, ts, message: { text: 'broker 2 is down' } },
    });
    expect(outside().slack.messages(channel)).toMatchObject([{ ts, text: 'broker 2 is down', isBroadcast: false }]);
  });

  test('takes a form, whose blocks and metadata are JSON', async () => {
    const fields = {
      token,
      channel,
      blocks: JSON.stringify([{ type: 'divider' }]),
      metadata: JSON.stringify({ event_type: 'mskeeper', event_payload: { id: 'a' } }),
      text: 'by form',
    };
    expect((await form(api('chat.postMessage'), fields)).body).toMatchObject({ ok: true });
    expect(outside().slack.messages(channel)).toMatchObject([
      { text: 'by form', blocks: [{ type: 'divider' }], metadata: { event_payload: { id: 'a' } } },
    ]);
  });

  test('answers within a thread, and in the channel too where it is told to', async () => {
    const root = await say({ text: 'root' });
    const reply = await say({ text: 'reply', thread_ts: root });
    await say({ text: 'reply to the reply', thread_ts: reply });
    await say({ text: 'for everybody', thread_ts: root, reply_broadcast: true });
    expect(
      outside()
        .slack.messages(channel)
        .map(({ threadTs }) => threadTs),
    ).toEqual([undefined, root, root, root]);
    expect(textsIn(await read('conversations.history'))).toEqual(['for everybody', 'root']);
    expect(textsIn(await read('conversations.replies', { ts: root }))).toEqual([
      'root',
      'reply',
      'reply to the reply',
      'for everybody',
    ]);
    expect(textsIn(await read('conversations.replies', { ts: reply }))).toHaveLength(4);
  });

  test('posts at the top where the thread is gone, and says so by nothing but its answer', async () => {
    const root = await say({ text: 'root' });
    outside().slack.remove(channel, root);
    await wait(1);
    const { body } = await postMessage({ text: 'orphan', thread_ts: root });
    expect(body).toMatchObject({ ok: true });
    expect(Object(body).message).not.toHaveProperty('thread_ts');
    expect(textsIn(await read('conversations.history'))).toEqual(['orphan']);
  });

  test('takes one message a second and channel', async () => {
    await say({ text: 'first' });
    const refused = await postMessage({ text: 'second' });
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
      429,
      '1',
      { ok: false, error: 'ratelimited' },
    ]);
    outside().slack.setChannel('C9999999999');
    expect((await postMessage({ channel: 'C9999999999', text: 'elsewhere' })).body).toMatchObject({ ok: true });
    await say({ text: 'third' });
    expect(textsIn(await read('conversations.history'))).toEqual(['third', 'first']);
  });

  test.each<[string, object, string]>([
    ['no text', {}, 'no_text'],
    ['a text of more than 40,000 letters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['another channel', { channel: 'C0UNKNOWN00', text: 'x' }, 'channel_not_found'],
    ['blocks that are no list', { blocks: { type: 'divider' } }, 'invalid_blocks_format'],
    ['metadata without a type', { text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    ['metadata without a payload', { text: 'x', metadata: { event_type: 'a' } }, 'invalid_metadata_format'],
  ])('refuses %s', async (_name, more, error) => {
    expect(await postMessage(more)).toMatchObject(refusal(error));
    expect(outside().slack.messages(channel)).toEqual([]);
  });

  test('refuses a channel that the bot is not in, or cannot see, or nobody posts to', async () => {
    const { slack } = outside();
    slack.setChannel(channel, { isBotIn: false });
    expect(await postMessage({ text: 'x' })).toMatchObject(refusal('not_in_channel'));
    slack.setChannel(channel, { isPrivate: true });
    expect(await postMessage({ text: 'x' })).toMatchObject(refusal('channel_not_found'));
    slack.setChannel(channel, { isBotIn: true, isArchived: true });
    expect(await postMessage({ text: 'x' })).toMatchObject(refusal('is_archived'));
    expect((await read('conversations.history')).body).toMatchObject({ ok: true, messages: [] });
  });
});

describe('Block Kit', () => {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const marked = (text: string) => ({ type: 'mrkdwn', text });
  const button = (more: object = {}) => ({ type: 'button', text: plain('Runbook'), ...more });
  const image = { type: 'image', image_url: 'https://example.org/a.png', alt_text: 'a' };
  const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

  test.each<[string, readonly object[]]>([
    ['a header of 150 letters', [{ type: 'header', text: plain('h'.repeat(150)) }]],
    ['a section of 3,000', [{ type: 'section', text: marked('s'.repeat(3000)), block_id: 'b'.repeat(255) }]],
    ['ten fields', [{ type: 'section', fields: many(10, marked('f')) }]],
    ['a field of 2,000', [{ type: 'section', fields: [plain('f'.repeat(2000))] }]],
    ['25 buttons', [{ type: 'actions', elements: many(25, button({ url: 'https://example.org/', style: 'danger' })) }]],
    ['ten elements of context', [{ type: 'context', elements: [...many(9, marked('c')), image] }]],
    ['a picture', [{ ...image, title: plain('A picture') }]],
    ['an accessory', [{ type: 'section', text: marked('s'), accessory: button({ value: 'v', action_id: 'a' }) }]],
    ['fifty blocks', many(50, { type: 'divider' })],
  ])('takes %s', async (_name, blocks) => {
    expect((await postMessage({ text: 'fallback', blocks })).body).toMatchObject({ ok: true });
  });

  test.each<[string, readonly unknown[], string]>([
    [
      'a header of 151 letters',
      [{ type: 'header', text: plain('h'.repeat(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['a header that is marked up', [{ type: 'header', text: marked('h') }], '[json-pointer:/blocks/0/text/type]'],
    ['a section of 3,001', [{ type: 'section', text: marked('s'.repeat(3001)) }], '[json-pointer:/blocks/0/text/text]'],
    ['an empty section', [{ type: 'section' }], 'missing required field'],
    ['an empty text', [{ type: 'section', text: marked('') }], 'must be more than 0 characters'],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, marked('f')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a field of 2,001',
      [{ type: 'section', fields: [marked('f'.repeat(2001))] }],
      '[json-pointer:/blocks/0/fields/0/text]',
    ],
    ['26 buttons', [{ type: 'actions', elements: many(26, button()) }], 'no more than 25 items allowed'],
    [
      'a button of 76 letters',
      [{ type: 'actions', elements: [button({ text: plain('b'.repeat(76)) })] }],
      'must be less than 76 characters',
    ],
    [
      'an image address of 3,001',
      [{ ...image, image_url: `https://example.org/${'a'.repeat(2981)}` }],
      'must be less than 3001 characters',
    ],
    [
      'an image without words',
      [{ type: 'image', image_url: 'https://example.org/' }],
      '[json-pointer:/blocks/0/alt_text]',
    ],
    ['an unknown field', [{ type: 'divider', colour: 'red' }], '[json-pointer:/blocks/0]'],
    ['an unknown block', [{ type: 'marquee' }], 'unsupported type'],
    ['fifty-one blocks', many(51, { type: 'divider' }), 'no more than 50 items allowed [json-pointer:/blocks]'],
  ])('refuses %s', async (_name, blocks, problem) => {
    const { body } = await postMessage({ text: 'fallback', blocks });
    expect(body).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(Object(body).errors.join('; ')).toContain(problem);
    expect(Object(body).response_metadata.messages[0]).toMatch(/^\[ERROR\] /);
    expect(outside().slack.messages(channel)).toEqual([]);
  });

  test('refuses more than some 12,000 letters in all', async () => {
    const blocks = many(4, { type: 'section', text: marked('s'.repeat(3000)) });
    expect(await postMessage({ text: 'fallback', blocks })).toMatchObject(refusal('msg_blocks_too_long'));
    expect((await postMessage({ text: 'fallback', blocks: blocks.slice(1) })).body).toMatchObject({ ok: true });
  });
});

describe('reading', () => {
  test('finds a message again by its metadata, which is shown only where it is asked for', async () => {
    const metadata = { event_type: 'mskeeper', event_payload: { id: 'orders-1/opened' } };
    const ts = await say({ text: 'with', metadata });
    await say({ text: 'below', thread_ts: ts, metadata });
    const found = await read('conversations.history', { include_all_metadata: 'true' });
    expect(Object(found.body).messages).toMatchObject([{ ts, metadata, reply_count: 1 }]);
    const thread = await read('conversations.replies', { ts, include_all_metadata: 'true' });
    expect(Object(thread.body).messages).toMatchObject([{ metadata }, { thread_ts: ts, metadata }]);
    expect(Object((await read('conversations.history')).body).messages[0]).not.toHaveProperty('metadata');
  });

  test('goes by pages and by time', async () => {
    const all: string[] = [];
    for (const text of ['a', 'b', 'c', 'd']) all.push(await say({ text }));
    const [a = '', , c = ''] = all;
    const first = await read('conversations.history', { limit: '3' });
    expect([textsIn(first), Object(first.body).has_more]).toEqual([['d', 'c', 'b'], true]);
    const cursor = Object(first.body).response_metadata.next_cursor;
    expect(textsIn(await read('conversations.history', { limit: '3', cursor }))).toEqual(['a']);
    expect(textsIn(await read('conversations.history', { oldest: a, latest: c }))).toEqual(['b']);
    expect(textsIn(await read('conversations.history', { oldest: a, latest: c, inclusive: 'true' }))).toEqual([
      'c',
      'b',
      'a',
    ]);
    expect(await read('conversations.history', { cursor: 'of nobody' })).toMatchObject(refusal('invalid_cursor'));
    expect(await read('conversations.replies', { ts: '1.000000' })).toMatchObject(refusal('thread_not_found'));
  });

  test('is answered fifty times a minute', async () => {
    for (let asked = 0; asked < 50; asked += 1) expect((await read('conversations.history')).status).toBe(200);
    const refused = await read('conversations.history');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await read('conversations.replies', { ts: '1.0' })).status).toBe(200);
  });
});

describe('who calls', () => {
  test('is told by auth.test', async () => {
    expect((await post(api('auth.test'), {}, bearer())).body).toMatchObject({
      ok: true,
      bot_id: expect.stringMatching(/^B/),
    });
  });

  test.each([
    ['nobody', () => undefined, 'not_authed'],
    ['a guessed token', () => 'Bearer xoxb-guessed', 'invalid_auth'],
    [
      'a token that was revoked',
      () => {
        outside().slack.revoke(token);
        return `Bearer ${token}`;
      },
      'token_revoked',
    ],
    ['a bot that may only read', () => `Bearer ${outside().slack.addBot(['channels:history'])}`, 'missing_scope'],
  ])('%s is refused', async (_name, authorization, error) => {
    const header = authorization();
    const headers = header === undefined ? {} : { authorization: header };
    expect(await post(api('chat.postMessage'), { channel, text: 'x' }, headers)).toMatchObject(refusal(error));
  });

  test.each([
    ['{', 'invalid_json'],
    ['[]', 'json_not_object'],
  ])('with the body %s is refused', async (body, error) => {
    expect(await post(api('chat.postMessage'), body, bearer())).toMatchObject(refusal(error));
  });

  test('knows no other methods', async () => {
    expect(await post(api('chat.delete'), {}, bearer())).toMatchObject(refusal('unknown_method'));
    expect(await post(api('constructor'), {}, bearer())).toMatchObject(refusal('unknown_method'));
  });
});

describe('conversations.info', () => {
  const info = () => read('conversations.info');
  const withScopes = (...scopes: readonly string[]): void => {
    token = outside().slack.addBot(scopes);
  };

  test('shows a channel as the bot sees it, and what the token may', async () => {
    withScopes('channels:read', 'chat:write');
    const { body, headers } = await info();
    expect(body).toMatchObject({
      ok: true,
      channel: { id: channel, is_member: true, is_private: false, is_archived: false },
    });
    expect(headers.get('x-oauth-scopes')).toBe('channels:read,chat:write');
    outside().slack.setChannel(channel, { isBotIn: false, isArchived: true });
    expect((await info()).body).toMatchObject({ channel: { is_member: false, is_archived: true } });
  });

  test.each([
    ['a public one', false, 'groups:read', 'channels:read'],
    ['a private one', true, 'channels:read', 'groups:read'],
  ])('names the scope that %s needs', async (_what, isPrivate, has, needed) => {
    withScopes(has);
    outside().slack.setChannel(channel, { isPrivate });
    expect((await info()).body).toMatchObject({ ok: false, error: 'missing_scope', needed, provided: has });
  });

  test('hides a private one from who is not in it, and knows no other', async () => {
    withScopes('groups:read', 'channels:read');
    outside().slack.setChannel(channel, { isPrivate: true, isBotIn: false });
    expect(await info()).toMatchObject(refusal('channel_not_found'));
    channel = 'C0000099999';
    expect(await info()).toMatchObject(refusal('channel_not_found'));
  });
});
