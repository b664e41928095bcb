import { expect, test } from 'vitest';
import { emptyDocument } from '../../../../../functions/health/incident/core/document.ts';
import type { Member } from '../../../../../functions/health/incident/core/member.ts';
import { draw } from '../../../../support/depth.ts';
import {
  aMoment,
  type IncidentAccount,
  incidentFunction,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';
import { bring, signCommand } from '../../../../support/incident/command.ts';
import { lookNow } from '../../../../support/incident/look-now.ts';

const { inAccount } = useIncidentAccounts();

const mail = 'team-mail@example.com';
const phone = '+15550100';

/** What incident knows is wrong with its own channels. */
const openIn = ({ document }: IncidentAccount): readonly Member[] =>
  document().incidents.flatMap(({ members }) => members.filter((one) => one.goneAtMs === undefined));
const namesIn = (account: IncidentAccount) =>
  openIn(account)
    .map(({ check, subject, reason, severity }) => [check, subject, reason, severity])
    .toSorted();
const mailsIn = ({ standIn }: IncidentAccount): string =>
  standIn.sns.inbox
    .filter(({ endpoint }) => endpoint === mail)
    .map(({ message }) => message)
    .join('\n');
const textsIn = ({ standIn }: IncidentAccount) => standIn.sns.inbox.filter(({ sms }) => sms !== undefined);
const inSlack = ({ standIn }: IncidentAccount): string =>
  standIn.outside.slack
    .messages(slackChannel)
    .map(({ text, blocks }) => text + JSON.stringify(blocks))
    .join('\n');
const calledIn = ({ standIn }: IncidentAccount) =>
  standIn.outside.pagerDuty.notifications().map(({ service, summary }) => `${service}: ${summary}`);
const logOf = ({ standIn }: IncidentAccount): string =>
  standIn.lambda.logs
    .read(`/aws/lambda/${incidentFunction}`)
    .map(({ message }) => message)
    .join('\n');

/** Nothing is open any more, and no run of incident's failed on the way. */
const expectOver = (account: IncidentAccount): void => {
  expect(account.document().incidents).toEqual([]);
  const runs = account.standIn.lambda.invocations.filter(({ functionName }) => functionName === incidentFunction);
  expect(runs.filter(({ status }) => status !== 'success')).toEqual([]);
};

test('a quiet look finds every channel good, says so in its line, and writes and tells nothing', () =>
  inAccount(async (account) => {
    const { standIn, document } = account;
    const writes = () => standIn.world.calls.all.filter(({ operation }) => operation === 'PutObject');
    await lookNow(account);
    const said = logOf(account);
    const names = ['on-call-phone', 'on-call-sms', 'on-call', 'incidents', 'boss-mail', 'team-mail', 'chat'];
    for (const name of names) expect(said).toContain(`"${name} good"`);
    expect(said).not.toMatch(/ (broken|unknown)"/);
    // Addresses are people's, tokens nobody's to read.
    expect(said).not.toMatch(/@example\.com|\+1555|xoxb-/);
    expect([standIn.sns.inbox, calledIn(account), inSlack(account)]).toEqual([[], [], '']);
    expect(document()).toEqual(emptyDocument);
    expect(writes()).toEqual([]);
  }));

/** From what a look finds to its end, a quarter of an hour each. */
const stories: readonly (readonly [story: string, use: (account: IncidentAccount) => Promise<void>])[] = [
  [
    'mail that nobody confirmed is told by others, and over within minutes after somebody did',
    async (account) => {
      const { standIn, pass } = account;
      for (const { subscriptions } of standIn.sns.topics())
        for (const one of subscriptions) if (one.endpoint === mail) one.isConfirmed = false;
      await lookNow(account);
      expect(namesIn(account)).toEqual([['channel', 'endpoint team-mail', 'not-confirmed', 'warning']]);
      await pass(6);
      expect(inSlack(account)).toMatch(/mskeeper itself.*team-mail hears nothing by .*warning.*nobody confirmed/s);
      expect(inSlack(account)).not.toContain(mail);
      expect(mailsIn(account)).toBe('');

      standIn.sns.confirm(mail);
      await pass(17);
      expectOver(account);
    },
  ],
  [
    'text messages that the sandbox swallows, or whose reader said STOP, are told by others, and over once they arrive',
    async (account) => {
      const { standIn, pass } = account;
      standIn.sns.setSms({ isInSandbox: true });
      await lookNow(account);
      expect(namesIn(account)).toEqual([['channel', 'endpoint on-call-sms', 'sms-sandbox', 'warning']]);
      await pass(6);
      expect(inSlack(account)).toMatch(/on-call-sms gets no text message: the account is in the SMS sandbox/);
      expect(mailsIn(account)).toContain('on-call-sms gets no text message');

      // It may be verified there; but meanwhile somebody answered STOP.
      standIn.sns.setSms({ sandboxNumbers: [{ number: phone, isVerified: true }], optedOutNumbers: [phone] });
      await pass(5);
      expect(namesIn(account)).toEqual([['channel', 'endpoint on-call-sms', 'opted-out', 'warning']]);

      standIn.sns.setSms({ optedOutNumbers: [] });
      await pass(17);
      expectOver(account);
      expect(JSON.stringify(account.document()) + inSlack(account) + mailsIn(account)).not.toContain(phone);
    },
  ],
  [
    'a token that Slack takes no more is told by mail, and over once Slack took a message by a new one',
    async (account) => {
      const { standIn, pass } = account;
      const { slack } = standIn.outside;
      const bot = slack.addBot();
      standIn.secrets.put('mskeeper/slack', JSON.stringify({ botToken: bot }));
      slack.revoke(bot);
      await lookNow(account);
      expect(namesIn(account)).toEqual([['channel', 'endpoint incidents', 'token-refused', 'warning']]);
      await pass(7);
      expect(mailsIn(account)).toMatch(/incidents cannot be written to: Slack refuses it \(token_revoked\)/);
      expect(inSlack(account)).toBe('');
      // What was sent there all the same is a fault of its own, by which others are called.
      expect(namesIn(account)).toEqual([
        ['channel', 'endpoint incidents', 'token-refused', 'warning'],
        ['endpoint-fails', 'endpoint incidents', 'not-delivered', 'critical'],
      ]);
      expect(calledIn(account)).toContainEqual(expect.stringMatching(/^on-call: .*mskeeper itself/));

      standIn.secrets.put('mskeeper/slack', JSON.stringify({ botToken: slack.addBot() }));
      await pass(6);
      // A look proves no delivery, so one message goes there.
      expect(inSlack(account)).toContain('mskeeper’s look at its channels asked for a test of this channel');
      await pass(12);
      expectOver(account);
    },
  ],
  [
    'a key with which PagerDuty lets nobody read, and one that is none, are told by others, and over once they are mended',
    async (account) => {
      const { standIn, pass } = account;
      const { pagerDuty } = standIn.outside;
      const { routingKey } = pagerDuty.addService({ name: 'another' });
      standIn.secrets.put('mskeeper/pagerduty', JSON.stringify({ routingKey, rest: { apiToken: 'u+nobodys' } }));
      standIn.secrets.put('mskeeper/phone', '{"routing_key": "as somebody remembered it"}');
      await lookNow(account);
      expect(namesIn(account)).toEqual([
        ['channel', 'endpoint on-call', 'token-refused', 'warning'],
        ['channel', 'endpoint on-call-phone', 'secret-unreadable', 'warning'],
      ]);
      await pass(6);
      const said = inSlack(account);
      expect(said).toMatch(/Whether somebody answered in on-call cannot be read/);
      expect(said).toMatch(/on-call-phone cannot be sent anything: what is kept for it cannot be read/);
      expect(said).not.toContain('remembered');
      // A look sends PagerDuty nothing.
      expect(standIn.outside.calls.of('POST events.pagerduty.com/v2/enqueue')).toEqual([]);

      standIn.secrets.put(
        'mskeeper/pagerduty',
        JSON.stringify({ routingKey, rest: { apiToken: pagerDuty.addApiToken() } }),
      );
      const call = pagerDuty.addService({ name: 'on-call-phone', urgency: 'high' });
      standIn.secrets.put('mskeeper/phone', JSON.stringify({ routingKey: call.routingKey }));
      await pass(17);
      expectOver(account);
    },
  ],
];

test.each(draw(stories, 1))('%s', (_story, use) => inAccount(use));

test('a channel that the bot was taken out of is seen where its scopes let it, and a scope that it lacks is named', () =>
  inAccount(async (account) => {
    const { standIn } = account;
    const { slack } = standIn.outside;
    const tokenWith = (...scopes: readonly string[]) =>
      standIn.secrets.put('mskeeper/slack', JSON.stringify({ botToken: slack.addBot(scopes) }));
    tokenWith('channels:history', 'channels:read');
    await lookNow(account);
    expect(openIn(account).map(({ reason, message }) => [reason, message])).toEqual([
      ['scope-missing', expect.stringContaining('lacks the scope chat:write')],
    ]);
    tokenWith('chat:write', 'channels:history', 'channels:read');
    slack.setChannel(slackChannel, { isBotIn: false });
    await lookNow(account);
    expect(openIn(account).map(({ reason, message }) => [reason, message])).toEqual([
      ['channel-closed', expect.stringContaining('the app is not in its channel')],
    ]);
    slack.setChannel(slackChannel, { isBotIn: true });
    await lookNow(account);
    expect(openIn(account)).toEqual([]);
  }));

test('where nobody would be woken any more it is a P1, told by whoever still hears', () =>
  inAccount(async (account) => {
    const { standIn } = account;
    standIn.sns.unsubscribe(phone);
    for (const name of ['mskeeper/pagerduty', 'mskeeper/phone']) standIn.secrets.put(name, '{}');
    await lookNow(account);
    expect(namesIn(account)).toEqual([
      ['channel', 'endpoint on-call', 'secret-unreadable', 'critical'],
      ['channel', 'endpoint on-call-phone', 'secret-unreadable', 'critical'],
      ['channel', 'endpoint on-call-sms', 'not-subscribed', 'critical'],
    ]);
    expect(inSlack(account)).toContain('mskeeper itself');
  }));

test('what could not be asked is neither good nor broken, is in the log, and ends nothing', () =>
  inAccount(async (account) => {
    const { standIn } = account;
    const { faults } = standIn.world;
    standIn.sns.setSms({ isInSandbox: true });
    await lookNow(account);
    const roleName = `${incidentFunction}-eu-west-1`;
    standIn.sns.setSms({ isInSandbox: false });
    faults.inject({ operation: 'sns:GetSMSSandboxAccountStatus', roleName, fault: 'throttle' });
    standIn.outside.faults.inject({ host: 'slack.com', fault: 'server-error', times: 2 });
    await lookNow(account);
    expect(logOf(account)).toContain('"on-call-sms unknown"');
    expect(logOf(account)).toContain('"incidents unknown"');
    expect(logOf(account)).toContain('whether the account is in the SMS sandbox is not known');
    expect(namesIn(account)).toEqual([['channel', 'endpoint on-call-sms', 'sms-sandbox', 'warning']]);
  }));

test('a person’s test of the channels looks, too, says what it finds, and ends what is mended', () =>
  inAccount(async (account) => {
    const { standIn, pass } = account;
    await pass(aMoment);
    standIn.sns.setSms({ isInSandbox: true });
    const first = JSON.parse(await bring(account, await signCommand(account, { command: 'test' })));
    expect(first.looks).toContainEqual({
      endpoint: 'on-call-sms',
      kind: 'sms',
      state: 'broken',
      says: expect.stringContaining('SMS sandbox'),
    });
    expect(first.looks).toContainEqual({
      endpoint: 'on-call',
      kind: 'pagerduty',
      state: 'good',
      says: expect.stringContaining('routing key is proven by a message alone'),
    });
    expect(textsIn(account)).toEqual([]);
    expect(namesIn(account)).toEqual([['channel', 'endpoint on-call-sms', 'sms-sandbox', 'warning']]);
    standIn.sns.setSms({ isInSandbox: false });
    await pass(aMoment);
    await bring(account, await signCommand(account, { command: 'test' }));
    expect(textsIn(account)).toHaveLength(1);
    expect(openIn(account)).toEqual([]);
  }));
