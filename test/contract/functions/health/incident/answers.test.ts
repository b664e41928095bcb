import { expect, test } from 'vitest';
import { deployment } from '../../../../../functions/health/incident/deployment.ts';
import { createEvent } from '../../../../../local/aws/services/eventbridge/event.ts';
import { findingEventOf } from '../../../../../shared/core/bus-event.ts';
import { secondMs } from '../../../../../shared/core/units.ts';
import {
  aMoment,
  brokerAway,
  brokerBack,
  checker,
  clusterKey,
  type IncidentAccount,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';
import { bring } from '../../../../support/incident/command.ts';

const { inAccount } = useIncidentAccounts();

const textsIn = ({ standIn }: IncidentAccount): readonly string[] =>
  standIn.sns.inbox.filter(({ sms }) => sms !== undefined).map(({ message }) => message);
const topsIn = ({ standIn }: IncidentAccount) =>
  standIn.outside.slack.messages(slackChannel).filter(({ threadTs }) => threadTs === undefined);

/** Twenty times away and back, as fast as a queue brings it. */
const flap = ({ tellBus, clock }: IncidentAccount): Promise<void> => {
  const atMs = clock.nowMs();
  const sinceMs = atMs - 39 * secondMs;
  const events = Array.from({ length: 39 }, (_, index) => {
    const isBack = index % 2 === 1;
    return findingEventOf(checker, sinceMs + index * secondMs, {
      change: isBack ? 'closed' : 'opened',
      sinceMs,
      finding: isBack ? brokerBack(2) : brokerAway(2),
    });
  });
  return tellBus(...events);
};

/** What CloudWatch tells by itself, at the end of the second try, of what nobody can read. */
const queueIsOld = 'ALARM: "mskeeper/paged/self/incident-queue-old/critical" in eu-west-1';

/** Of somebody else's making: an event without its end, and one of another cluster's; each alone, so that nothing else is held up. */
const forge = async ({ standIn, tellBus }: IncidentAccount): Promise<void> => {
  await tellBus({
    detailType: 'mskeeper finding',
    detail: { version: 1, cluster: clusterKey, change: 'opened', finding: 'cut' },
  });
  const { accountId, region } = standIn.world;
  const detail = findingEventOf({ ...checker, cluster: 'other' }, 1, {
    change: 'opened',
    sinceMs: 1,
    finding: brokerAway(3),
  }).detail;
  const frame = { account: accountId, region, atMs: standIn.world.clock.nowMs(), resources: [] };
  const event = createEvent({ ...frame, source: 'mskeeper', detailType: 'mskeeper finding', detail });
  await standIn.eventBridge.deliver(`mskeeper-${clusterKey}`, event);
  await standIn.lambda.idle();
};

/** What nobody can read has been tried for almost ten hours, as often as `deployment.queue.mostTries` lets it, but once. */
const passTries = ({ standIn }: IncidentAccount): void => {
  const { messages } = standIn.sqs.queue(`mskeeper-${clusterKey}-incident`);
  expect(messages.map(({ body }) => JSON.parse(body).detail.cluster).toSorted()).toEqual(['other', clusterKey]);
  for (const message of messages) message.receiveCount = deployment.queue.mostTries - 1;
};

const list = (account: IncidentAccount): Promise<string> =>
  bring(account, { source: 'mskeeper.manual', procedure: 'incident', command: 'list' });

test('twenty flaps are one page; who answers stops the ladder until that lapses, and what he calls over pages nobody anew', () =>
  inAccount(async (account) => {
    const { standIn, pass, document, tellFinding } = account;
    const { pagerDuty } = standIn.outside;
    const triggered = () => pagerDuty.notifications().filter(({ because }) => because === 'triggered');
    const pageOf = (name: string) => {
      const found = pagerDuty.incidents().find(({ service }) => service.name === name);
      if (found === undefined) throw new Error(`${name} was never called`);
      return { service: found.service, key: found.key, by: 'Alice' };
    };
    // An acknowledgement lapses there after five minutes.
    const { routingKey } = pagerDuty.addService({ name: 'on-call', acknowledgementSeconds: 300 });
    const rest = { apiToken: pagerDuty.addApiToken() };
    standIn.secrets.put('mskeeper/pagerduty', JSON.stringify({ routingKey, rest }));
    await pass(1 + aMoment);
    await forge(account);
    await flap(account);
    await pass(1);
    expect(triggered()).toHaveLength(1);
    expect(topsIn(account)).toHaveLength(1);
    expect(document().incidents).toHaveLength(1);

    await pass(7);
    pagerDuty.acknowledge(pageOf('on-call'));
    await pass(4);
    expect(triggered()).toHaveLength(1);
    expect(textsIn(account)).toEqual([queueIsOld]);
    expect(document().incidents).toMatchObject([{ severity: 'critical' }]);

    // It lapses 13 min after the page; the time of the rung of 10 min has passed.
    await pass(2);
    expect(document().incidents).toMatchObject([{ severity: 'emergency' }]);
    expect(triggered().map(({ service }) => service)).toEqual(['on-call', 'on-call-phone']);
    expect(textsIn(account)).toEqual([queueIsOld, expect.stringContaining('broker 2 is down')]);

    // Called over there while it goes on: that is shown. What changes then is no event of theirs any more.
    const calledOverAtMs = account.clock.nowMs();
    pagerDuty.resolve(pageOf('on-call'));
    pagerDuty.resolve(pageOf('on-call-phone'));
    expect(JSON.parse(await list(account))).toMatchObject({
      listing: { open: [{ pager: { status: 'resolved', by: 'Alice', atMs: calledOverAtMs } }] },
    });
    await tellFinding(
      {
        ...brokerAway(2),
        check: 'cluster-answers',
        subject: 'cluster',
        reason: 'no-broker-answers',
        severity: 'emergency',
      },
      'opened',
    );
    await pass(1);
    expect(document().incidents).toMatchObject([{ cause: { kind: 'cluster-down' } }]);
    expect(triggered()).toHaveLength(2);
    expect(pagerDuty.incidents().map(({ status }) => status)).toEqual(['resolved', 'resolved']);

    await tellFinding({ ...brokerBack(2), check: 'cluster-answers', subject: 'cluster', reason: 'answers' }, 'closed');
    await tellFinding(brokerBack(2), 'closed');
    passTries(account);
    await pass(18);
    expect(document().incidents).toEqual([]);
    await tellFinding(brokerAway(2), 'opened');
    expect(document().incidents).toMatchObject([{ cause: { kind: 'broker-down', of: '2' } }]);
    expect(triggered()).toHaveLength(3);
    expect(topsIn(account).at(-1)?.text).toContain('Again: the same ended at');

    const { messages } = standIn.sqs.queue(`mskeeper-${clusterKey}-incident-dead-letters`);
    expect(messages.map(({ body }) => JSON.parse(body).detail.cluster).toSorted()).toEqual(['other', clusterKey]);
    const [letters] = [...standIn.cloudWatch.alarms].filter(([name]) => name.includes('/incident-dead-letters/'));
    expect(letters?.[1].state.value).toBe('ALARM');
    expect(document().incidents.flatMap(({ members }) => members.map(({ subject }) => subject))).not.toContain(
      'broker 3',
    );
  }));
