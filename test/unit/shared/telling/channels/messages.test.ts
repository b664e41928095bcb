import { describe, expect, test } from 'vitest';
import { planAmazonQMessage } from '../../../../../shared/telling/channels/amazon-q.ts';
import { findPagerDutyProblem, planPagerDutyEvent } from '../../../../../shared/telling/channels/pagerduty-event.ts';
import { sayPage } from '../../../../../shared/telling/channels/said.ts';
import { findSlackProblem, planSlackMessage } from '../../../../../shared/telling/channels/slack-message.ts';
import { planTextMessage } from '../../../../../shared/telling/channels/text-message.ts';
import { findTopicMessageProblem, planTopicMessage } from '../../../../../shared/telling/channels/topic-message.ts';
import type { Page, PageSeverity } from '../../../../../shared/telling/core/page.ts';
import { page, textsIn } from '../../../../support/telling/page.ts';

const topic = (fields?: Partial<Page>) =>
  planTopicMessage(page(fields), {
    topic: 'emergency',
    endpoints: ['team-mail', 'on-call-sms'],
    procedure: 'incident',
    key: '12',
  });
const textsOf = (fields?: Partial<Page>): Record<string, string> => JSON.parse(topic(fields).message);
const slack = (fields?: Partial<Page>, threadTs?: string) =>
  planSlackMessage(page(fields), { channel: 'C0123456789', id: '12/1', ...(threadTs !== undefined && { threadTs }) });
const pagerDuty = (fields?: Partial<Page>) => planPagerDutyEvent(page(fields), { action: 'trigger', key: '12' });
const rung = { kind: 'rung', rung: { afterMinutes: 30, whom: 'management' } } as const;

describe('a mail', () => {
  test('answers what, how bad, where, since when, until when, what is known, tried, to do, whom to call and where it stands', () => {
    expect(textsOf({ ...rung, moreFactCount: 12 }).email?.split('\n')).toEqual([
      '[P0 unanswered] orders: broker 2 is down',
      '',
      'Broker 2 does not answer, and 12 partitions have no leader.',
      '',
      'How bad: P0 (emergency)',
      'Where: orders in eu-west-1, account 111122223333',
      'Since: 2026-03-01 09:00 UTC',
      'Paged since: 2026-03-01 09:01 UTC',
      'Answer by: 2026-03-01 09:16 UTC',
      'Ladder: 30 min without an answer: management',
      'Incident: 12, told at 2026-03-01 09:01 UTC',
      '',
      'What is known:',
      '- 12 partitions offline (brokers)',
      '- topic payments: 3 offline (brokers)',
      '- and 12 more',
      '',
      'What was tried:',
      '- 3 looks within 30 s',
      '',
      'What to do: npm run mskeeper -- ack orders 12',
      'Whom to call: SRE on call',
      'Runbook: docs/runbook/cluster-health.md',
    ]);
    expect(textsOf().default).toBe(textsOf().email);
    expect(topic().subject).toBe('[P0] orders: broker 2 is down');
  });

  test('says of a repeated message and of a fault that came back that they are', () => {
    const text = textsOf({ isRepeated: true, again: { endedAtMs: Date.UTC(2026, 1, 28, 20) } }).email ?? '';
    expect(text).toMatch(/^\[P0, repeated\] orders: /);
    expect(text).toContain('\nRepeated: an earlier sending of this message may have arrived\n');
    expect(text).toContain('\nAgain: the same ended at 2026-02-28 20:00 UTC\n');
  });

  test('of a notice names no incident, and of a time that is none says so', () => {
    const text = textsOf({ kind: 'notice', severity: 'notice', startedAtMs: Number.NaN }).email ?? '';
    expect(text).toMatch(/^\[P3\] orders: /);
    expect(text).not.toContain('Incident');
    expect(text).toContain('\nSince: an unknown time\n');
  });

  test('goes to those whom it is for, by attributes that a subscription filters by', () => {
    expect(topic().attributes).toEqual({
      severity: 'emergency',
      cluster: 'orders',
      procedure: 'incident',
      key: 'mskeeper/111122223333/eu-west-1/orders/12',
      endpoint: ['team-mail', 'on-call-sms'],
      'AWS.SNS.SMS.SMSType': 'Transactional',
    });
  });

  test('is JSON for programs, with times that they read', () => {
    expect(JSON.parse(textsOf(rung).https ?? '')).toMatchObject({
      version: 2,
      priority: 'P0',
      kind: 'rung',
      incident: '12',
      since: '2026-03-01T09:00:00.000Z',
      answerBy: '2026-03-01T09:16:00.000Z',
      rung: { afterMinutes: 30, whom: 'management' },
      facts: [{ text: '12 partitions offline', source: 'brokers' }, { source: 'brokers' }],
      hiddenFactCount: 0,
    });
  });
});

