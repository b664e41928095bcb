import { beforeEach, describe, expect, test } from 'vitest';
import type { PagerDutyService, ServiceWish } from '../../../local/outside/pagerduty/service.ts';
import { serveOutside } from '../../support/outside/serve-outside.ts';

const { outside, clock, wait, post } = serveOutside();
const enqueue = 'https://events.pagerduty.com/v2/enqueue';

let service: PagerDutyService;
const addService = (wish: Partial<ServiceWish> = {}): PagerDutyService =>
  outside().pagerDuty.addService({ name: `on-call ${crypto.randomUUID()}`, ...wish });
beforeEach(async () => {
  service = addService();
  // Calls of one test are not counted with those of another.
  await wait(60);
});

const payload = { summary: 'broker 2 is down', source: 'orders', severity: 'critical' };
const trigger = (more: object = {}) => ({
  routing_key: service.routingKey,
  event_action: 'trigger',
  dedup_key: 'orders-1',
  payload,
  ...more,
});
const act = (event_action: 'acknowledge' | 'resolve', more: object = {}) => ({
  routing_key: service.routingKey,
  event_action,
  dedup_key: 'orders-1',
  ...more,
});
const incidents = () =>
  outside()
    .pagerDuty.incidents()
    .filter((one) => one.service.id === service.id);
const notified = () =>
  outside()
    .pagerDuty.notifications()
    .filter((one) => one.service === service.name);

describe('an event that is in order', () => {
  test('is accepted with its key, opens an incident and notifies once', async () => {
    const { status, body, headers } = await post(enqueue, trigger());
    expect(status).toBe(202);
    expect(body).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'orders-1' });
    expect(Date.parse(headers.get('date') ?? '')).toBe(clock.nowMs());
    expect(incidents()).toMatchObject([{ key: 'orders-1', status: 'triggered', summary: 'broker 2 is down' }]);
    expect(notified()).toMatchObject([{ atMs: clock.nowMs(), because: 'triggered', urgency: 'high', key: 'orders-1' }]);
  });

  test('without a key is given one', async () => {
    const { body } = await post(enqueue, trigger({ dedup_key: undefined }));
    expect(body).toMatchObject({ dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(incidents()).toMatchObject([{ key: Reflect.get(Object(body), 'dedup_key') }]);
  });

  test('may have every optional field, of every legal form', async () => {
    const full = trigger({
      payload: {
        ...payload,
        summary: 's'.repeat(1024),
        timestamp: '2026-11-21T06:00:00.123+01:00',
        component: 'kafka',
        group: 'orders',
        class: 'broker-down',
        custom_details: { partitions: 12, names: ['a', 'b'] },
      },
      dedup_key: 'k'.repeat(255),
      links: [{ href: 'https://example.org/runbook', text: 'Runbook' }, { href: 'https://example.org/' }],
      images: [{ src: 'https://example.org/a.png', href: 'https://example.org/', alt: 'a' }],
      client: 'mskeeper',
      client_url: 'https://example.org/',
      what_nobody_knows: true,
    });
    expect((await post(enqueue, full)).status).toBe(202);
    expect(incidents()[0]?.log).toMatchObject([{ what: 'trigger', event: { client: 'mskeeper' } }]);
  });

  test.each([
    ['critical', 'high'],
    ['error', 'high'],
    ['warning', 'low'],
    ['info', 'low'],
  ])('of severity %s is of %s urgency under dynamic notifications', async (severity, urgency) => {
    await post(enqueue, trigger({ payload: { ...payload, severity } }));
    expect(notified()).toMatchObject([{ urgency }]);
  });

  test('is of the service’s own urgency where that is set', async () => {
    service = addService({ urgency: 'low' });
    await post(enqueue, trigger());
    expect(notified()).toMatchObject([{ urgency: 'low' }]);
  });

  test('counts later than its 202 where PagerDuty is slow, in the order in which it came', async () => {
    outside().pagerDuty.setDelay(5_000);
    await post(enqueue, trigger());
    expect(incidents()).toEqual([]);
    outside().pagerDuty.setDelay(0);
    await post(enqueue, act('resolve'));
    expect(incidents()).toEqual([]);
    await wait(5);
    expect(incidents()).toMatchObject([{ status: 'resolved', createdAtMs: clock.nowMs() }]);
  });
});

