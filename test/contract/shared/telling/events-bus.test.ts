import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BusEvent } from '../../../../shared/core/bus-event.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { createEventBridgeClient, offerEvents, publishEvents } from '../../../../shared/telling/events-bus.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const finding = (subject: string): BusEvent => ({
  detailType: 'mskeeper finding',
  detail: { version: 1, cluster: 'orders', finding: { check: 'broker-answers', subject, severity: 'critical' } },
  about: `broker-answers, ${subject}`,
});
const publish = (events: readonly BusEvent[], calls = openCallScope(new AbortController().signal)) =>
  publishEvents(createEventBridgeClient(), calls, 'mskeeper', events);
const entriesOf = (body: string): readonly { Detail: string; EventBusName: string; Source: string }[] =>
  JSON.parse(body).Entries;
const accepted = (body: string) =>
  jsonAnswer({ FailedEntryCount: 0, Entries: entriesOf(body).map((_entry, index) => ({ EventId: `e${index}` })) });

test('events go ten a call, in order, to the bus that was named', async () => {
  server.answerWith(({ body }) => accepted(body));
  const calls = openCallScope(new AbortController().signal);
  await publish(
    Array.from({ length: 23 }, (_item, index) => finding(`broker ${index}`)),
    calls,
  );
  expect(server.requests.map(({ body }) => entriesOf(body).length)).toEqual([10, 10, 3]);
  const [first] = entriesOf(server.requests[2]?.body ?? '{}');
  expect(first).toMatchObject({ EventBusName: 'mskeeper', Source: 'mskeeper' });
  expect(JSON.parse(first?.Detail ?? '')).toEqual(finding('broker 20').detail);
  expect(calls.requestCountByCall()).toEqual({ 'events:PutEvents': 3 });
});

test('no event asks nothing', async () => {
  server.answerWith(({ body }) => accepted(body));
  await publish([]);
  expect(server.requests).toHaveLength(0);
});

test('each event that was not accepted is named, and later batches are still sent', async () => {
  server.answerWith(({ body }, index) =>
    index === 0
      ? jsonAnswer({
          FailedEntryCount: 2,
          Entries: entriesOf(body).map((_entry, position) =>
            position < 2 ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'later' } : { EventId: 'x' },
          ),
        })
      : accepted(body),
  );
  const failure = publish(Array.from({ length: 12 }, (_item, index) => finding(`broker ${index}`)));
  await expect(failure).rejects.toMatchObject({
    name: 'DependencyError',
    call: 'events:PutEvents',
    failure: 'throttled',
    message: expect.stringMatching(
      /2 of 12 events were not accepted: mskeeper finding \(broker-answers, broker 0\): ThrottlingException: later; .*broker 1\)/,
    ),
  });
  expect(server.requests).toHaveLength(2);
});

test('a batch that is denied names its events and does not keep the next back', async () => {
  server.answerWith(({ body }, index) =>
    index === 0 ? errorAnswer(400, 'AccessDeniedException', 'not authorized') : accepted(body),
  );
  const failure = publish(Array.from({ length: 11 }, (_item, index) => finding(`broker ${index}`)));
  await expect(failure).rejects.toMatchObject({
    failure: 'denied',
    message: expect.stringContaining('10 of 11 events'),
  });
  expect(server.requests).toHaveLength(2);
});

test.each([
  ['fewer results than events', { FailedEntryCount: 0, Entries: [] }],
  ['a count that names nobody', { FailedEntryCount: 1, Entries: [{ EventId: 'x' }] }],
])('%s is a bad answer', async (_what, answer) => {
  server.answerWith(() => jsonAnswer(answer));
  await expect(publish([finding('broker 1')])).rejects.toMatchObject({ failure: 'bad-answer' });
});

test('an event that is too large arrives cut, and says so', async () => {
  server.answerWith(({ body }) => accepted(body));
  const names = Array.from({ length: 20_000 }, (_item, index) => `topic-with-a-long-name-${index}`);
  await publish([{ detailType: 'mskeeper finding', detail: { cluster: 'orders', names } }]);
  const [entry] = entriesOf(server.requests[0]?.body ?? '{}');
  const detail = JSON.parse(entry?.Detail ?? '{}');
  expect(detail.truncated.originalBytes).toBeGreaterThan(500_000);
  expect(detail.names.at(-1)).toMatch(/^… \d+ more$/);
  expect(detail.cluster).toBe('orders');
});

test('who repeats what was not taken hears which of the events that is, whatever batch it was in, and why', async () => {
  server.answerWith(({ body }, index) => {
    if (index === 1) return errorAnswer(400, 'AccessDeniedException', 'not authorized');
    return jsonAnswer({
      FailedEntryCount: index === 0 ? 2 : 0,
      Entries: entriesOf(body).map((_entry, position) =>
        index === 0 && (position === 3 || position === 9)
          ? { ErrorCode: 'InternalFailure', ErrorMessage: `no ${position}` }
          : { EventId: 'x' },
      ),
    });
  });
  const calls = openCallScope(new AbortController().signal);
  const events = Array.from({ length: 25 }, (_item, index) => finding(`broker ${index}`));
  const refused = await offerEvents(createEventBridgeClient(), calls, 'mskeeper', events);
  expect(refused.map(({ place }) => place)).toEqual([
    3,
    9,
    ...Array.from({ length: 10 }, (_item, index) => 10 + index),
  ]);
  expect(refused[0]).toMatchObject({
    event: 'mskeeper finding (broker-answers, broker 3)',
    message: 'InternalFailure: no 3',
  });
  expect(refused[2]).toMatchObject({ event: 'mskeeper finding (broker-answers, broker 10)', failure: 'denied' });
  server.answerWith(({ body }) => accepted(body));
  expect(await offerEvents(createEventBridgeClient(), calls, 'mskeeper', events)).toEqual([]);
});
