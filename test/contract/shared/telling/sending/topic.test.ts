import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { planAmazonQMessage } from '../../../../../shared/telling/channels/amazon-q.ts';
import { planTopicMessage } from '../../../../../shared/telling/channels/topic-message.ts';

import { createTopicClient, sendTopic } from '../../../../../shared/telling/sending/topic.ts';
import {
  type AnsweringServer,
  type PreparedAnswer,
  startAnsweringServer,
} from '../../../../support/aws/answering-server.ts';
import { page } from '../../../../support/telling/page.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:mskeeper-orders-emergency';
const message = planTopicMessage(page(), {
  topic: 'emergency',
  endpoints: ['team-mail', 'on-call-sms'],
  procedure: 'incident',
  key: '12',
});
const calls = () => openCallScope(new AbortController().signal);
const send = (scope = calls(), what = message) => sendTopic(createTopicClient(), scope, topicArn, what);
const xml = (body: string, status = 200): PreparedAnswer => ({ status, headers: { 'content-type': 'text/xml' }, body });
const taken = xml('<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>');
const error = (status: number, code: string) =>
  xml(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    status,
  );

test('a message is published with a text for each protocol, and with whom it is for', async () => {
  server.answerWith(() => taken);
  const scope = calls();
  expect(await send(scope)).toEqual({ result: 'delivered' });
  const form = new URLSearchParams(server.requests[0]?.body);
  expect(form.get('Subject')).toBe('[P0] orders: broker 2 is down');
  expect(form.get('MessageStructure')).toBe('json');
  expect(Object.keys(JSON.parse(form.get('Message') ?? '{}'))).toEqual(['default', 'email', 'sms', 'https']);
  const attributes = Array.from({ length: 6 }, (_item, index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      `${form.get(`${entry}.Name`)}`,
      form.get(`${entry}.Value.DataType`),
      form.get(`${entry}.Value.StringValue`),
    ];
  });
  expect(attributes).toEqual(
    expect.arrayContaining([
      ['severity', 'String', 'emergency'],
      ['endpoint', 'String.Array', '["team-mail","on-call-sms"]'],
      ['AWS.SNS.SMS.SMSType', 'String', 'Transactional'],
    ]),
  );
  expect(scope.requestCountByCall()).toEqual({ 'sns:Publish': 1 });
});

test('a notification for Amazon Q is the whole message, since it drops every other form', async () => {
  server.answerWith(() => taken);
  await send(calls(), planAmazonQMessage(page(), { id: '12/1' }));
  const form = new URLSearchParams(server.requests[0]?.body);
  expect(form.get('MessageStructure')).toBeNull();
  expect(JSON.parse(form.get('Message') ?? '{}')).toMatchObject({ version: '1.0', source: 'custom' });
});

describe('what SNS answers decides', () => {
  test.each([
    ['a topic that is not there', error(404, 'NotFound'), 'failed'],
    ['no permission', error(403, 'AuthorizationError'), 'failed'],
    ['a key that is switched off', error(400, 'KMSDisabled'), 'failed'],
    ['a throttle', error(400, 'Throttled'), 'failed'],
    ['a message that it does not take', error(400, 'InvalidParameter'), 'refused'],
    ['an error of its own', error(500, 'InternalError'), 'unknown'],
    ['the end of the connection', 'cut', 'unknown'],
    ['no message id', xml('<PublishResponse><PublishResult></PublishResult></PublishResponse>'), 'unknown'],
  ] as const)('%s', async (_what, answer, result) => {
    server.answerWith(() => answer);
    expect(await send()).toMatchObject({ result, why: expect.stringMatching(/^sns:Publish: /) });
  });

  test('a run that ends while it waits does not know', async () => {
    server.answerWith(() => 'hang');
    const run = new AbortController();
    const trying = send(openCallScope(run.signal));
    await expect.poll(() => server.requests.length).toBe(1);
    run.abort();
    expect(await trying).toMatchObject({ result: 'unknown' });
  });
});

test('what is beyond SNS’s limits is not published', async () => {
  server.answerWith(() => taken);
  const long = { ...message, message: 'x'.repeat(262_144) };
  expect(await send(calls(), long)).toMatchObject({ result: 'refused', why: expect.stringContaining('262144') });
  expect(server.requests).toHaveLength(0);
});
