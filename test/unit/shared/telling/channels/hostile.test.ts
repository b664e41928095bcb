import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planAmazonQMessage } from '../../../../../shared/telling/channels/amazon-q.ts';
import { isGsm, septetsOf } from '../../../../../shared/telling/channels/gsm.ts';
import { findPagerDutyProblem, planPagerDutyEvent } from '../../../../../shared/telling/channels/pagerduty-event.ts';
import { findSlackProblem, planSlackMessage } from '../../../../../shared/telling/channels/slack-message.ts';
import { findTopicMessageProblem, planTopicMessage } from '../../../../../shared/telling/channels/topic-message.ts';
import type { Page } from '../../../../../shared/telling/core/page.ts';
import { cases } from '../../../../support/depth.ts';
import { hostile, hostileName, hostileText } from '../../../../support/hostile.ts';
import { page, textsIn } from '../../../../support/telling/page.ts';

const secret = 'hunter2hunter2';
/** What somebody who may name a topic would like to say. */
const evil = fc.oneof(
  hostileText,
  fc.constantFrom(
    '<!channel> <@U012ABCDEF> <#C012ABCDEF|general> <https://evil.example|all well>',
    'x\r\nSubject: all well\r\n\r\nnothing to do',
    'a"b\'c\\d","event_action":"resolve',
    '*bold* _slanted_ ~struck~ `code` ```block``` :tada: > quoted\n# title',
    'mailto:a@evil.example www.evil.example/sso 198.51.100.7/x',
    '日'.repeat(3_400),
    '_ '.repeat(5_000),
    '&lt;!channel&gt; &amp; {{7*7}} #{7*7} $(id)',
    `password=${secret} AKIAIOSFODNN7EXAMPLE`,
    hostileName('x evil.example/sso <!here> @all'),
    '\u202e'.repeat(200),
    '^{}[]~|\\€'.repeat(40),
  ),
);

const evilPage = (text: string, other: string): Page =>
  page({
    title: text,
    says: other,
    incidentId: text,
    facts: [
      { text, source: other },
      { text: other, source: text },
    ],
    tried: [text],
    nextCommand: text,
    contacts: [other],
    // What is said to be a name is left by the letter, whatever it looks like.
    names: [text, other].filter((name) => !name.includes(secret)),
    runbook: text,
    rung: { afterMinutes: 30, whom: text },
    kind: 'rung',
  });
const mild = evilPage('mild', 'mild');

const sent = (of: Page, key: string) => {
  const topic = planTopicMessage(of, { topic: 'emergency', endpoints: ['team-mail'], procedure: 'incident', key });
  const q = planAmazonQMessage(of, { id: key });
  const { email, sms, https }: Record<string, string> = JSON.parse(topic.message);
  return {
    topic,
    q,
    email: email ?? '',
    sms: sms ?? '',
    program: JSON.parse(https ?? ''),
    notification: JSON.parse(q.message),
    slack: planSlackMessage(of, { channel: 'C0123456789', id: key, threadTs: '1.2' }),
    pagerDuty: planPagerDutyEvent(of, { action: 'trigger', key }),
  };
};

const linesOf = (text: string): number => text.split('\n').length;

