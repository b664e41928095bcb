import { describe, expect, test } from 'vitest';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

const endpoint = (words: string) => `channels: { endpoints: { one: { ${words} } } }\n`;
const account = 'arn:aws:kafka:eu-west-1:111122223333:cluster';

test.each<[what: string, more: string]>([
  ['a pager by a secret', endpoint('kind: pagerduty, secret: mskeeper/pager')],
  ['a pager by a parameter, as files of before have it', endpoint('kind: pagerduty, parameter: /mskeeper/pager')],
  ['a telephone', endpoint('kind: phone, secret: mskeeper/phone')],
  ['a channel of Slack', endpoint('kind: slack, secret: mskeeper/slack, channel: C0123456789')],
  ['a private channel of Slack', endpoint('kind: slack, parameter: /mskeeper/slack, channel: G01234567')],
  ['a channel through Amazon Q', endpoint('kind: amazon-q, workspace: T0123456789, channel: C0123456789')],
  ['a text message', endpoint('kind: sms, parameter: /mskeeper/sms')],
  ['a mail', endpoint('kind: email, secret: mskeeper/mail')],
  ['an address', endpoint('kind: https, parameter: /mskeeper/bridge')],
  ['a watcher outside', 'channels: { heartbeat: { parameter: /mskeeper/heartbeat } }\n'],
])('%s is taken', (_what, more) => {
  const { mistakes, configuration } = judge(smallFile({}, more));
  expect(mistakes).toEqual([]);
  const [kept] = Object.values(configuration?.channels.endpoints ?? {});
  if (more.includes('secret')) expect(kept).not.toHaveProperty('parameter');
});

const notKept = 'must say where it is kept: a parameter or a secret, by name, and one of them';

test.each<[what: string, more: string, mistakes: readonly string[]]>([
  [
    'Slack by a webhook, as files of before have it',
    endpoint('kind: slack, secret: mskeeper/slack'),
    [
      '10 channels.endpoints.one.channel: is missing: must be the id of the channel (C0123456789). Slack is told by a bot’s token now, kept as {"botToken": …} where the address of the webhook was',
    ],
  ],
  [
    'a channel by its name',
    endpoint('kind: slack, secret: mskeeper/slack, channel: "#incidents"'),
    [
      '10 channels.endpoints.one.channel: must be the id of a Slack channel (C0123456789), as the channel’s details show it, and not its name',
    ],
  ],
  [
    'a direct message',
    endpoint('kind: slack, secret: mskeeper/slack, channel: D0123456789'),
    [expect.stringMatching('^10 channels.endpoints.one.channel: must be the id of a Slack channel')],
  ],
  [
    'a workspace by its name',
    endpoint('kind: amazon-q, workspace: example, channel: C0123456789'),
    [
      expect.stringMatching(
        '^10 channels.endpoints.one.workspace: must be the id of a Slack workspace \\(T0123456789\\)',
      ),
    ],
  ],
  [
    'Amazon Q with a secret',
    endpoint('kind: amazon-q, workspace: T0123456789, channel: C0123456789, secret: mskeeper/q'),
    [expect.stringMatching('^10 channels.endpoints.one.secret: is not a setting')],
  ],
  [
    'two places',
    endpoint('kind: sms, parameter: /sms, secret: mskeeper/sms'),
    [`10 channels.endpoints.one: ${notKept}`],
  ],
  ['no place', endpoint('kind: phone'), [`10 channels.endpoints.one: ${notKept}`]],
  [
    'a kind mistyped',
    endpoint('kind: pagerdutty, secret: mskeeper/pager'),
    [
      '10 channels.endpoints.one.kind: must be one of: pagerduty, phone, slack, amazon-q, sms, email, https; did you mean "pagerduty"?',
    ],
  ],
  [
    'a token where its name belongs',
    endpoint(`kind: slack, secret: ${'xoxb'}-123456789012-abcdefghijklmnopqrstuvwx, channel: C0123456789`),
    [expect.stringMatching('^10 channels.endpoints.one.secret: looks like')],
  ],
  [
    'a watcher’s address itself',
    'channels: { heartbeat: { parameter: "https://watch.example/ping" } }\n',
    ['10 channels.heartbeat.parameter: must be the name of a parameter, /like/this'],
  ],
])('%s is refused', (_what, more, mistakes) => {
  expect(mistakesOf(smallFile({}, more))).toEqual(mistakes);
});

const endpoints = `channels:
  endpoints:
    pager: { kind: pagerduty, secret: mskeeper/pager }
    chat: { kind: amazon-q, workspace: T0123456789, channel: C0123456789 }
    mail: { kind: email, parameter: /mskeeper/mail }
    copy: { kind: email, parameter: /mskeeper/mail }
`;

