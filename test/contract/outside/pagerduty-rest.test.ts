import { beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../local/outside/pagerduty/credentials.ts';
import type { PagerDutyService, ServiceWish } from '../../../local/outside/pagerduty/service.ts';
import { type Answered, serveOutside } from '../../support/outside/serve-outside.ts';

const { outside, wait, call, post, form } = serveOutside();
const enqueue = 'https://events.pagerduty.com/v2/enqueue';

let service: PagerDutyService;
let token: string;
const addService = (wish: Partial<ServiceWish> = {}): PagerDutyService =>
  outside().pagerDuty.addService({ name: `on-call ${crypto.randomUUID()}`, ...wish });
beforeEach(async () => {
  service = addService();
  token = outside().pagerDuty.addApiToken();
  await wait(60);
});

const trigger = (dedup_key: string, severity = 'critical') =>
  post(enqueue, {
    routing_key: service.routingKey,
    event_action: 'trigger',
    dedup_key,
    payload: { summary: `${dedup_key} is down`, source: 'orders', severity },
  });
const ask = (
  query: readonly (readonly [string, string])[],
  authorization = `Token token=${token}`,
  host = 'api.pagerduty.com',
): Promise<Answered> =>
  call(
    `https://${host}/incidents?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))}`,
    {
      headers: { authorization, accept: 'application/vnd.pagerduty+json;version=2' },
    },
  );
const mine = (): readonly [string, string] => ['service_ids[]', service.id];
const keysIn = ({ body }: Answered): unknown =>
  Object(body).incidents.map(({ incident_key }: { incident_key: string }) => incident_key);

describe('an incident', () => {
  test('that nobody answered shows when it will resolve itself', async () => {
    const now = outside().pagerDuty.notifications().length;
    await trigger('orders-1');
    const { status, body } = await ask([['incident_key', 'orders-1'], mine()]);
    expect(status).toBe(200);
    const [incident] = outside().pagerDuty.incidents().slice(-1);
    const at = (seconds: number) =>
      `${new Date((incident?.createdAtMs ?? 0) + seconds * 1000).toISOString().slice(0, 19)}Z`;
    expect(body).toMatchObject({ limit: 25, offset: 0, more: false });
    expect(Object(body).incidents).toEqual([
      expect.objectContaining({
        id: incident?.id,
        type: 'incident',
        title: 'orders-1 is down',
        status: 'triggered',
        urgency: 'high',
        incident_key: 'orders-1',
        html_url: `https://example.pagerduty.com/incidents/${incident?.id}`,
        acknowledgements: [],
        created_at: at(0),
        last_status_change_at: at(0),
        last_status_change_by: expect.objectContaining({ type: 'service_reference', summary: service.name }),
        pending_actions: [{ type: 'resolve', at: at(14_400) }],
        resolved_at: null,
      }),
    ]);
    expect(outside().pagerDuty.notifications()).toHaveLength(now + 1);
  });

  test('that somebody acknowledged says who, since when and until when', async () => {
    await trigger('orders-1');
    const openedMs = outside().pagerDuty.incidents().at(-1)?.createdAtMs ?? 0;
    const at = (seconds: number) => `${new Date(openedMs + seconds * 1000).toISOString().slice(0, 19)}Z`;
    await wait(120);
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    const acknowledged = await ask([['statuses[]', 'acknowledged'], mine()]);
    expect(Object(acknowledged.body).incidents).toMatchObject([
      {
        status: 'acknowledged',
        acknowledgements: [{ at: at(120), acknowledger: { type: 'user_reference', summary: 'Ada' } }],
        last_status_change_at: at(120),
        last_status_change_by: { summary: 'Ada' },
        pending_actions: [
          { type: 'unacknowledge', at: at(1_920) },
          { type: 'resolve', at: at(14_400) },
        ],
      },
    ]);
    await wait(1_800);
    const lapsed = await ask([['incident_key', 'orders-1'], mine()]);
    expect(Object(lapsed.body).incidents).toMatchObject([
      {
        status: 'triggered',
        acknowledgements: [],
        last_status_change_at: at(1_920),
        last_status_change_by: { type: 'service_reference' },
        pending_actions: [{ type: 'resolve' }],
      },
    ]);
  });

  test('that nobody resolved in four hours resolves itself, and names the service for it; a person is named', async () => {
    await trigger('orders-1');
    await trigger('orders-2');
    outside().pagerDuty.resolve({ service, key: 'orders-2', by: 'Ada' });
    await wait(14_399);
    expect(keysIn(await ask([mine(), ['statuses[]', 'resolved']]))).toEqual(['orders-2']);
    await wait(2);
    const { body } = await ask([mine(), ['statuses[]', 'resolved']]);
    expect(Object(body).incidents).toMatchObject([
      { incident_key: 'orders-1', last_status_change_by: { type: 'service_reference', summary: service.name } },
      { incident_key: 'orders-2', last_status_change_by: { type: 'user_reference', summary: 'Ada' } },
    ]);
    await trigger('orders-1');
    expect(
      outside()
        .pagerDuty.notifications()
        .filter(({ key }) => key === 'orders-1')
        .slice(-2),
    ).toMatchObject([
      { because: 'triggered', service: service.name },
      { because: 'triggered', service: service.name },
    ]);
  });

  test('that is resolved has nothing before it', async () => {
    await trigger('orders-1');
    outside().pagerDuty.resolve({ service, key: 'orders-1', by: 'Ada' });
    expect((await ask([['statuses[]', 'triggered'], ['statuses[]', 'acknowledged'], mine()])).body).toMatchObject({
      incidents: [],
    });
    expect((await ask([['statuses[]', 'resolved'], mine()])).body).toMatchObject({
      incidents: [{ status: 'resolved', pending_actions: [], acknowledgements: [], resolved_at: expect.any(String) }],
    });
  });
});

describe('a question', () => {
  test('is answered by key, service, urgency, page and range', async () => {
    for (const key of ['a', 'b', 'c']) await trigger(key, key === 'c' ? 'info' : 'error');
    expect(keysIn(await ask([mine()]))).toEqual(['a', 'b', 'c']);
    expect(keysIn(await ask([mine(), ['urgencies[]', 'low']]))).toEqual(['c']);
    const page = await ask([mine(), ['limit', '2']]);
    expect([keysIn(page), Object(page.body).more]).toEqual([['a', 'b'], true]);
    const rest = await ask([mine(), ['limit', '2'], ['offset', '2']]);
    expect([keysIn(rest), Object(rest.body).more]).toEqual([['c'], false]);
    expect(keysIn(await ask([mine(), ['sort_by', 'created_at:desc'], ['limit', '2']]))).toEqual(['c', 'b']);
    const other = addService();
    expect(keysIn(await ask([['service_ids[]', other.id]]))).toEqual([]);
    await wait(31 * 86_400);
    expect(keysIn(await ask([mine()]))).toEqual([]);
    expect(keysIn(await ask([mine(), ['date_range', 'all']]))).toEqual(['a', 'b', 'c']);
    expect(
      keysIn(await ask([mine(), ['since', new Date(0).toISOString()], ['until', new Date(1e9).toISOString()]])),
    ).toEqual([]);
  });

  test.each([
    ['statuses[]', 'open'],
    ['limit', '101'],
    ['limit', 'many'],
    ['sort_by', 'mood:desc'],
    ['since', 'yesterday'],
    ['since', '2020-01-01T00:00:00Z'],
  ])('with %s=%s is refused', async (name, value) => {
    expect(await ask([[name, value]])).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid Input Provided', code: 2001, errors: [expect.any(String)] } },
    });
  });

  test('is refused without a credential of this account', async () => {
    const eu = outside().pagerDuty.addApiToken('eu');
    for (const wrong of ['', 'Token token=guessed', `Bearer ${token}`, token, `Token token=${eu}`])
      expect(await ask([mine()], wrong)).toMatchObject({ status: 401, body: { error: { code: 2006 } } });
    expect((await ask([mine()], `Token token=${eu}`, 'api.eu.pagerduty.com')).status).toBe(200);
    outside().pagerDuty.revoke(token);
    expect((await ask([mine()])).status).toBe(401);
  });

  test('is answered 960 times a minute, and says how many are left', async () => {
    const first = await ask([mine()]);
    expect(['limit', 'remaining', 'reset'].map((name) => first.headers.get(`ratelimit-${name}`))).toEqual([
      '960',
      '959',
      '60',
    ]);
    await wait(10);
    let last = first;
    for (let asked = 1; asked < 960; asked += 1) last = await ask([mine()]);
    expect([last.status, last.headers.get('ratelimit-remaining')]).toEqual([200, '0']);
    const refused = await ask([mine()]);
    expect([refused.status, refused.headers.get('ratelimit-reset')]).toEqual([429, '50']);
    expect((await ask([mine()], `Token token=${outside().pagerDuty.addApiToken()}`)).status).toBe(200);
    await wait(50);
    expect((await ask([mine()])).status).toBe(200);
  });
});

