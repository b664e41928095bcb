import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { createChatbot } from '../../../local/aws/services/chatbot/chatbot.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const sns = createSns(aws.world);
const chatbot = createChatbot(aws.world, sns);
const client = () => new SNSClient(aws.client());
const topicArn = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
const configure = (ConfigurationName: string, properties: object = {}) =>
  createResource(aws.world, 'AWS::Chatbot::SlackChannelConfiguration', {
    ConfigurationName,
    SlackWorkspaceId: 'T0123456789',
    SlackChannelId: 'C0123456789',
    IamRoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/chat`,
    GuardrailPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    LoggingLevel: 'ERROR',
    UserRoleRequired: 'true',
    ...properties,
  });
/** A topic and a channel of one name. */
const connect = async (name: string, properties: object = {}) => {
  await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: name });
  await configure(name, { SlackChannelId: name.toUpperCase(), SnsTopicArns: [topicArn(name)], ...properties });
};
const publish = (name: string, message: unknown) =>
  client().send(
    new PublishCommand({
      TopicArn: topicArn(name),
      Message: typeof message === 'string' ? message : JSON.stringify(message),
    }),
  );
const notification = (description: string, more: object = {}) => ({
  version: '1.0',
  source: 'custom',
  content: {
    textType: 'client-markdown',
    title: 'broker 2 is down',
    description,
    nextSteps: ['look'],
    keywords: ['P1'],
  },
  ...more,
});
const shownIn = (name: string) => chatbot.shown.filter(({ configurationName }) => configurationName === name);
const droppedIn = (name: string) => chatbot.dropped.filter(({ channelId }) => channelId === name.toUpperCase());

describe('a channel of Amazon Q Developer', () => {
  test('is subscribed to its topic as https, confirmed by itself, and nobody else’s inbox gets its messages', async () => {
    await connect('quiet');
    const { Subscriptions } = await client().send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn('quiet') }));
    expect(Subscriptions).toMatchObject([
      {
        Protocol: 'https',
        Endpoint: 'https://global.sns-api.chatbot.amazonaws.com',
        SubscriptionArn: expect.stringContaining(topicArn('quiet')),
      },
    ]);
    await publish('quiet', notification('It does not answer.'));
    expect(shownIn('quiet')).toMatchObject([
      {
        kind: 'custom',
        title: 'broker 2 is down',
        description: 'It does not answer.',
        nextSteps: ['look'],
        isReply: false,
      },
    ]);
    expect(sns.inbox).toEqual([]);
  });

  test('puts what has an equal threadId into one thread, where its preference lets it', async () => {
    await connect('threads');
    const of = (threadId: string) => notification('x', { metadata: { threadId } });
    for (const thread of ['a', 'b', 'a']) await publish('threads', of(thread));
    await publish('threads', notification('without'));
    expect(shownIn('threads').map(({ threadId, isReply }) => [threadId, isReply])).toEqual([
      ['a', false],
      ['b', false],
      ['a', true],
      [undefined, false],
    ]);
    chatbot.forbidThreads('THREADS');
    await publish('threads', of('a'));
    expect(shownIn('threads').at(-1)?.isReply).toBe(false);
  });

  test('shows CloudWatch’s alarms and events of AWS’s services by itself', async () => {
    await connect('native');
    await publish('native', {
      AlarmName: 'offline',
      AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:offline`,
      NewStateValue: 'ALARM',
      NewStateReason: 'Threshold Crossed',
    });
    await publish('native', {
      source: 'aws.health',
      'detail-type': 'AWS Health Event',
      resources: ['arn:x'],
      detail: {},
    });
    expect(shownIn('native').map(({ kind, title }) => [kind, title])).toEqual([
      ['alarm', 'ALARM: "offline"'],
      ['event', 'AWS Health Event'],
    ]);
  });

  const { content } = notification('x');
  test.each([
    ['text', 'broker 2 is down', /no JSON/],
    [
      'an event of ours',
      { source: 'mskeeper', 'detail-type': 'mskeeper finding', resources: [], detail: {} },
      /version/,
    ],
    ['another version', notification('x', { version: '2.0' }), /version/],
    ['another source', notification('x', { source: 'mskeeper' }), /source/],
    ['no description', { version: '1.0', source: 'custom', content: { title: 'x' } }, /content\.description/],
    ['another kind of text', notification('x', { content: { ...content, textType: 'plain' } }), /content\.textType/],
    ['a member that the form has not', notification('x', { blocks: [] }), /blocks/],
    [
      'a context that is no text',
      notification('x', { metadata: { additionalContext: { brokers: 2 } } }),
      /additionalContext/,
    ],
    ['more than it is sure to take', notification('x'.repeat(8001)), /content\.description/],
  ])('drops %s, and nobody is told', async (what, message, why) => {
    const name = `drops${[...what].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1e9}`;
    await connect(name);
    await publish(name, message);
    expect(shownIn(name)).toEqual([]);
    expect(droppedIn(name).map((one) => one.why)).toEqual([expect.stringMatching(why)]);
    expect(sns.undelivered).toEqual([]);
  });

  test('gets by each topic that it names, and others’ topics bring it nothing', async () => {
    await connect('first');
    await connect('second', { SnsTopicArns: [topicArn('first')] });
    await publish('first', notification('both'));
    await publish('second', notification('nobody'));
    expect([shownIn('first'), shownIn('second')].map((shown) => shown.map(({ description }) => description))).toEqual([
      ['both'],
      ['both'],
    ]);
  });
});

describe('a configuration is refused', () => {
  test.each([
    ['a name of 129 letters', { ConfigurationName: 'x'.repeat(129) }, /ConfigurationName/],
    ['a workspace that is no id', { SlackWorkspaceId: 't0123' }, /SlackWorkspaceId/],
    ['a channel’s name', { SlackChannelId: '#incidents' }, /SlackChannelId/],
    ['another logging level', { LoggingLevel: 'DEBUG' }, /LoggingLevel/],
    ['a guardrail that is no policy', { GuardrailPolicies: ['ReadOnlyAccess'] }, /GuardrailPolicies/],
    ['a property that does not exist', { Channel: 'C1' }, /Channel/],
  ])('with %s', async (_what, properties, reason) => {
    await expect(configure('refused', properties)).rejects.toThrow(reason);
  });

  test('twice under one name', async () => {
    await configure('once');
    await expect(configure('once')).rejects.toMatchObject({ code: 'ConflictException' });
  });

  test('twice for one channel, whatever it is called', async () => {
    await configure('one', { SlackChannelId: 'C0000000009' });
    await expect(configure('another', { SlackChannelId: 'C0000000009' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
      message: expect.stringContaining('has already been configured for AWS account'),
    });
  });

  test('for a topic that does not exist', async () => {
    const properties = { SlackChannelId: 'C0000000000', SnsTopicArns: [topicArn('nowhere')] };
    await expect(configure('nowhere', properties)).rejects.toMatchObject({
      code: 'NotFoundException',
    });
  });

  test('for a workspace that nobody authorised in the account', async () => {
    chatbot.withdrawWorkspace('T0000000000');
    await expect(configure('strange', { SlackWorkspaceId: 'T0000000000' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
      message: expect.stringContaining('is not authorized with AWS account'),
    });
  });
});
