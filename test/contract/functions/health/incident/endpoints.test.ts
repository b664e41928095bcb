import { expect, test } from 'vitest';
import {
  aMoment,
  brokerAway,
  brokerBack,
  type IncidentAccount,
  incidentFunction,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';

const { inAccount } = useIncidentAccounts();

const events = 'events.pagerduty.com';
const outcomesOf = ({ standIn }: IncidentAccount, call: string): readonly string[] =>
  standIn.outside.calls.of(call).map(({ outcome }) => outcome);
const topsIn = ({ standIn }: IncidentAccount) =>
  standIn.outside.slack.messages(slackChannel).filter(({ threadTs }) => threadTs === undefined);
const failedRuns = ({ standIn }: IncidentAccount) =>
  standIn.lambda.invocations.filter(
    ({ status, functionName }) => status !== 'success' && functionName === incidentFunction,
  );

test('what an endpoint cannot take now is sent again, and what may have arrived calls nobody twice', () =>
  inAccount(async (account) => {
    const { standIn, tellFinding, pass, document } = account;
    const { outside } = standIn;
    await pass(1 + aMoment);

    // Both ask to be left alone for a while.
    outside.faults.inject({ host: events, fault: 'throttle', afterSeconds: 45, times: 1 });
    outside.faults.inject({ host: 'slack.com', fault: 'throttle', afterSeconds: 10, times: 1 });
    await tellFinding(brokerAway(1), 'opened');
    expect(outside.pagerDuty.notifications()).toEqual([]);
    await pass(1);
    expect(outcomesOf(account, `POST ${events}/v2/enqueue`)).toEqual(['fault:throttle', 'ok']);
    expect(outcomesOf(account, 'POST slack.com/api/chat.postMessage')).toEqual(['fault:throttle', 'ok']);

    // One is silent; of the other the message is there, and its answer is lost.
    outside.faults.inject({ host: events, fault: 'hang', times: 1 });
    outside.faults.inject({ host: 'slack.com', path: '/api/chat.postMessage', fault: 'lost-answer', times: 1 });
    await tellFinding(brokerAway(2), 'opened');
    await pass(1);

    // One is broken; at the other the event is there, and its answer is not: it joins itself.
    outside.faults.inject({ host: 'slack.com', path: '/api/chat.postMessage', fault: 'server-error', times: 1 });
    outside.faults.inject({ host: events, fault: 'lost-answer', times: 1 });
    await tellFinding(brokerAway(3), 'opened');
    await pass(1);
    const third = outside.pagerDuty.incidents().at(-1);
    expect(third?.log.map(({ what, event }) => [what, /repeated/i.test(JSON.stringify(event))])).toEqual([
      ['trigger', false],
      ['trigger', true],
    ]);

    expect(outside.pagerDuty.notifications().map(({ because }) => because)).toEqual(Array(3).fill('triggered'));
    expect(topsIn(account).map(({ text }) => /broker \d is down/.exec(text)?.[0])).toEqual([
      'broker 1 is down',
      'broker 2 is down',
      'broker 3 is down',
    ]);
    expect(outcomesOf(account, 'GET slack.com/api/conversations.history')).toEqual(['ok', 'ok']);
    // Nobody else was called, and no endpoint is a fault.
    expect(standIn.sns.inbox).toEqual([]);
    expect(document().incidents.map(({ cause }) => cause.kind)).toEqual(Array(3).fill('broker-down'));
    expect(document().outbox.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
    expect(failedRuns(account)).toEqual([]);
  }));

test('an endpoint that refuses is a fault that others hear within two minutes, and over once it takes a page', () =>
  inAccount(async (account) => {
    const { standIn, tellFinding, pass, document } = account;
    const { pagerDuty, slack } = standIn.outside;
    const { secrets } = standIn;
    secrets.put('mskeeper/pagerduty', JSON.stringify({ routingKey: 'a'.repeat(32) }));
    const bot = slack.addBot();
    secrets.put('mskeeper/slack', JSON.stringify({ botToken: bot }));
    slack.revoke(bot);
    await pass(1 + aMoment);

    const toldAtMs = account.clock.nowMs();
    await tellFinding(brokerAway(1), 'opened');
    await pass(1);
    expect(outcomesOf(account, `POST ${events}/v2/enqueue`)).toContain('invalid event');
    expect(outcomesOf(account, 'POST slack.com/api/chat.postMessage')).toContain('token_revoked');
    const [called] = pagerDuty.notifications();
    expect(called).toMatchObject({ service: 'on-call-phone', summary: expect.stringContaining('broker 1 is down') });
    expect(Number(called?.atMs) - toldAtMs).toBeLessThan(120_000);
    const texts = () => standIn.sns.inbox.filter(({ sms }) => sms !== undefined).map(({ message }) => message);
    expect(texts()).toContainEqual(expect.stringContaining('broker 1 is down'));

    await pass(1);
    const ofMskeeper = () => document().incidents.find(({ cause }) => cause.kind === 'mskeeper');
    expect(
      ofMskeeper()
        ?.members.map(({ subject, reason }) => [subject, reason])
        .toSorted(),
    ).toEqual([
      ['endpoint incidents', 'not-delivered'],
      ['endpoint on-call', 'not-delivered'],
    ]);
    expect(
      ofMskeeper()
        ?.members.map(({ message }) => message)
        .join(),
    ).toMatch(/routing key.*bot token|bot token.*routing key/);
    expect(pagerDuty.notifications().map(({ summary }) => summary)).toContainEqual(
      expect.stringContaining('mskeeper itself'),
    );

    // People put the right ones there; the next fault proves it.
    secrets.put(
      'mskeeper/pagerduty',
      JSON.stringify({ routingKey: pagerDuty.addService({ name: 'on-call' }).routingKey }),
    );
    secrets.put('mskeeper/slack', JSON.stringify({ botToken: slack.addBot() }));
    await tellFinding(brokerAway(2), 'opened');
    expect(pagerDuty.notifications().at(-1)).toMatchObject({ service: 'on-call' });
    expect(topsIn(account)).toHaveLength(1);
    await pass(aMoment);
    await tellFinding(brokerBack(1), 'closed');
    await tellFinding(brokerBack(2), 'closed');
    await pass(12);
    expect(document().incidents).toEqual([]);
    const over = pagerDuty.incidents();
    expect(over.map(({ status }) => status)).toEqual(over.map(() => 'resolved'));
    expect(failedRuns(account)).toEqual([]);
  }));
