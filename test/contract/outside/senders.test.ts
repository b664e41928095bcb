import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addCoreServices } from '../../../local/aws/core-services.ts';
import { furnishChannels } from '../../../local/world/channels.ts';
import {
  type ChannelSecrets,
  httpsAddress,
  openChannelSecrets,
  type PagerDutySecret,
  pagerDutySecret,
  slackSecret,
} from '../../../shared/aws/channel-secrets.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { planPagerDutyEvent } from '../../../shared/telling/channels/pagerduty-event.ts';
import { planSlackMessage } from '../../../shared/telling/channels/slack-message.ts';
import { findSlack } from '../../../shared/telling/sending/find-slack.ts';
import { sendHeartbeat } from '../../../shared/telling/sending/heartbeat.ts';
import { sendPagerDuty } from '../../../shared/telling/sending/pagerduty.ts';
import { fetchPagerDutyIncident } from '../../../shared/telling/sending/pagerduty-incident.ts';
import { openPagerDutySignIn } from '../../../shared/telling/sending/pagerduty-token.ts';
import { sendSlack } from '../../../shared/telling/sending/slack.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { serveOutside } from '../../support/outside/serve-outside.ts';
import { page } from '../../support/telling/page.ts';

/** mskeeper's own senders against the world outside, with keys from where the configuration keeps them. */
const aws = serveAws();
const core = addCoreServices(aws.world);
const { outside, clock, wait } = serveOutside();
const channel = 'C0123456789';
const calls = () => openCallScope(new AbortController().signal);

let kept: ChannelSecrets;
let pager: PagerDutySecret;
let bot: { readonly botToken: string };
beforeAll(async () => {
  furnishChannels(
    { ssm: core.ssm, secrets: core.secrets, outside: outside() },
    {
      endpoints: {
        'on-call': { kind: 'pagerduty', secret: 'mskeeper/pagerduty' },
        'on-call-phone': { kind: 'phone', parameter: '/mskeeper/channels/phone' },
        incidents: { kind: 'slack', channel, secret: 'mskeeper/slack' },
        chat: { kind: 'amazon-q', workspace: 'T0123456789', channel },
        'team-mail': { kind: 'email', parameter: '/mskeeper/channels/mail' },
      },
      heartbeat: { parameter: '/mskeeper/channels/heartbeat' },
    },
  );
  kept = openChannelSecrets(new SecretsManagerClient(aws.client()), new SSMClient(aws.client()));
  const read = (endpoint: string, secret: string) => ({ endpoint, secret });
  pager = (await kept.fetch(calls(), read('on-call', 'mskeeper/pagerduty'), pagerDutySecret, clock.nowMs())).value;
  bot = (await kept.fetch(calls(), read('incidents', 'mskeeper/slack'), slackSecret, clock.nowMs())).value;
});
beforeEach(() => wait(60));

const incident = page();
const event = (action: 'trigger' | 'acknowledge' | 'resolve', key: string) =>
  planPagerDutyEvent(incident, { action, key });
const send = (key: string, action: 'trigger' | 'acknowledge' | 'resolve' = 'trigger') =>
  sendPagerDuty(calls(), pager, event(action, key));
const inject = (host: string, fault: 'lost-answer' | 'throttle' | 'server-error' | 'deny') =>
  outside().faults.inject({ host, fault, times: 1, afterSeconds: 45 });