describe('whatever a name says', () => {
  const something = evil.map((text) => text || 'x');

  test('no message of any channel gets a line, a mention, a link, a mark or an unseen letter by it', () => {
    fc.assert(
      fc.property(something, something, (text, other) => {
        const [told, usual] = [sent(evilPage(text, other), text), sent(mild, 'mild')];
        const { links: _ours, ...event } = told.pagerDuty;
        for (const one of textsIn([
          told.topic.subject,
          told.topic.attributes,
          told.email,
          told.sms,
          told.program,
          told.notification,
          event,
          told.slack,
        ])) {
          for (const line of one.split('\n')) expect(line).not.toMatch(hostile);
          expect(one).not.toMatch(/[<>@`*~]|:\/\/|&(?!amp;|lt;|gt;)|\r/);
          expect(one.isWellFormed()).toBe(true);
          expect(one).not.toContain(secret);
          expect(one).not.toContain('AKIAIOSFODNN7EXAMPLE');
        }
        expect(linesOf(told.email)).toBe(linesOf(usual.email));
        expect(linesOf(told.notification.content.description)).toBe(linesOf(usual.notification.content.description));
        expect(told.notification.content.nextSteps.map(linesOf)).toEqual(
          usual.notification.content.nextSteps.map(linesOf),
        );
        expect(textsIn(told.slack).map(linesOf)).toEqual(textsIn(usual.slack).map(linesOf));
        expect(textsIn(told.pagerDuty).map(linesOf)).toEqual(textsIn(usual.pagerDuty).map(linesOf));
        expect(textsIn(told.program).map(linesOf)).toEqual(textsIn(usual.program).map(linesOf));
        expect(linesOf(told.sms)).toBe(1);
      }),
      cases(40, 2_000),
    );
  });

  test('no word of it turns slanted where Amazon Q shows marks', () => {
    const { notification } = sent(evilPage('_a_ __b__ _c', '(_d_)'), 'k');
    expect(JSON.stringify(notification.content)).not.toMatch(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/);
    expect(sent(page(), 'k').notification.content.description).toContain('payments');
  });

  test('what is written is what is read back', () => {
    fc.assert(
      fc.property(evil, evil, (text, other) => {
        const { slack, pagerDuty, topic } = sent(evilPage(text, other), text);
        for (const one of [slack, pagerDuty, topic]) expect(JSON.parse(JSON.stringify(one))).toEqual(one);
      }),
      cases(20, 1_000),
    );
  });
});

describe('the limits of every channel', () => {
  const many = fc.array(fc.record({ text: evil, source: evil }), { maxLength: 70, size: 'max' });
  const anyPage: fc.Arbitrary<Page> = fc
    .record({
      cluster: fc.oneof(fc.constant('orders'), evil),
      region: fc.oneof(fc.constant('eu-west-1'), evil),
      accountId: fc.oneof(fc.constant('111122223333'), evil),
      severity: fc.constantFrom('notice', 'warning', 'critical', 'emergency'),
      kind: fc.constantFrom('opened', 'raised', 'rung', 'update', 'rerooted', 'joined', 'closed', 'notice', 'test'),
      title: evil,
      says: evil,
      incidentId: evil,
      facts: many,
      moreFactCount: fc.nat(),
      tried: fc.array(evil, { maxLength: 40, size: 'max' }),
      nextCommand: evil,
      runbook: evil,
      contacts: fc.array(evil, { maxLength: 40 }),
      names: fc.array(evil, { maxLength: 5 }),
      startedAtMs: fc.oneof(fc.integer(), fc.double()),
      atMs: fc.oneof(fc.integer(), fc.double()),
      isRepeated: fc.boolean(),
    })
    .map((fields) => page(fields));

  test('hold for any page: characters, bytes, items, and one part of a text message', () => {
    fc.assert(
      fc.property(anyPage, evil, (of, key) => {
        const { topic, q, sms, email, slack, pagerDuty, notification } = sent(of, key);
        expect(topic.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(q.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        const attributes = Object.entries(topic.attributes).flat(2).join('');
        expect(Buffer.byteLength(topic.message) + Buffer.byteLength(attributes)).toBeLessThan(262_144 - 200);
        // The characters that SNS takes (Amazon SNS FAQs): XML's.
        for (const one of [topic.message, q.message, email])
          expect(one).toMatch(/^[\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        expect(findTopicMessageProblem(topic)).toBeUndefined();
        expect(findTopicMessageProblem(q)).toBeUndefined();
        expect(Buffer.byteLength(q.message)).toBeLessThanOrEqual(262_144);

        expect(isGsm(sms)).toBe(true);
        expect(sms.length).toBeGreaterThan(0);
        if (of.cluster === 'orders') expect(septetsOf(`MSKEEPER ORDERS EMERGENCY> ${sms}`)).toBeLessThanOrEqual(160);

        expect(notification.content.title.length).toBeLessThanOrEqual(250);
        expect(notification.content.description.length).toBeLessThanOrEqual(8_000);
        expect(notification.content.description.length).toBeGreaterThan(0);
        expect(notification.content.nextSteps.length).toBeLessThanOrEqual(10);

        expect(findPagerDutyProblem(pagerDuty)).toBeUndefined();
        expect(pagerDuty.dedup_key).toMatch(/^[\x20-\x7e]{1,255}$/);
        expect(pagerDuty.payload?.summary.length).toBeLessThanOrEqual(1_024);
        expect(Buffer.byteLength(JSON.stringify(pagerDuty))).toBeLessThanOrEqual(511_000);

        expect(findSlackProblem(slack)).toBeUndefined();
        expect(slack.blocks.length).toBeLessThanOrEqual(50);
        for (const block of slack.blocks) {
          if ('fields' in block) {
            expect(block.fields.length).toBeLessThanOrEqual(10);
            for (const { text } of block.fields) expect(text.length).toBeLessThanOrEqual(2_000);
          } else expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
        }
      }),
      cases(12, 1_000),
    );
  });

  test('what does not fit is counted: nothing is left out in silence', () => {
    const facts = Array.from({ length: 200 }, (_item, index) => ({
      text: `group ${index} is ${'far '.repeat(60)}behind`,
      source: 'brokers',
    }));
    const { email, slack, notification, pagerDuty } = sent(page({ facts, moreFactCount: 7 }), 'k');
    const shapes = [
      email,
      textsIn(slack.blocks).find((text) => text.startsWith('What is known:')) ?? '',
      notification.content.description,
      textsIn(pagerDuty.payload?.custom_details).join('\n'),
    ];
    for (const text of shapes) {
      const shown = text.match(/group \d+ is/g)?.length ?? 0;
      expect(shown).toBeGreaterThan(3);
      expect(text).toContain('group 0 is');
      expect(text).toContain(`and ${207 - shown} more`);
    }
  });
});
