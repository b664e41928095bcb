import { describe, expect, test } from 'vitest';
import { planNextStep, stepByCheck } from '../../../../../../functions/health/cluster-health/core/next-step.ts';
import { causeRows } from '../../../../../../functions/health/incident/core/cause-rows.ts';
import { type Cause, causeKinds } from '../../../../../../functions/health/incident/core/causes.ts';
import { titleOfCause } from '../../../../../../functions/health/incident/core/explain.ts';
import { pageOf } from '../../../../../../functions/health/incident/core/pages.ts';
import { wordOfAlarm, wordOfFinding } from '../../../../../../functions/health/incident/core/said.ts';
import { planAmazonQMessage } from '../../../../../../shared/telling/channels/amazon-q.ts';
import { planPagerDutyEvent } from '../../../../../../shared/telling/channels/pagerduty-event.ts';
import { planSlackMessage } from '../../../../../../shared/telling/channels/slack-message.ts';
import { planTopicMessage } from '../../../../../../shared/telling/channels/topic-message.ts';
import type { Page } from '../../../../../../shared/telling/core/page.ts';
import { redactText } from '../../../../../../shared/text/redaction.ts';
import { at, finding, incidentOf, memberOf, nightMs } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';
import { textsIn } from '../../../../../support/telling/page.ts';

const frame = {
  ...usualRules.frame,
  clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-7',
};
/** As a topic may be called, and a key of AWS. */
const likeASecret = `AKIA${'ABCD2345'.repeat(2)}`;
const names = { broker: '2', topic: 'orders.payments', group: 'billing.eu-west', cluster: '' } as const;

/** Every text that a person sees of a page, by channel. */
const seenOf = (page: Page): Readonly<Record<string, string>> => ({
  slack: textsIn(planSlackMessage(page, { channel: 'C0123456789', id: '1/1' }).blocks).join('\n'),
  pagerDuty: textsIn(planPagerDutyEvent(page, { action: 'trigger', key: '1' })).join('\n'),
  mail: JSON.parse(
    planTopicMessage(page, { topic: 'critical', endpoints: ['mail'], procedure: 'incident', key: '1' }).message,
  ).email,
  amazonQ: textsIn(JSON.parse(planAmazonQMessage(page, { id: '1/1' }).message)).join('\n'),
});
const expectSeen = (page: Page, text: string): void => {
  for (const [channel, seen] of Object.entries(seenOf(page))) expect(seen, channel).toContain(text);
};
const opened = { kind: 'opened', says: 'New.' } as const;
const pageOfCause = (
  cause: Cause,
  more: Parameters<typeof incidentOf>[2] = {},
  members = [memberOf(finding('x', 'y'))],
) => pageOf(incidentOf(cause, members, more), opened, frame, [], [], at(1));

describe('what a page tells to do can be pasted from every channel', () => {
  test.each(causeKinds)('first, of %s', (kind) => {
    const page = pageOfCause({ kind, of: names[causeRows[kind].per] });
    expectSeen(page, page.nextCommand);
    expectSeen(page, page.title);
    expectSeen(page, page.runbook);
  });
  test.each(Object.keys(stepByCheck))('by a look, of %s', (check) => {
    const subject = check === 'topic-flow' ? 'topic orders.payments' : 'broker 2';
    const next = planNextStep({ check, subject }, { clusterArn: frame.clusterArn, procedure: 'cluster-health' });
    const cause = { kind: 'topic', of: 'orders.payments' } as const;
    const page = pageOfCause(cause, { diagnosis: { atMs: at(0), affected: [], next, of: titleOfCause(cause) } });
    expect(page.nextCommand).toBe(next);
    expectSeen(page, next);
  });
  test('of a topic that is called as a secret looks', () => {
    expect(redactText(likeASecret)).not.toContain(likeASecret);
    const page = pageOfCause({ kind: 'topic', of: likeASecret });
    expectSeen(page, `topic ${likeASecret} is not as it should be`);
    expectSeen(page, `--topic ${likeASecret}`);
  });
});

describe('a page leaves by the letter', () => {
  const said = (message: string, evidence: Readonly<Record<string, string>>, more: readonly string[] = []) =>
    wordOfFinding({
      procedure: 'cluster-health',
      atMs: nightMs,
      sinceMs: nightMs,
      isClosed: false,
      names: more,
      finding: {
        check: 'under-replicated',
        subject: 'cluster',
        severity: 'critical',
        reason: 'present',
        message,
        sources: ['brokers'],
        evidence,
      },
    });
  const pageSaying = (word: Parameters<typeof memberOf>[0]) =>
    pageOfCause({ kind: 'replication', of: '' }, {}, [memberOf(word)]);

  test('the topic that a finding is about', () => {
    const word = said('Topic orders.payments lacks copies.', { topic: 'orders.payments' });
    expectSeen(pageSaying(word), 'Topic orders.payments lacks copies.');
  });
  test('what the event of a finding calls a name', () => {
    const word = said(`Of ${likeASecret} copies lack.`, {}, [likeASecret, 'elsewhere']);
    expect(word.names).toEqual([likeASecret]);
    expectSeen(pageSaying(word), `Of ${likeASecret} copies lack.`);
  });
  test('the group and the topic of an alarm', () => {
    const sentence = `group billing.eu-west is more than 9 messages behind on topic ${likeASecret}.`;
    const word = wordOfAlarm(
      {
        name: 'mskeeper/orders/consumer-lag/lag-messages/warning/x',
        owner: 'consumer-lag',
        rule: 'lag-messages',
        severity: 'warning',
        sentence,
        state: 'ALARM',
        changedAtMs: nightMs,
        of: { group: 'billing.eu-west', topic: likeASecret },
      },
      false,
      false,
    );
    expectSeen(pageSaying(word), sentence);
  });
  test('what a look calls affected', () => {
    const cause = { kind: 'replication', of: '' } as const;
    const affected = ['2 partitions under-replicated: orders.payments-3'];
    const diagnosis = { atMs: at(0), affected, names: ['orders.payments'], of: titleOfCause(cause) };
    expectSeen(pageOfCause(cause, { diagnosis }), 'orders.payments-3');
  });
  test('no more than a hundred names', () => {
    const members = Array.from({ length: 150 }, (_, index) =>
      memberOf(finding('lag-messages', `group g${index}`, { names: [`g${index}`] })),
    );
    expect(pageOfCause({ kind: 'other', of: '' }, {}, members).names).toHaveLength(100);
  });
});
