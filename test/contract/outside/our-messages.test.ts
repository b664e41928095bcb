import { beforeEach, expect, test } from 'vitest';
import { planPagerDutyEvent } from '../../../shared/telling/channels/pagerduty-event.ts';
import { planSlackMessage } from '../../../shared/telling/channels/slack-message.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import { serveOutside } from '../../support/outside/serve-outside.ts';
import { page } from '../../support/telling/page.ts';

const { outside, wait, call, post } = serveOutside();
const channel = 'C0000000001';
let token: string;
beforeEach(async () => {
  await wait(60);
  token = outside().slack.addBot();
  outside().slack.setChannel(channel);
});

const evil = '日本語 <!channel> & <@U1> "q" \n *bold* ';
const full: Page = page({
  kind: 'rung',
  title: evil.repeat(100),
  says: evil.repeat(200),
  facts: Array.from({ length: 200 }, (_item, index) => ({ text: evil.repeat(30) + index, source: evil })),
  moreFactCount: 10_000,
  tried: Array.from({ length: 200 }, (_item, index) => evil.repeat(30) + index),
  nextCommand: evil.repeat(100),
  contacts: Array.from({ length: 200 }, () => evil),
  names: [evil],
  rung: { afterMinutes: 30, whom: evil.repeat(50) },
  isRepeated: true,
  again: { endedAtMs: Date.UTC(2026, 2, 1, 8) },
});
const pages: readonly (readonly [string, Page])[] = [
  ['as a broker’s loss makes it', page()],
  ['of a test', page({ kind: 'test', facts: [], tried: [], contacts: [], names: [] })],
  ['as long and as hostile as it may be', full],
];

test.each(pages)('PagerDuty takes each event of a page %s', async (_name, told) => {
  const { routingKey } = outside().pagerDuty.addService({ name: crypto.randomUUID() });
  const send = (action: 'trigger' | 'acknowledge' | 'resolve') =>
    post('https://events.pagerduty.com/v2/enqueue', {
      routing_key: routingKey,
      ...planPagerDutyEvent(told, { action, key: told.incidentId }),
    });
  for (const action of ['trigger', 'acknowledge', 'resolve'] as const)
    expect(await send(action)).toMatchObject({ status: 202 });
  expect(outside().pagerDuty.incidents().at(-1)).toMatchObject({
    status: 'resolved',
    urgency: 'high',
    log: [{ what: 'trigger' }, { what: 'acknowledge' }, { what: 'resolve' }],
  });
});

test.each(pages)('Slack takes a page %s, and it is found again by its id', async (_name, told) => {
  const headers = { authorization: `Bearer ${token}` };
  const send = async (id: string, threadTs?: string) => {
    await wait(1);
    const message = planSlackMessage(told, { channel, id, ...(threadTs !== undefined && { threadTs }) });
    const { body } = await post('https://slack.com/api/chat.postMessage', message, headers);
    expect(body).toMatchObject({ ok: true });
    return { message, ts: String(Object(body).ts) };
  };
  const first = await send('first');
  const second = await send('second', first.ts);
  const thread = await call(
    `https://slack.com/api/conversations.replies?channel=${channel}&ts=${first.ts}&include_all_metadata=true`,
    { headers },
  );
  expect(Object(thread.body).messages).toMatchObject([
    { ts: first.ts, text: first.message.text, metadata: first.message.metadata },
    { ts: second.ts, thread_ts: first.ts, metadata: second.message.metadata },
  ]);
});
