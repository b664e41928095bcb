import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreClient, writeJson } from '../../../shared/aws/store.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { planTopicMessage } from '../../../shared/telling/channels/topic-message.ts';
import { createEventBridgeClient, publishEvents } from '../../../shared/telling/events-bus.ts';
import { createTopicClient, sendTopic } from '../../../shared/telling/sending/topic.ts';
import { type AnsweringServer, jsonAnswer, startAnsweringServer } from '../../support/aws/answering-server.ts';
import { page } from '../../support/telling/page.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const secrets = ['planted-Hunter2', 'AKIAIOSFODNN7EXAMPLE', '555 010 0199'];
const sentence = 'password=planted-Hunter2, key AKIAIOSFODNN7EXAMPLE, call +1 555 010 0199';
const calls = openCallScope(new AbortController().signal);

const expectCleanWire = () => {
  const sent = server.requests
    .map(({ path, body }) => `${path}\n${decodeURIComponent(body.replaceAll('+', ' '))}`)
    .join('\n');
  // A message to people escapes brackets.
  expect(sent).toMatch(/(?:\[|u\{5b\})redacted/);
  for (const secret of secrets) expect(sent).not.toContain(secret);
};

test('no secret leaves in an event', async () => {
  server.answerWith(() => jsonAnswer({ FailedEntryCount: 0, Entries: [{ EventId: 'x' }] }));
  const detail = { finding: { message: sentence, evidence: { token: 'x' } } };
  await publishEvents(createEventBridgeClient(), calls, 'mskeeper', [{ detailType: 'mskeeper finding', detail }]);
  expectCleanWire();
});

test('no secret leaves in a notification', async () => {
  server.answerWith(() => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
  }));
  const message = planTopicMessage(
    page({ title: sentence, says: sentence, facts: [{ text: sentence, source: 'x' }], contacts: [sentence] }),
    { topic: 'critical', endpoints: ['team-mail'], procedure: 'incident', key: '12' },
  );
  await sendTopic(createTopicClient(), calls, 'arn:aws:sns:eu-west-1:111122223333:critical', message);
  expectCleanWire();
});

test('no secret leaves in a report, a state or a backup', async () => {
  server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body: '' }));
  const store = { client: createStoreClient(), calls, bucket: 'mskeeper', prefixes: ['backups/orders/'] };
  const settings = { 'ssl.keystore.password': 'planted-Hunter2', 'sasl.jaas.config': sentence, note: sentence };
  await writeJson(store, 'backups/orders/topics.json', { topics: { orders: settings } }, 'absent');
  expectCleanWire();
});
