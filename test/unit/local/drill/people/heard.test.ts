import { describe, expect, test } from 'vitest';
import { firstLineOf, type HeardBy, heardIn, isRinging } from '../../../../../local/drill/people/heard.ts';
import { createPagerDuty } from '../../../../../local/outside/pagerduty/pagerduty.ts';
import { createWorkspace } from '../../../../../local/outside/slack/workspace.ts';

const startMs = Date.parse('2026-03-03T02:00:00Z');

const people = () => {
  let nowMs = startMs;
  const { pagerDuty, hosts } = createPagerDuty(() => nowMs);
  const service = pagerDuty.addService({ name: 'on-call' });
  const workspace = createWorkspace();
  const inbox: HeardBy['sns']['inbox'][number][] = [];
  const notification = (told: Partial<HeardBy['sns']['inbox'][number]>): HeardBy['sns']['inbox'][number] => ({
    messageId: '1',
    topicArn: 'arn:aws:sns:eu-west-1:111122223333:emergency',
    subject: undefined,
    message: '',
    attributes: {},
    atMs: nowMs,
    protocol: 'email',
    endpoint: 'team@example.com',
    ...told,
  });
  return {
    heard: () => heardIn({ sns: { inbox }, outside: { pagerDuty, slack: { messages: () => workspace.messages } } }),
    pass: (minutes: number) => {
      nowMs += minutes * 60_000;
    },
    event: (event_action: string) =>
      hosts.get('events.pagerduty.com')?.answer({
        method: 'POST',
        host: 'events.pagerduty.com',
        path: '/v2/enqueue',
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from(
          JSON.stringify({
            routing_key: service.routingKey,
            event_action,
            dedup_key: 'drill-1',
            payload: { summary: '[P1] drill: broker 2 is down', severity: 'error', source: 'drill' },
          }),
        ),
        atMs: nowMs,
      }),
    acknowledge: () => pagerDuty.acknowledge({ service, key: 'drill-1', by: 'Ada' }),
    post: (text: string, threadTs?: string) =>
      workspace.post({
        channel: 'C1',
        atMs: nowMs,
        bot: 'U1',
        text,
        isBroadcast: false,
        blocks: [
          { type: 'header', text: { type: 'plain_text', text } },
          { type: 'section', fields: [{ type: 'plain_text', text: 'Since\n02:00 &lt;b&gt;' }] },
        ],
        ...(threadTs !== undefined && { threadTs }),
      }),
    text: (text: string) =>
      void inbox.push(
        notification({ protocol: 'sms', endpoint: '+15550100', sms: { text, encoding: 'GSM', partCount: 1 } }),
      ),
    mail: (subject: string) => void inbox.push(notification({ subject, message: 'whole' })),
    program: () => void inbox.push(notification({ protocol: 'https', endpoint: 'https://a.example.org/' })),
  };
};

describe('what people heard', () => {
  test('stands in the order of time, each way as its own side shows it', async () => {
    const { heard, event, post, text, mail, pass } = people();
    mail('first');
    pass(1);
    post('[P1] drill: broker 2 is down');
    pass(1);
    await event('trigger');
    pass(1);
    text('P0 drill: broker 2 is down, incident 1');
    expect(heard().map((one) => [one.by, one.where, firstLineOf(one)])).toEqual([
      ['mail', 'team@example.com', 'first'],
      ['slack', 'C1', '[P1] drill: broker 2 is down'],
      ['pagerduty', 'on-call', 'called: [P1] drill: broker 2 is down'],
      ['sms', '+15550100', 'P0 drill: broker 2 is down, incident 1'],
    ]);
  });

  test('rings where somebody is called, at first and when an acknowledgement lapses, and by a text', async () => {
    const { heard, event, acknowledge, pass, post, text, mail } = people();
    await event('trigger');
    await event('trigger');
    post('in Slack');
    mail('a mail');
    pass(10);
    acknowledge();
    pass(31);
    text('a text');
    await event('resolve');
    expect(
      heard()
        .filter(isRinging)
        .map((one) => [(one.clockMs - startMs) / 60_000, one.by === 'pagerduty' ? one.what : one.by]),
    ).toEqual([
      [0, 'called'],
      [40, 'called again'],
      [41, 'sms'],
    ]);
    expect(heard().flatMap((one) => (one.by === 'pagerduty' ? [one.what] : []))).toEqual([
      'called',
      'added',
      'acknowledged',
      'called again',
      'resolved',
    ]);
  });

  test('in Slack is what a reader sees: letters that were escaped for it are letters again', () => {
    const { heard, post } = people();
    const { ts } = post('a &lt;!channel&gt; &amp;amp;');
    post('answer', ts);
    expect(heard()).toMatchObject([
      { parts: [{ kind: 'header', text: 'a <!channel> &amp;' }, { fields: ['Since\n02:00 <b>'] }] },
      { threadTs: ts },
    ]);
  });

  test('is not what programs are sent', () => {
    const { heard, program } = people();
    program();
    expect(heard()).toEqual([]);
  });
});
