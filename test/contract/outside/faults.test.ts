import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { beforeEach, describe, expect, test } from 'vitest';
import type { OutsideFault } from '../../../local/outside/faults.ts';
import { serveOutside } from '../../support/outside/serve-outside.ts';

const { outside, clock, wait, call, post } = serveOutside();

let routingKey: string;
let token: string;
beforeEach(async () => {
  await wait(60);
  routingKey = outside().pagerDuty.addService({ name: crypto.randomUUID() }).routingKey;
  token = outside().slack.addBot();
  outside().slack.setChannel('C0000000001');
});

const page = () =>
  post('https://events.pagerduty.com/v2/enqueue', {
    routing_key: routingKey,
    event_action: 'trigger',
    payload: { summary: 'broker 2 is down', source: 'orders', severity: 'critical' },
  });
const say = () =>
  post(
    'https://slack.com/api/chat.postMessage',
    { channel: 'C0000000001', text: 'x' },
    { authorization: `Bearer ${token}` },
  );
const ask = () =>
  call('https://api.pagerduty.com/incidents', {
    headers: { authorization: `Token token=${outside().pagerDuty.addApiToken()}` },
  });
const askToken = () => call('https://identity.pagerduty.com/oauth/token', { method: 'POST' });
const callByHost = {
  'events.pagerduty.com': page,
  'api.pagerduty.com': ask,
  'identity.pagerduty.com': askToken,
  'slack.com': say,
} as const;
type Host = keyof typeof callByHost;

const inject = (host: Host, fault: OutsideFault, more: object = {}) =>
  outside().faults.inject({ host, fault, times: 1, ...more });
const lastCall = () => outside().calls.all.at(-1);
const pagesOf = () =>
  outside()
    .pagerDuty.incidents()
    .filter(({ service }) => service.routingKey === routingKey);

describe('a fault', () => {
  test.each<[Host, OutsideFault, number, object]>([
    ['events.pagerduty.com', 'deny', 403, { status: 'forbidden' }],
    ['events.pagerduty.com', 'throttle', 429, { status: 'throttle exceeded' }],
    ['events.pagerduty.com', 'server-error', 500, { status: 'internal error' }],
    ['api.pagerduty.com', 'deny', 403, { error: { code: 2010 } }],
    ['api.pagerduty.com', 'throttle', 429, { error: { code: 2020 } }],
    ['api.pagerduty.com', 'server-error', 500, { error: { code: 2000 } }],
    ['slack.com', 'deny', 200, { ok: false, error: 'account_inactive' }],
    ['slack.com', 'throttle', 429, { ok: false, error: 'ratelimited' }],
    ['slack.com', 'server-error', 500, { ok: false, error: 'internal_error' }],
  ])('of %s, %s, is said in its own words', async (host, fault, status, body) => {
    inject(host, fault);
    expect(await callByHost[host]()).toMatchObject({ status, body });
    expect(lastCall()).toMatchObject({ host, status, outcome: `fault:${fault}` });
    expect([pagesOf(), outside().slack.messages()]).toEqual([[], []]);
  });

  test.each([
    ['deny', 403],
    ['throttle', 429],
    ['server-error', 500],
  ] as const)('%s of a host without words of its own is a status', async (fault, status) => {
    inject('identity.pagerduty.com', fault);
    expect((await askToken()).status).toBe(status);
  });

  test('says how long to wait', async () => {
    inject('events.pagerduty.com', 'throttle', { afterSeconds: 90 });
    expect((await page()).headers.get('retry-after')).toBe('90');
    inject('slack.com', 'throttle');
    expect((await say()).headers.get('retry-after')).toBe('30');
    inject('api.pagerduty.com', 'throttle', { afterSeconds: 7 });
    expect((await ask()).headers.get('ratelimit-reset')).toBe('7');
  });

  test('may be an answer that nobody asked for', async () => {
    inject('slack.com', 'garbage');
    expect(await say()).toMatchObject({ status: 200, body: expect.stringContaining('not what was asked for') });
  });

  test('that hangs ends by the caller’s own timeout, and nothing took effect', async () => {
    inject('events.pagerduty.com', 'hang');
    const asked = call('https://events.pagerduty.com/v2/enqueue', {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(300),
    });
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(lastCall()).toMatchObject({ status: undefined, outcome: 'fault:hang' });
  });

  test('that loses the answer lets the request take effect, once a call', async () => {
    inject('events.pagerduty.com', 'lost-answer');
    await expect(page()).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } });
    expect(pagesOf()).toHaveLength(1);
    expect(lastCall()).toMatchObject({ status: undefined, outcome: 'lost' });
    inject('slack.com', 'lost-answer');
    await expect(say()).rejects.toThrow('fetch failed');
    expect(outside().slack.messages('C0000000001')).toHaveLength(1);
    await wait(1);
    expect((await say()).body).toMatchObject({ ok: true });
  });

  test('that makes a host unreachable lets nothing arrive, over an open connection neither', async () => {
    const lift = inject('events.pagerduty.com', 'unreachable', { times: undefined });
    await expect(page()).rejects.toThrow('fetch failed');
    await expect(page()).rejects.toThrow('fetch failed');
    lift();
    expect((await page()).status).toBe(202);
    inject('events.pagerduty.com', 'unreachable');
    await expect(page()).rejects.toThrow('fetch failed');
    expect(pagesOf()).toHaveLength(1);
    expect(lastCall()).toMatchObject({ outcome: 'fault:unreachable' });
  });

  test('hits as often as told, on its path alone, or every host until it is taken back', async () => {
    inject('events.pagerduty.com', 'deny', { times: 2, path: '/v2/enqueue' });
    expect((await post('https://events.pagerduty.com/v2/change/enqueue', {})).status).toBe(400);
    expect([(await page()).status, (await page()).status, (await page()).status]).toEqual([403, 403, 202]);
    const lift = outside().faults.inject({ host: '*', fault: 'server-error' });
    for (const one of Object.values(callByHost)) expect((await one()).status).toBe(500);
    lift();
    expect((await page()).status).toBe(202);
  });
});