describe('what comes under the key of an open incident', () => {
  test('is written into its log and notifies nobody', async () => {
    await post(enqueue, trigger());
    await wait(30);
    await post(enqueue, trigger({ payload: { ...payload, summary: 'still', severity: 'info' } }));
    expect(incidents()).toMatchObject([
      {
        summary: 'broker 2 is down',
        urgency: 'high',
        log: [{ what: 'trigger' }, { what: 'trigger', event: { payload: { summary: 'still' } } }],
      },
    ]);
    expect(notified()).toHaveLength(1);
  });

  test('is one of its own under another routing key', async () => {
    const first = service;
    await post(enqueue, trigger());
    service = addService();
    await post(enqueue, act('resolve'));
    await post(enqueue, trigger());
    expect(notified()).toHaveLength(1);
    expect(
      outside()
        .pagerDuty.incidents()
        .find((one) => one.service.id === first.id)?.status,
    ).toBe('triggered');
  });

  test('notifies nobody while it is acknowledged, by an event or by a person', async () => {
    await post(enqueue, trigger());
    await post(enqueue, act('acknowledge'));
    await post(enqueue, trigger());
    expect(incidents()).toMatchObject([{ status: 'acknowledged', changedBy: { kind: 'service', name: service.name } }]);
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    await post(enqueue, trigger());
    expect(incidents()).toMatchObject([{ status: 'acknowledged', changedBy: { kind: 'person', name: 'Ada' } }]);
    expect(notified()).toHaveLength(1);
  });

  test('closes it as a resolve, after which a trigger opens a new one', async () => {
    await post(enqueue, trigger());
    await post(enqueue, act('resolve'));
    await post(enqueue, trigger());
    expect(incidents().map(({ status }) => status)).toEqual(['resolved', 'triggered']);
    expect(notified()).toHaveLength(2);
  });

  test('is dropped as an acknowledge or a resolve where none is open: one that overtakes its trigger is lost', async () => {
    expect((await post(enqueue, act('resolve'))).status).toBe(202);
    expect((await post(enqueue, act('acknowledge'))).status).toBe(202);
    await post(enqueue, trigger());
    expect(incidents()).toMatchObject([{ status: 'triggered', acknowledgements: [] }]);
  });
});

