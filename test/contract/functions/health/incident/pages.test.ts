import { expect, test } from 'vitest';
import { brokerAway, brokerBack, slackChannel, useIncidentAccounts } from '../../../../support/incident/account.ts';

const { inAccount } = useIncidentAccounts();

test('a broker that dies is one page and one thread; it climbs until somebody answers, and its end is told', () =>
  inAccount(async ({ standIn, tellFinding, pass, document }) => {
    const { pagerDuty, slack } = standIn.outside;
    await pass(1);
    await tellFinding(brokerAway(2), 'opened');
    await pass(2);
    expect(standIn.lambda.invocations.filter(({ status }) => status === 'error')).toEqual([]);
    expect(document().incidents.map(({ cause, severity }) => [cause.kind, cause.of, severity])).toEqual([
      ['broker-down', '2', 'critical'],
    ]);
    expect(pagerDuty.incidents()).toHaveLength(1);
    expect(pagerDuty.notifications()).toHaveLength(1);
    const [first] = slack.messages(slackChannel);
    expect(JSON.stringify(first)).toContain('broker 2 is down');
    expect(standIn.sns.inbox).toEqual([]);

    await pass(10);
    expect(document().incidents[0]?.severity).toBe('emergency');
    expect(standIn.sns.inbox.filter(({ sms }) => sms !== undefined)).toHaveLength(1);
    expect(pagerDuty.incidents()).toHaveLength(2);

    await tellFinding(brokerBack(2), 'closed');
    await pass(12);
    expect(document().incidents).toEqual([]);
    const [root, ...others] = slack.messages(slackChannel);
    expect(others.map(({ threadTs }) => threadTs)).toEqual(others.map(() => root?.ts));
    expect(pagerDuty.incidents().map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    expect(standIn.sns.inbox.filter(({ sms }) => sms !== undefined)).toHaveLength(1);
  }));
