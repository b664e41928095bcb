import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { fetchPagerDutyIncident } from '../../../../../shared/telling/sending/pagerduty-incident.ts';
import { openPagerDutySignIn } from '../../../../../shared/telling/sending/pagerduty-token.ts';
import { type AnsweringServer, jsonAnswer, startAnsweringServer } from '../../../../support/aws/answering-server.ts';
import { onServer } from '../../../../support/telling/elsewhere.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const nowMs = Date.UTC(2026, 2, 1, 9);
const client = { clientId: 'client-1', clientSecret: 's3cret-of-the-app', subdomain: 'example' };
const token = { apiToken: 'read-only-token-1' };
const calls = () => openCallScope(new AbortController().signal);
const signIn = () => openPagerDutySignIn(onServer(server));
const fetchIncident = (
  rest: typeof client | typeof token = token,
  { region = 'us', scope = calls(), by = signIn(), atMs = nowMs }: Partial<Options> = {},
) =>
  fetchPagerDutyIncident(scope, { rest, region }, 'mskeeper/1/eu-west-1/orders/12', {
    signIn: by,
    nowMs: atMs,
    baseOf: onServer(server),
  });
type Options = {
  readonly region: 'us' | 'eu';
  readonly scope: ReturnType<typeof calls>;
  readonly by: ReturnType<typeof signIn>;
  readonly atMs: number;
};

const incident = (fields: object) => ({
  id: 'PT4KHLK',
  status: 'triggered',
  html_url: 'https://example.pagerduty.com/incidents/PT4KHLK',
  pending_actions: [{ type: 'escalate', at: '2026-03-01T09:30:00Z' }],
  acknowledgements: [],
  last_status_change_by: { type: 'service_reference', summary: 'orders' },
  ...fields,
});
const acknowledged = incident({
  status: 'acknowledged',
  acknowledgements: [{ at: '2026-03-01T09:05:00Z', acknowledger: { summary: 'A. Person' } }],
  pending_actions: [
    { type: 'unacknowledge', at: '2026-03-01T09:35:00Z' },
    { type: 'resolve', at: '2026-03-01T13:00:00Z' },
  ],
  last_status_change_at: '2026-03-01T09:05:00Z',
  last_status_change_by: { summary: 'A. Person' },
});
const answer = (...incidents: readonly object[]) => jsonAnswer({ incidents, limit: 5, offset: 0, more: false });