describe('time', () => {
  test('lets an acknowledgement lapse after half an hour, which notifies once more', async () => {
    await post(enqueue, trigger());
    const ackedMs = clock.nowMs();
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    await wait(1_799);
    expect(incidents()).toMatchObject([{ status: 'acknowledged', lapsesAtMs: ackedMs + 1_800_000 }]);
    await wait(600);
    expect(incidents()).toMatchObject([
      { status: 'triggered', acknowledgements: [], changedAtMs: ackedMs + 1_800_000 },
    ]);
    expect(notified()).toMatchObject([
      { because: 'triggered' },
      { because: 'acknowledgement-lapsed', atMs: ackedMs + 1_800_000 },
    ]);
  });

  test('begins anew with each acknowledgement', async () => {
    await post(enqueue, trigger());
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    await wait(1_500);
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ben' });
    await wait(1_500);
    expect(incidents()).toMatchObject([
      { status: 'acknowledged', acknowledgements: [{ by: { name: 'Ada' } }, { by: { name: 'Ben' } }] },
    ]);
  });

  test('resolves what was open for four hours, and a trigger opens a new one', async () => {
    await post(enqueue, trigger());
    const openedMs = clock.nowMs();
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    await wait(14_400);
    expect(incidents()).toMatchObject([{ status: 'resolved', changedAtMs: openedMs + 14_400_000 }]);
    expect(incidents()[0]?.log.map(({ what }) => what)).toEqual(['trigger', 'acknowledge', 'unacknowledge', 'resolve']);
    await post(enqueue, trigger());
    expect(incidents().map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  test('does neither where the service switches it off', async () => {
    service = addService({ acknowledgementSeconds: 'never-lapses', resolveSeconds: 'never' });
    await post(enqueue, trigger());
    outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' });
    await wait(86_400);
    expect(incidents()).toMatchObject([{ status: 'acknowledged' }]);
    expect(incidents()[0]).not.toHaveProperty('lapsesAtMs');
  });
});

test('a person acts on what is open only', async () => {
  await post(enqueue, trigger());
  outside().pagerDuty.resolve({ service, key: 'orders-1', by: 'Ada' });
  expect(incidents()).toMatchObject([{ status: 'resolved', changedBy: { kind: 'person', name: 'Ada' } }]);
  expect(() => outside().pagerDuty.acknowledge({ service, key: 'orders-1', by: 'Ada' })).toThrow(
    /Ada cannot acknowledge orders-1: .* has no open incident/,
  );
});

describe('an event that is not in order is refused with every reason', () => {
  const bad = (more: object) => ({ payload: { ...payload, ...more } });
  test.each<[string, object, string]>([
    [
      'a key that is too short',
      { routing_key: 'abc' },
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ],
    ['no key', { routing_key: undefined }, "'routing_key' is missing or is not a string"],
    ['a key of nobody', { routing_key: '0'.repeat(32) }, "'routing_key' is not one of any service"],
    ['an unknown action', { event_action: 'reopen' }, "'event_action' is none of trigger, acknowledge, resolve"],
    ['a long dedup_key', { dedup_key: 'k'.repeat(256) }, "'dedup_key' is longer than 255 characters"],
    ['no payload', { payload: undefined }, "'payload' is missing or is not an object"],
    ['no summary', bad({ summary: undefined }), "'payload.summary' is missing or is not a string"],
    ['a blank summary', bad({ summary: '' }), "'payload.summary' is missing or blank"],
    ['a long summary', bad({ summary: 's'.repeat(1025) }), "'payload.summary' is longer than 1024 characters"],
    ['no source', bad({ source: undefined }), "'payload.source' is missing or is not a string"],
    [
      'severity in capitals',
      bad({ severity: 'CRITICAL' }),
      "'payload.severity' is none of critical, error, warning, info",
    ],
    ['another time', bad({ timestamp: 'yesterday' }), "'payload.timestamp' is not a time of ISO 8601"],
    ['details in a list', bad({ custom_details: ['a'] }), "'payload.custom_details' is not an object"],
    ['a component that is no text', bad({ component: 7 }), "'payload.component' is missing or is not a string"],
    ['a link without an address', { links: [{ text: 'x' }] }, "'links.href' is not a URL"],
    ['links that are no list', { links: {} }, "'links' is not an array"],
    ['an image by http', { images: [{ src: 'http://example.org/a.png' }] }, "'images.src' is not an https URL"],
    ['a client that is no text', { client: {} }, "'client' is missing or is not a string"],
    [
      'acknowledge without a key',
      { event_action: 'acknowledge', dedup_key: undefined },
      "'dedup_key' is missing or is not a string",
    ],
    ['resolve with a blank key', { event_action: 'resolve', dedup_key: '' }, "'dedup_key' is missing or blank"],
    ['more than 512 KB', bad({ custom_details: { all: 'x'.repeat(512 * 1024) } }), 'The event is larger than 512 KB'],
  ])('%s', async (_name, more, error) => {
    const { status, body } = await post(enqueue, trigger(more));
    expect({ status, body }).toEqual({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    });
    expect(incidents()).toEqual([]);
  });

  test('all of them at once', async () => {
    const { body } = await post(enqueue, trigger({ payload: { severity: 'bad' } }));
    expect(body).toMatchObject({
      errors: [expect.stringMatching(/summary/), expect.stringMatching(/source/), expect.stringMatching(/severity/)],
    });
  });

  test.each(['{', '[]', '"x"', ''])('a body that is no object: %s', async (body) => {
    expect((await post(enqueue, body)).status).toBe(400);
  });

  test('is not found at another path', async () => {
    expect((await post('https://events.pagerduty.com/v2/elsewhere', trigger())).status).toBe(404);
  });
});

test('an account of the EU has a host and keys of its own', async () => {
  service = addService({ region: 'eu' });
  expect((await post(enqueue, trigger())).status).toBe(400);
  expect((await post('https://events.eu.pagerduty.com/v2/enqueue', trigger())).status).toBe(202);
  expect(notified()).toHaveLength(1);
});

test('120 calls in a minute are taken of each key, then none until the first of them is a minute old', async () => {
  await post(enqueue, trigger());
  await wait(20);
  for (const body of Array.from({ length: 119 }, () => trigger())) expect((await post(enqueue, body)).status).toBe(202);
  const refused = await post(enqueue, trigger());
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  service = addService();
  expect((await post(enqueue, trigger())).status).toBe(202);
  const [first] = outside().pagerDuty.incidents().slice(-2);
  if (first !== undefined) service = first.service;
  await wait(40);
  expect((await post(enqueue, trigger())).status).toBe(202);
  expect((await post(enqueue, trigger())).status).toBe(429);
});

test('a change is kept beside the incidents and notifies nobody', async () => {
  const url = 'https://events.pagerduty.com/v2/change/enqueue';
  const change = {
    routing_key: service.routingKey,
    payload: { summary: 'volumes grew to 200 GiB', source: 'orders', timestamp: '2026-11-21T06:00:00Z' },
  };
  expect(await post(url, change)).toMatchObject({ status: 202, body: { status: 'success' } });
  expect(outside().pagerDuty.changes.at(-1)).toMatchObject({ service: service.name, event: change });
  expect(await post(url, { ...change, payload: {} })).toMatchObject({ status: 400 });
  expect([incidents(), notified()]).toEqual([[], []]);
});