describe('a text message', () => {
  test('says in one part how bad, where, what, which incident, which rung, until and since when', () => {
    expect(textsOf(rung).sms).toBe(
      'P0 unanswered orders: broker 2 is down, incident 12, rung 30 min, answer by 09:16 UTC, since 09:00 UTC',
    );
    expect(textsOf({ kind: 'closed' }).sms).toContain('P0 closed orders: broker 2 is down');
  });

  test('with a long title keeps what tells it from another message', () => {
    const sms = textsOf({ ...rung, title: 'consumer group payments-settlement-batch is behind '.repeat(5) }).sms ?? '';
    expect(sms).toMatch(
      /^P0 unanswered orders: consumer group payments-settlement-batch.*\.\.\., incident 12, rung 30 min/,
    );
    expect(`MSKEEPER ORDERS EMERGENCY> ${sms}`.length).toBeLessThanOrEqual(160);
  });

  test('leaves the room that a long name of the topic takes', () => {
    const said = sayPage(page({ ...rung, cluster: 'c'.repeat(24), title: 't'.repeat(200) }));
    const displayName = `mskeeper ${'c'.repeat(24)} maintenance`;
    expect(`${displayName}> ${planTextMessage(said, displayName)}`.length).toBeLessThanOrEqual(160);
    expect(planTextMessage(said, displayName)).toContain('incident 12');
    expect(planTextMessage(said, 'x'.repeat(500)).length).toBeLessThanOrEqual(58);
  });
});

describe('a message in Slack', () => {
  test('begins with what it is, and carries its own id for whoever looks whether it came', () => {
    const { blocks, metadata, text } = slack();
    expect(blocks[0]).toEqual({
      type: 'header',
      text: { type: 'plain_text', text: '[P0] orders: broker 2 is down', emoji: false },
    });
    expect(metadata).toEqual({
      event_type: 'mskeeper_message',
      event_payload: { id: 'mskeeper/111122223333/eu-west-1/orders/12/1' },
    });
    expect(text.split('\n')[0]).toBe('[P0] orders: broker 2 is down');
    expect(textsIn(blocks)).toEqual(
      expect.arrayContaining(['Answer by\n2026-03-01 09:16 UTC', 'What was tried:\n• 3 looks within 30 s']),
    );
  });

  test.each([
    ['opened', undefined],
    ['update', undefined],
    ['raised', true],
    ['rung', true],
  ] as const)('in a thread is shown in the channel only where it wakes somebody: %s', (kind, isLoud) => {
    expect(slack({ kind }, '1700000000.000100')).toMatchObject({ thread_ts: '1700000000.000100' });
    expect(slack({ kind }, '1700000000.000100').reply_broadcast).toBe(isLoud);
    expect(slack({ kind })).not.toHaveProperty('thread_ts');
  });

  test('that Slack would refuse is none that is sent', () => {
    const long = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151), emoji: false } } as const;
    const many = { type: 'section', fields: Array.from({ length: 11 }, () => long.text) } as const;
    expect(findSlackProblem({ ...slack(), blocks: [long] })).toBe('a text of a block has 151 characters of 150');
    expect(findSlackProblem({ ...slack(), blocks: [many] })).toBe('a section has 11 fields of 10');
    expect(findSlackProblem({ ...slack(), blocks: Array(51).fill(slack().blocks[1]) })).toMatch(/51 blocks of 50/);
    expect(findSlackProblem({ ...slack(), text: 'x'.repeat(3_001) })).toMatch(/3001 characters/);
    expect(findSlackProblem(slack())).toBeUndefined();
  });
});