describe('PagerDuty', () => {
  const rest = () => {
    if (pager.rest === undefined) throw new Error('the world keeps a key to the REST API beside the routing key');
    return { rest: pager.rest, region: pager.region };
  };
  const ask = (key: string, by = rest(), signIn = openPagerDutySignIn()) =>
    fetchPagerDutyIncident(calls(), by, event('trigger', key).dedup_key, { signIn, nowMs: clock.nowMs() });

  test('is told, tells who answered and until when, and forgets an answer that lapsed', async () => {
    const { pagerDuty } = outside();
    expect(await ask('12')).toBeUndefined();
    expect(await send('12')).toEqual({ result: 'delivered' });
    expect(await ask('12')).toMatchObject({ status: 'triggered', acknowledgedBy: [] });
    const opened = pagerDuty.incidents().at(-1);
    if (opened === undefined) throw new Error('the event opened no incident');
    pagerDuty.acknowledge({ service: opened.service, key: opened.key, by: 'Ada' });
    expect(await ask('12')).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: ['Ada'],
      acknowledgedAtMs: clock.nowMs(),
      acknowledgedUntilMs: clock.nowMs() + 1_800_000,
      url: `https://example.pagerduty.com/incidents/${opened.id}`,
    });
    await wait(1_800);
    expect(await ask('12')).toMatchObject({ status: 'triggered', acknowledgedBy: [] });
    expect(await send('12', 'resolve')).toEqual({ result: 'delivered' });
    expect(await ask('12')).toMatchObject({ status: 'resolved' });
  });

  test('is asked with a token of an app as well, and with a new one after a day', async () => {
    await send('13');
    const app = outside().pagerDuty.addApp({ region: 'us', subdomain: 'acme', scopes: ['incidents.read'] });
    const { clientId, clientSecret, subdomain } = app;
    const by = { rest: { clientId, clientSecret, subdomain }, region: 'us' } as const;
    const signIn = openPagerDutySignIn();
    const tokens = () => outside().calls.of('POST identity.pagerduty.com/oauth/token').length;
    const before = tokens();
    for (let asked = 0; asked < 3; asked += 1)
      expect(await ask('13', by, signIn)).toMatchObject({ status: 'triggered' });
    expect(tokens() - before).toBe(1);
    await wait(86_400);
    expect(await ask('13', by, signIn)).toMatchObject({ status: 'resolved' });
    expect(tokens() - before).toBe(2);
    outside().pagerDuty.revoke(clientId);
    await expect(ask('13', by, signIn)).rejects.toMatchObject({ call: 'pagerduty:oauth-token' });
  });

  test('that lost an answer was told once, however often it is sent again', async () => {
    inject('events.pagerduty.com', 'lost-answer');
    expect(await send('14')).toMatchObject({ result: 'unknown' });
    expect(await send('14')).toEqual({ result: 'delivered' });
    const { key } = outside().pagerDuty.incidents().at(-1) ?? {};
    expect(
      outside()
        .pagerDuty.notifications()
        .filter((one) => one.key === key),
    ).toHaveLength(1);
  });

  test('that has too much, or broke, is tried again, when it says so', async () => {
    inject('events.pagerduty.com', 'throttle');
    expect(await send('15')).toMatchObject({ result: 'failed', afterMs: 45_000 });
    inject('events.pagerduty.com', 'server-error');
    expect(await send('15')).toMatchObject({ result: 'failed' });
    outside().faults.inject({ host: 'events.pagerduty.com', fault: 'throttle', times: 1, afterSeconds: 5 });
    expect(await send('15')).toMatchObject({ result: 'failed', afterMs: 5_000 });
  });

  test('that knows no such key refuses for ever, and the key is in no word of it', async () => {
    const nobodys = { ...pager, routingKey: '0123456789abcdef0123456789abcdef' };
    const tried = await sendPagerDuty(calls(), nobodys, event('trigger', '16'));
    expect(tried).toMatchObject({ result: 'refused', why: expect.stringContaining('is not one of any service') });
    expect(JSON.stringify(tried)).not.toContain(nobodys.routingKey);
  });
});

describe('Slack', () => {
  const message = (id: string, threadTs?: string) =>
    planSlackMessage(incident, { channel, id, ...(threadTs !== undefined && { threadTs }) });

  test('keeps one thread an incident', async () => {
    const first = await sendSlack(calls(), bot, message('12/1'));
    if (first.result !== 'delivered') throw new Error(first.why);
    await wait(1);
    expect(await sendSlack(calls(), bot, message('12/2', first.ts))).toMatchObject({ result: 'delivered' });
    expect(outside().slack.messages(channel).slice(-2)).toMatchObject([{ ts: first.ts }, { threadTs: first.ts }]);
  });

  test('that lost an answer has the message, and it is found by its id; another is not', async () => {
    const sinceMs = clock.nowMs();
    inject('slack.com', 'lost-answer');
    expect(await sendSlack(calls(), bot, message('13/1'))).toMatchObject({ result: 'unknown' });
    const ts = outside().slack.messages(channel).at(-1)?.ts;
    expect(await findSlack(calls(), bot, message('13/1'), sinceMs)).toEqual({ found: 'yes', ts });
    expect(await findSlack(calls(), bot, message('13/2'), sinceMs)).toEqual({ found: 'no' });
    await wait(1);
    const reply = message('13/3', ts);
    inject('slack.com', 'lost-answer');
    expect(await sendSlack(calls(), bot, reply)).toMatchObject({ result: 'unknown' });
    expect(await findSlack(calls(), bot, reply, sinceMs)).toMatchObject({ found: 'yes' });
  });

  test('takes one message a second, and is tried again after that', async () => {
    expect(await sendSlack(calls(), bot, message('14/1'))).toMatchObject({ result: 'delivered' });
    expect(await sendSlack(calls(), bot, message('14/2'))).toMatchObject({ result: 'failed', afterMs: 1_000 });
  });

  test('refuses what a person must mend', async () => {
    outside().slack.setChannel(channel, { isBotIn: false });
    expect(await sendSlack(calls(), bot, message('15/1'))).toMatchObject({
      result: 'refused',
      why: expect.stringContaining('not_in_channel'),
    });
    outside().slack.setChannel(channel, { isBotIn: true });
    const guessed = { botToken: 'xoxb-0000000000-guessed' };
    expect(await sendSlack(calls(), guessed, message('15/2'))).toMatchObject({ result: 'refused' });
  });
});

test('the outside watcher hears a heartbeat at the address that is kept', async () => {
  const place = { endpoint: 'heartbeat', parameter: '/mskeeper/channels/heartbeat' };
  const { value: url } = await kept.fetch(calls(), place, httpsAddress, clock.nowMs());
  expect(await sendHeartbeat(calls(), { url })).toEqual({ result: 'delivered' });
  expect(outside().calls.all.at(-1)).toMatchObject({ method: 'GET', host: 'watch.example.org', outcome: 'ok' });
  inject('watch.example.org', 'server-error');
  expect(await sendHeartbeat(calls(), { url })).toMatchObject({ result: 'failed' });
});
