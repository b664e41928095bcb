import { expect, test } from 'vitest';
import type { SlackMessage } from '../../../../../local/outside/slack/workspace.ts';
import { findingEventOf } from '../../../../../shared/core/bus-event.ts';
import type { Finding } from '../../../../../shared/core/finding.ts';
import {
  aMoment,
  brokerAway,
  checker,
  type IncidentAccount,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';

const { inAccount } = useIncidentAccounts();

/** Names that a consumer group may have, since Kafka takes any text for one; the first is what all others are held against. */
const groups = {
  plain: 'billing',
  mention: '<!channel> <!here> <@U0123456789> <https://evil.example|sign in>',
  lines: 'billing\r\n\r\nSubject: all is well\n*P0* resolved\u2028X-Header: 1',
  quotes: `"billing" \\" ' \u0060 {{resolve}} \${x} <b>`,
  markdown: '*billing* _x_ ~y~ \u0060\u0060\u0060z\u0060\u0060\u0060 [sign in](https://evil.example) # P0',
  chinese: '高'.repeat(3_400),
  token: 'xoxb-billing-events-v1',
} as const;
const names = Object.values(groups);

const behind = (group: string): Finding => ({
  check: 'lag-messages',
  subject: `group ${group}`,
  severity: 'emergency',
  reason: 'above-emergency',
  message: `Group ${group} is 2000000 messages behind.`,
  sources: ['brokers'],
  evidence: { lagMessages: 2_000_000 },
});

const linesIn = (text: string): number => text.split(/[\r\n\u2028\u2029]/).length;

/** Lines and types of a message's blocks. */
const formOf = ({ text, blocks }: SlackMessage) => ({
  lines: linesIn(text),
  blocks: JSON.stringify(blocks, (key, value) =>
    typeof value === 'string' && key !== 'type' ? linesIn(value) : value,
  ),
});

const openAll = async ({ tellBus, clock, pass }: IncidentAccount): Promise<void> => {
  await pass(1 + aMoment);
  for (const group of names) {
    const atMs = clock.nowMs();
    await tellBus(
      findingEventOf(checker, atMs, { change: 'opened', sinceMs: atMs, finding: behind(group), names: [group] }),
    );
  }
  await pass(names.length + 1);
};

test('whatever a group is called, no channel’s message has a line, a mention, a header or a part more', () =>
  inAccount(async (account) => {
    await openAll(account);
    const { sns, outside } = account.standIn;
    expect(account.document().incidents.map(({ cause }) => cause.kind)).toEqual(names.map(() => 'lag'));
    expect(account.standIn.lambda.invocations.filter(({ status }) => status !== 'success')).toEqual([]);

    const messages = outside.slack.messages(slackChannel);
    const [plain] = messages;
    expect(messages).toHaveLength(names.length);
    for (const message of messages) {
      expect(formOf(message)).toEqual(plain && formOf(plain));
      expect(JSON.stringify([message.text, message.blocks])).not.toMatch(/<(?:!|@|#|https?:\/\/evil)/);
    }
    expect(messages.filter(({ text }) => text.includes(groups.token))).toHaveLength(1);

    const pages = outside.pagerDuty.incidents();
    expect(pages).toHaveLength(2 * names.length);
    for (const { summary, log } of pages) {
      expect([linesIn(summary), summary.length <= 1_024]).toEqual([1, true]);
      expect(log.map(({ what }) => what)).toEqual(['trigger']);
    }
    const texts = sns.inbox.filter(({ sms }) => sms !== undefined);
    expect(texts).toHaveLength(names.length);
    for (const { message, sms } of texts) expect([linesIn(message), sms?.partCount]).toEqual([1, 1]);
  }));

test('a channel that Slack does not know is an endpoint that fails, and is told elsewhere', () =>
  inAccount(async (account) => {
    const { standIn, tellFinding, pass, document } = account;
    const { slack, pagerDuty } = standIn.outside;
    slack.setChannel(slackChannel, { isPrivate: true, isBotIn: false });
    await pass(1 + aMoment);
    await tellFinding(brokerAway(2), 'opened');
    await pass(2);
    expect(standIn.outside.calls.of('POST slack.com/api/chat.postMessage').map(({ outcome }) => outcome)).toContain(
      'channel_not_found',
    );
    const own = document().incidents.find(({ cause }) => cause.kind === 'mskeeper');
    expect(own?.members).toMatchObject([
      { subject: 'endpoint incidents', message: expect.stringContaining('invite the app to it') },
    ]);
    expect(pagerDuty.notifications().map(({ summary }) => summary)).toContainEqual(
      expect.stringContaining('mskeeper itself'),
    );
  }));