describe('an event of PagerDuty', () => {
  test.each([
    ['emergency', 'critical'],
    ['critical', 'error'],
    ['warning', 'warning'],
    ['notice', 'info'],
  ] satisfies readonly (readonly [PageSeverity, string])[])('of %s has its severity %s', (severity, theirs) => {
    expect(pagerDuty({ severity }).payload?.severity).toBe(theirs);
  });

  test('says what, where and since when, with all else in its details', () => {
    expect(pagerDuty()).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'mskeeper/111122223333/eu-west-1/orders/12',
      payload: {
        summary:
          '[P0] orders: broker 2 is down: 12 partitions offline Broker 2 does not answer, and 12 partitions have no leader.',
        source: 'orders in eu-west-1',
        timestamp: '2026-03-01T09:00:00.000Z',
        component: 'Amazon MSK',
        group: 'orders',
        class: 'opened',
        custom_details: {
          'Answer by': '2026-03-01 09:16 UTC',
          'What is known': ['12 partitions offline (brokers)', 'topic payments: 3 offline (brokers)'],
          'What to do': 'npm run mskeeper -- ack orders 12',
        },
      },
      links: [{ href: 'https://eu-west-1.console.aws.amazon.com/msk/home?region=eu-west-1#/clusters' }],
    });
    expect(pagerDuty({ region: 'cn-north-1' })).not.toHaveProperty('links');
    expect(pagerDuty({ region: 'evil.example/x' })).not.toHaveProperty('links');
  });

  test('of what goes on says what is new, and of what began nothing but that where no fact is known', () => {
    const summary = (more: Parameters<typeof pagerDuty>[0]): string | undefined => pagerDuty(more).payload?.summary;
    const says = 'Nobody answered for 30 min.';
    expect(summary({ kind: 'rung', says })).toBe(`[P0 unanswered] orders: broker 2 is down: ${says}`);
    expect(summary({ says: 'New.', facts: [] })).toBe('[P0] orders: broker 2 is down: New.');
  });

  test.each(['acknowledge', 'resolve'] as const)('to %s says of what, and nothing else', (action) => {
    expect(planPagerDutyEvent(page(), { action, key: '12' })).toEqual({
      event_action: action,
      dedup_key: 'mskeeper/111122223333/eu-west-1/orders/12',
    });
  });

  test('that PagerDuty would refuse is none that is sent', () => {
    const event = pagerDuty();
    const payload = event.payload;
    if (payload === undefined) throw new Error('a trigger has a payload');
    const changed = (fields: Partial<typeof payload>) =>
      findPagerDutyProblem({ ...event, payload: { ...payload, ...fields } });
    expect(changed({ summary: 'x'.repeat(1_025) })).toBe('the summary has 1025 characters of 1024');
    expect(changed({ summary: '' })).toMatch(/0 characters/);
    expect(changed({ custom_details: { all: '日'.repeat(200_000) } })).toMatch(/bytes of 512000/);
    expect(findPagerDutyProblem({ ...event, dedup_key: 'x'.repeat(256) })).toMatch(/255 characters/);
    expect(changed({})).toBeUndefined();
  });
});

describe('a notification of Amazon Q', () => {
  test('has the form that it takes, and joins the thread of its incident', () => {
    const { message, isByProtocol } = planAmazonQMessage(page(), { id: '12/1' });
    expect(isByProtocol).toBe(false);
    expect(JSON.parse(message)).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: 'mskeeper/111122223333/eu-west-1/orders/12/1',
      content: {
        textType: 'client-markdown',
        title: '[P0] orders: broker 2 is down',
        description: expect.stringContaining('\nAnswer by: 2026-03-01 09:16 UTC\n'),
        nextSteps: [
          'What to do: npm run mskeeper -- ack orders 12',
          'Whom to call: SRE on call',
          'Runbook: docs/runbook/cluster-health.md',
        ],
        keywords: ['P0', 'orders'],
      },
      metadata: { threadId: 'mskeeper/111122223333/eu-west-1/orders/12', enableCustomActions: false },
    });
  });
});

test('a message that SNS would refuse, or a telephone get in parts, is none that is sent', () => {
  const message = topic();
  const changed = (fields: Partial<typeof message>) => findTopicMessageProblem({ ...message, ...fields });
  expect(changed({ subject: 'x'.repeat(100) })).toMatch(/subject/);
  expect(changed({ subject: 'é' })).toMatch(/subject/);
  expect(changed({ message: 'x'.repeat(262_144) })).toMatch(/bytes of 262144/);
  expect(changed({ message: JSON.stringify({ default: 'x', sms: '日' }) })).toMatch(/letters/);
  expect(changed({ message: JSON.stringify({ default: 'x', sms: '['.repeat(81) }) })).toBe(
    'the text message has 162 septets of 160',
  );
  expect(changed({ message: '{}' })).toMatch(/each protocol/);
  expect(changed({})).toBeUndefined();
});
