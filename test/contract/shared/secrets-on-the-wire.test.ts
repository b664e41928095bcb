import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreClient, writeJson } from '../../../shared/aws/store.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { createEventBridgeClient, publishEvents } from '../../../shared/telling/events-bus.ts';
import { createNotifyClient, notify } from '../../../shared/telling/notify.ts';
import { type AnsweringServer, jsonAnswer, startAnsweringServer } from '../../support/aws/answering-server.ts';

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
  expect(sent).toContain('[redacted');
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
  await notify(createNotifyClient(), calls, 'arn:aws:sns:eu-west-1:111122223333:critical', {
    severity: 'critical',
    cluster: 'orders',
    procedure: 'cluster-health',
    runId: 'run-1',
    atMs: 0,
    headline: sentence,
    findings: [{ check: 'x', subject: 'y', severity: 'critical', message: sentence }],
    runbook: 'docs/runbook/cluster-health.md',
    contacts: [sentence],
  });
  expectCleanWire();
});

test('no secret leaves in a report, a state or a backup', async () => {
  server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body: '' }));
  const store = { client: createStoreClient(), calls, bucket: 'mskeeper', prefixes: ['backups/orders/'] };
  const settings = { 'ssl.keystore.password': 'planted-Hunter2', 'sasl.jaas.config': sentence, note: sentence };
  await writeJson(store, 'backups/orders/topics.json', { topics: { orders: settings } }, 'absent');
  expectCleanWire();
});