describe('an app with scoped OAuth', () => {
  let app: App;
  beforeEach(() => {
    app = outside().pagerDuty.addApp({ region: 'us', subdomain: 'acme', scopes: ['incidents.read', 'services.read'] });
  });
  const askToken = (more: Readonly<Record<string, string>> = {}) =>
    form('https://identity.pagerduty.com/oauth/token', {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      scope: 'as_account-us.acme incidents.read',
      ...more,
    });
  const bearer = async (more: Readonly<Record<string, string>> = {}): Promise<string> =>
    `Bearer ${Object((await askToken(more)).body).access_token}`;

  test('gets a token for a day', async () => {
    expect(await askToken()).toMatchObject({
      status: 200,
      body: { token_type: 'bearer', expires_in: 86_400, scope: 'as_account-us.acme incidents.read' },
    });
    const authorization = await bearer();
    expect((await ask([mine()], authorization)).status).toBe(200);
    expect((await ask([mine()], authorization, 'api.eu.pagerduty.com')).status).toBe(401);
    await wait(86_399);
    expect((await ask([mine()], authorization)).status).toBe(200);
    await wait(1);
    expect((await ask([mine()], authorization)).status).toBe(401);
  });

  test('may only what the token’s scope says', async () => {
    const authorization = await bearer({ scope: 'as_account-us.acme services.read' });
    expect(await ask([mine()], authorization)).toMatchObject({ status: 403, body: { error: { code: 2010 } } });
  });

  test.each<[string, Readonly<Record<string, string>>, number, string]>([
    ['a wrong secret', { client_secret: 'guessed' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a scope without an account', { scope: 'incidents.read' }, 400, 'invalid_scope'],
    ['another account', { scope: 'as_account-us.other incidents.read' }, 400, 'invalid_scope'],
    ['another region', { scope: 'as_account-eu.acme incidents.read' }, 400, 'invalid_scope'],
    ['a scope that was not granted', { scope: 'as_account-us.acme incidents.write' }, 400, 'invalid_scope'],
  ])('gets none with %s', async (_name, more, status, error) => {
    expect(await askToken(more)).toMatchObject({ status, body: { error } });
  });

  test('gets none by JSON, nor at another path, nor once it was revoked', async () => {
    const json = await post('https://identity.pagerduty.com/oauth/token', { client_id: app.clientId });
    expect(json).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await form('https://identity.pagerduty.com/oauth/other', {})).status).toBe(404);
    const authorization = await bearer();
    outside().pagerDuty.revoke(app.clientId);
    expect((await askToken()).status).toBe(401);
    expect((await ask([mine()], authorization)).status).toBe(401);
  });
});