describe('the way outside', () => {
  test('ends at a host that nobody has here, at another port, and for a certificate that nobody trusts', async () => {
    await expect(call('https://events.pagerduty.com.example.org/')).rejects.toThrow('fetch failed');
    expect(lastCall()).toMatchObject({
      method: 'CONNECT',
      host: 'events.pagerduty.com.example.org',
      outcome: 'no-such-host',
    });
    await expect(call('https://slack.com:8443/')).rejects.toThrow('fetch failed');
    expect(lastCall()).toMatchObject({ host: 'slack.com', outcome: 'no-such-host' });
    const before = outside().calls.all.length;
    const socket = await tunnel('slack.com');
    const refused = new Promise((resolve) => {
      connectSecurely({ socket, servername: 'slack.com', ca: [] }).once('error', resolve);
    });
    expect(await refused).toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/),
    });
    expect(outside().calls.all).toHaveLength(before);
  });

  test('shows each host’s own certificate, and serves no other host behind it', async () => {
    const misdirected = await raw('slack.com', 'GET /api/auth.test HTTP/1.1\r\nhost: api.pagerduty.com\r\n\r\n');
    expect(misdirected).toMatch(/^HTTP\/1.1 421 /);
    const socket = await tunnel('slack.com');
    const mistaken = new Promise((resolve) => {
      connectSecurely({ socket, servername: 'api.pagerduty.com' }).once('error', resolve);
    });
    expect(await mistaken).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('leads to a host that a test adds, until it takes it back', async () => {
    const seen: string[] = [];
    const remove = outside().addHost('watch.example.org', {
      answer: ({ method, path, query, body }) => {
        seen.push(`${method} ${path} ${query.get('of')} ${new TextDecoder().decode(body)}`);
        return { status: 204, body: '' };
      },
    });
    expect((await post('https://watch.example.org/heartbeat?of=orders', 'alive')).status).toBe(204);
    expect(seen).toEqual(['POST /heartbeat orders alive']);
    expect(outside().calls.of('POST watch.example.org/heartbeat')).toMatchObject([
      { atMs: clock.nowMs(), caller: 'test', status: 204, outcome: 'ok' },
    ]);
    outside().faults.inject({ host: 'watch.example.org', fault: 'deny', times: 1 });
    expect((await call('https://watch.example.org/')).status).toBe(403);
    expect(() => outside().addHost('watch.example.org', { answer: () => ({ status: 200, body: '' }) })).toThrow(
      /already/,
    );
    expect(() => outside().addHost('no host', { answer: () => ({ status: 200, body: '' }) })).toThrow(/names no host/);
    remove();
    await expect(call('https://watch.example.org/')).rejects.toThrow('fetch failed');
  });

  test('says where a host of a test breaks', async () => {
    const remove = outside().addHost('broken.example.org', {
      answer: () => {
        throw new Error('a mistake of the test');
      },
    });
    const { status, headers, body } = await call('https://broken.example.org/');
    expect([status, headers.get('x-mskeeper-local'), body]).toEqual([
      500,
      'broken',
      expect.stringContaining('a mistake of the test'),
    ]);
    expect(lastCall()).toMatchObject({ outcome: 'broken' });
    remove();
  });

  test('writes down every call, in the host’s own word, and keeps neither body nor credential', async () => {
    const before = outside().calls.all.length;
    await page();
    await post('https://events.pagerduty.com/v2/enqueue', { routing_key: routingKey });
    await say();
    token = 'xoxb-guessed';
    await say();
    await call('https://api.pagerduty.com/incidents?incident_key=a');
    const calls = outside().calls.all.slice(before);
    expect(calls.map(({ method, host, path, status, outcome }) => [method, host + path, status, outcome])).toEqual([
      ['POST', 'events.pagerduty.com/v2/enqueue', 202, 'ok'],
      ['POST', 'events.pagerduty.com/v2/enqueue', 400, 'invalid event'],
      ['POST', 'slack.com/api/chat.postMessage', 200, 'ok'],
      ['POST', 'slack.com/api/chat.postMessage', 200, 'invalid_auth'],
      ['GET', 'api.pagerduty.com/incidents', 401, 'Unauthorized'],
    ]);
    expect(JSON.stringify(calls)).not.toMatch(new RegExp(`${routingKey}|xoxb|broker 2`));
  });
});

/** A connection through the proxy, as any client of CONNECT opens it. */
async function tunnel(host: string) {
  const socket = connect(Number(new URL(outside().wayFor('test').proxyUrl).port), '127.0.0.1');
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\n\r\n`);
  const answer = await new Promise<Buffer>((resolve, reject) => socket.once('data', resolve).once('error', reject));
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  return socket;
}

async function raw(host: string, request: string): Promise<string> {
  const secured = connectSecurely({ socket: await tunnel(host), servername: host });
  secured.write(request);
  const answer = await new Promise<Buffer>((resolve, reject) => secured.once('data', resolve).once('error', reject));
  secured.destroy();
  return answer.toString();
}