describe('who is reached', () => {
  test('a rung names an endpoint that is there, and each once', () => {
    const more = `${endpoints}policy: { escalation: { critical: [{ afterMinutes: 5, endpoints: [pagr, mail, mail] }] } }\n`;
    expect(mistakesOf(smallFile({}, more))).toEqual([
      '16 policy.escalation.critical[0].endpoints[0]: names no endpoint of channels.endpoints; did you mean "pager"?',
      '16 policy.escalation.critical[0].endpoints[2]: stands in this list already',
    ]);
  });

  test('Amazon Q alone is refused where nobody may sleep through, and is taken beside another and for what is milder', () => {
    const topics = (names: string) => smallFile({}, `${endpoints}  byTopic: ${names}\n`);
    const alone =
      'reaches Amazon Q alone, which proves no delivery: name pagerduty, phone, slack, sms, email or https beside it';
    expect(mistakesOf(topics('{ emergency: [chat], critical: [chat], warning: [chat] }'))).toEqual([
      `16 channels.byTopic.emergency: ${alone}`,
      `16 channels.byTopic.critical: ${alone}`,
    ]);
    expect(mistakesOf(topics('{ emergency: [chat, pager], critical: [mail, chat], warning: [chat] }'))).toEqual([]);
    // Nobody is named for what is worse, so that the chat stands in.
    expect(mistakesOf(topics('{ warning: [chat] }'))).toEqual([
      `16 channels.byTopic.emergency: ${alone}`,
      `16 channels.byTopic.critical: ${alone}`,
    ]);
    expect(mistakesOf(topics('{ critical: [pager], warning: [chat] }'))).toEqual([]);
  });

  test('one address under two names is refused where both hear by one topic: SNS would refuse the deploy', () => {
    const topics = (names: string, policy = '') => smallFile({}, `${endpoints}  byTopic: ${names}\n${policy}`);
    const refused = (topic: string) => [
      `15 channels.endpoints.copy: is the address of "mail" too, and SNS takes it once a topic: both hear by ${topic}`,
    ];
    expect(mistakesOf(topics('{ warning: [mail, copy] }'))).toEqual(refused('warning'));
    expect(mistakesOf(topics('{ warning: [mail], maintenance: [copy] }'))).toEqual([]);
    const rung =
      'policy: { escalation: { critical: [{ afterMinutes: 5, raisesTo: emergency, endpoints: [copy] }] } }\n';
    expect(mistakesOf(topics('{ critical: [mail] }', rung))).toEqual(refused('critical'));
    expect(mistakesOf(topics('{ emergency: [mail] }', rung))).toEqual(refused('emergency'));
    const together =
      'policy: { escalation: { critical: [{ afterMinutes: 5, raisesTo: emergency }, { afterMinutes: 5, endpoints: [copy] }] } }\n';
    expect(mistakesOf(topics('{ emergency: [mail] }', together))).toEqual(refused('emergency'));
    // Nobody is named for what is worse, so that mail stands in.
    expect(mistakesOf(topics('{ warning: [mail] }', rung))).toEqual(refused('emergency'));
  });

  test('one channel of Amazon Q under two names is refused', () => {
    const twice = `${endpoints}    again: { kind: amazon-q, workspace: T0123456789, channel: C0123456789 }\n`;
    expect(mistakesOf(smallFile({}, twice))).toEqual([
      '16 channels.endpoints.again: is the channel of "chat" too: Amazon Q takes each once an account',
    ]);
  });

  test('Amazon Q is refused for two clusters of one account, and outside of the commercial partition', () => {
    const other = (key: string, arn: string, region: string) =>
      `  ${key}:\n    arn: ${arn}/${key}/1-1\n    region: ${region}\n    role: primary\n    brokerCount: 3\n    authentication: { kind: iam }\n    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }\n`;
    const chat =
      'channels: { endpoints: { chat: { kind: amazon-q, workspace: T0123456789, channel: C0123456789 } } }\n';
    expect(mistakesOf(smallFile({}, other('payments', account, 'eu-west-1') + chat))).toEqual([
      '17 channels.endpoints.chat.kind: takes a channel once an account, and "orders" and "payments" are of one: say slack, or give each a file with a channel of its own',
    ]);
    const elsewhere = account.replace('111122223333', '444455556666');
    expect(mistakesOf(smallFile({}, other('payments', elsewhere, 'eu-west-1') + chat))).toEqual([]);
    const china = 'arn:aws-cn:kafka:cn-north-1:111122223333:cluster';
    expect(mistakesOf(smallFile({}, other('payments', china, 'cn-north-1') + chat))).toEqual([
      '17 channels.endpoints.chat.kind: is not offered in the partition aws-cn of the cluster "payments"',
    ]);
  });
});
