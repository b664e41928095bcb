import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { createNotifyClient } from '../../../../shared/telling/notify.ts';
import { openTell } from '../../../../shared/telling/tell.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const arnByTopic = {
  critical: 'arn:aws:sns:eu-west-1:111122223333:critical',
  warning: 'arn:aws:sns:eu-west-1:111122223333:warning',
};
const word = {
  topic: 'warning',
  severity: 'warning',
  headline: 'MSK accepted',
  findings: [{ check: 'storage-scaling', subject: 'cluster', severity: 'warning', message: 'MSK accepted' }],
  key: 'orders-storage-scaling-7/accepted 1',
  atMs: Date.UTC(2026, 0, 14, 12),
} as const;
const send = (key: string = word.key) =>
  openTell(
    createNotifyClient(),
    openCallScope(new AbortController().signal),
    { cluster: 'orders', procedure: 'storage-scaling', runId: 'orders-storage-scaling-7' },
    { contacts: [{ role: 'on-call engineer', level: 'on-call', channel: 'mail' }] },
    arnByTopic,
  )({ ...word, key });
const xml = (body: string, status = 200) => ({ status, headers: { 'content-type': 'text/xml' }, body });
const accept = () =>
  server.answerWith(() =>
    xml('<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>'),
  );

test('a word goes to its topic, with speaker, people, runbook and a key that a repeat has again', async () => {
  accept();
  expect(await send()).toEqual({ isTaken: true, messageId: 'm-1' });
  expect(await send()).toEqual({ isTaken: true, messageId: 'm-1' });
  const forms = server.requests.map(({ body }) => new URLSearchParams(body));
  expect(forms.map((form) => form.get('TopicArn'))).toEqual([arnByTopic.warning, arnByTopic.warning]);
  const https = forms.map((form) => JSON.parse(JSON.parse(form.get('Message') ?? '{}').https));
  expect(https).toEqual(Array(2).fill(expect.objectContaining({ key: word.key, contacts: ['on-call engineer'] })));
  expect([...(forms[0]?.values() ?? [])]).toEqual(expect.arrayContaining(['key', word.key]));
});

test('a key that is too long is cut where pagers would refuse it', async () => {
  accept();
  await send('k'.repeat(400));
  const form = new URLSearchParams(server.requests[0]?.body);
  expect([...form.values()]).toContain('k'.repeat(255));
});

test.each([
  [403, 'AuthorizationError', 'denied'],
  [400, 'KMSDisabled', 'failed'],
])('one that SNS refuses with %i %s is not taken, and says why', async (status, code, failure) => {
  server.answerWith(() =>
    xml(
      `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      status,
    ),
  );
  expect(await send()).toMatchObject({ isTaken: false, error: { call: 'sns:Publish', failure } });
});
