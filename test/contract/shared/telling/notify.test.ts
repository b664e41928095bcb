import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import type { Notice } from '../../../../shared/telling/notice.ts';
import { createNotifyClient, notify } from '../../../../shared/telling/notify.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:mskeeper-orders-critical';
const notice: Notice = {
  severity: 'critical',
  cluster: 'orders',
  procedure: 'cluster-health',
  runId: 'run-1',
  atMs: 0,
  headline: 'broker 2 does not answer',
  findings: [],
  runbook: 'docs/runbook/cluster-health.md',
  contacts: [],
};
const send = () => notify(createNotifyClient(), openCallScope(new AbortController().signal), topicArn, notice);
const xml = (body: string, status = 200) => ({ status, headers: { 'content-type': 'text/xml' }, body });

test('a notice goes out with a message for each protocol and attributes to filter by', async () => {
  server.answerWith(() =>
    xml('<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>'),
  );
  expect(await send()).toEqual({ messageId: 'm-1' });
  const form = new URLSearchParams(server.requests[0]?.body);
  expect(form.get('Action')).toBe('Publish');
  expect(form.get('TopicArn')).toBe(topicArn);
  expect(form.get('MessageStructure')).toBe('json');
  expect(form.get('Subject')).toBe('[CRITICAL] orders: broker 2 does not answer');
  expect(Object.keys(JSON.parse(form.get('Message') ?? '{}'))).toEqual(['default', 'email', 'sms', 'https']);
  expect([...form.values()]).toEqual(expect.arrayContaining(['severity', 'critical', 'procedure', 'cluster-health']));
});

test.each([
  [403, 'AuthorizationError', 'denied'],
  [404, 'NotFound', 'not-found'],
  [400, 'InvalidParameter', 'failed'],
])('%i %s is %s', async (status, code, failure) => {
  server.answerWith(() =>
    xml(
      `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      status,
    ),
  );
  await expect(send()).rejects.toMatchObject({ call: 'sns:Publish', failure });
});

test('an answer without a message id is a bad answer', async () => {
  server.answerWith(() => xml('<PublishResponse><PublishResult></PublishResult></PublishResponse>'));
  await expect(send()).rejects.toMatchObject({ failure: 'bad-answer' });
});