describe('what people did in PagerDuty', () => {
  test('is asked by the key, with a key of the account, and counted', async () => {
    server.answerWith(() => answer(acknowledged));
    const scope = calls();
    expect(await fetchIncident(token, { scope })).toEqual({
      status: 'acknowledged',
      acknowledgedBy: ['A. Person'],
      acknowledgedAtMs: Date.UTC(2026, 2, 1, 9, 5),
      acknowledgedUntilMs: Date.UTC(2026, 2, 1, 9, 35),
      changedAtMs: Date.UTC(2026, 2, 1, 9, 5),
      changedBy: 'A. Person',
      url: 'https://example.pagerduty.com/incidents/PT4KHLK',
    });
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Token token=read-only-token-1',
      accept: 'application/vnd.pagerduty+json;version=2',
    });
    const url = new URL(request?.path ?? '', server.url);
    expect(url.pathname).toBe('/api.pagerduty.com/incidents');
    expect(url.searchParams.get('incident_key')).toBe('mskeeper/1/eu-west-1/orders/12');
    expect(url.searchParams.getAll('statuses[]')).toEqual(['triggered', 'acknowledged']);
    expect(scope.requestCountByCall()).toEqual({ 'pagerduty:incidents': 1 });
    await fetchIncident(token, { region: 'eu' });
    expect(server.requests[1]?.path).toMatch(/^\/api\.eu\.pagerduty\.com\//);
  });

  test('in one service counts for all of them, and an acknowledgement without an end is one', async () => {
    server.answerWith(() => answer(incident({}), { ...acknowledged, pending_actions: [] }));
    const told = await fetchIncident();
    expect(told).toMatchObject({ status: 'acknowledged', acknowledgedBy: ['A. Person'] });
    expect(told).not.toHaveProperty('acknowledgedUntilMs');
  });

  test('is asked of what ended only where nothing is open; where there is nothing, nobody knows yet', async () => {
    server.answerWith(({ path }) =>
      path.includes('resolved') ? answer(incident({ status: 'resolved', last_status_change_by: null })) : answer(),
    );
    expect(await fetchIncident()).toMatchObject({ status: 'resolved', acknowledgedBy: [] });
    server.answerWith(() => answer());
    expect(await fetchIncident()).toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['a person, who answered', { type: 'user_reference', summary: 'A. Person' }, false],
    ['the service, when it was open for too long', { type: 'service_reference', summary: 'orders' }, true],
    ['an integration', { type: 'inbound_integration_reference', summary: 'Events API' }, true],
    ['nobody whom it names', null, true],
  ])('where it was resolved by %s', async (_what, by, isByNobody) => {
    server.answerWith(({ path }) =>
      path.includes('resolved') ? answer(incident({ status: 'resolved', last_status_change_by: by })) : answer(),
    );
    const told = await fetchIncident();
    expect([told?.status, told?.isByNobody === true]).toEqual(['resolved', isByNobody]);
  });

  test('is an answer where a person resolved one of several, and the others ended by themselves', async () => {
    const resolved = { status: 'resolved', last_status_change_at: '2026-03-01T09:20:00Z' };
    const byPerson = incident({ ...resolved, last_status_change_by: { type: 'user_reference', summary: 'A. Person' } });
    server.answerWith(({ path }) => (path.includes('resolved') ? answer(incident(resolved), byPerson) : answer()));
    const told = await fetchIncident();
    expect(told).toMatchObject({ status: 'resolved', changedBy: 'A. Person' });
    expect(told).not.toHaveProperty('isByNobody');
  });

  test('is told in words that do nothing, and with a link to PagerDuty alone', async () => {
    const name = 'x\n<!channel> token=hunter2hunter2';
    server.answerWith(() =>
      answer({
        ...acknowledged,
        html_url: 'https://evil.example/incidents/1?.pagerduty.com',
        acknowledgements: [{ at: '2026-03-01T09:05:00Z', acknowledger: { summary: name.repeat(100) } }],
      }),
    );
    const told = await fetchIncident();
    expect(told).not.toHaveProperty('url');
    expect(JSON.stringify(told)).not.toMatch(/[<>]|\\n|hunter2/);
    expect(told?.acknowledgedBy[0]?.length).toBeLessThanOrEqual(200);
  });

  test.each([
    [401, 'authentication-failed', /put a new one into the secret/],
    [403, 'denied', /incidents\.read/],
    [404, 'not-found', /404/],
    [429, 'throttled', /429/],
    [500, 'failed', /500/],
    [302, 'bad-answer', /redirect/],
  ])('is not known where it answers %i', async (status, failure, message) => {
    server.answerWith(() => ({ status, body: 'read-only-token-1' }));
    const failing = fetchIncident();
    await expect(failing).rejects.toMatchObject({
      name: 'DependencyError',
      call: 'pagerduty:incidents',
      failure,
      message: expect.stringMatching(message),
      facts: { httpStatus: status },
    });
    await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining('read-only-token-1') });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['another form', () => jsonAnswer({ incidents: [{ status: 'merged' }] }), 'bad-answer'],
    ['no end', () => ({ status: 200, body: ' '.repeat(100_000) }), 'bad-answer'],
    ['no answer', () => 'cut' as const, 'timed-out'],
  ])('is not known where it gives %s', async (_what, give, failure) => {
    server.answerWith(give);
    await expect(fetchIncident()).rejects.toMatchObject({ failure });
  });
});

describe('a Scoped OAuth app', () => {
  const issued = (value: string, seconds = 86_400) =>
    jsonAnswer({ access_token: value, token_type: 'bearer', expires_in: seconds, scope: 'incidents.read' });

  test('signs in for its account, once until its token ends', async () => {
    const by = signIn();
    server.answerWith(({ path }) => (path.endsWith('/oauth/token') ? issued('pdus+token', 600) : answer(acknowledged)));
    for (const atMs of [nowMs, nowMs + 500_000, nowMs + 550_000])
      await fetchIncident(client, { by, atMs, region: 'eu' });
    const paths = server.requests.map(({ path }) => path.split('?')[0]);
    expect(paths).toEqual([
      '/identity.pagerduty.com/oauth/token',
      '/api.eu.pagerduty.com/incidents',
      '/api.eu.pagerduty.com/incidents',
      '/identity.pagerduty.com/oauth/token',
      '/api.eu.pagerduty.com/incidents',
    ]);
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_secret: 's3cret-of-the-app',
      scope: 'as_account-eu.example incidents.read',
    });
    expect(server.requests[1]?.headers.authorization).toBe('Bearer pdus+token');
  });

  test('whose token was taken back gets a new one, once', async () => {
    let tokens = 0;
    server.answerWith(({ path, headers }) => {
      if (path.endsWith('/oauth/token')) return issued(`token-${++tokens}`);
      return headers.authorization === 'Bearer token-2' ? answer(acknowledged) : { status: 401 };
    });
    expect(await fetchIncident(client)).toMatchObject({ status: 'acknowledged' });
    server.answerWith(({ path }) => (path.endsWith('/oauth/token') ? issued('token') : { status: 401 }));
    await expect(fetchIncident(client)).rejects.toMatchObject({ failure: 'authentication-failed' });
    expect(server.requests).toHaveLength(4);
  });

  test.each([400, 401])(
    'that PagerDuty does not know (%i) says what to put where, and not its secret',
    async (status) => {
      server.answerWith(() => jsonAnswer({ error: 'invalid_client', error_description: 's3cret-of-the-app' }, status));
      const failing = fetchIncident(client);
      await expect(failing).rejects.toMatchObject({
        call: 'pagerduty:oauth-token',
        message: expect.stringMatching(/clientId and clientSecret of a Scoped OAuth app/),
      });
      await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') });
    },
  );
});
