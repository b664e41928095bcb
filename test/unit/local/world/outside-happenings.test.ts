import { expect, test } from 'vitest';
import { createOutsideCallLog } from '../../../../local/outside/call-log.ts';
import { createPagerDuty } from '../../../../local/outside/pagerduty/pagerduty.ts';
import { createWorkspace } from '../../../../local/outside/slack/workspace.ts';
import { watchOutside } from '../../../../local/world/outside-happenings.ts';

const startMs = Date.parse('2026-11-21T06:00:00Z');

const watch = () => {
  let nowMs = startMs;
  const { pagerDuty, hosts } = createPagerDuty(() => nowMs);
  const service = pagerDuty.addService({ name: 'on-call' });
  const workspace = createWorkspace();
  const calls = createOutsideCallLog();
  const send = (event_action: string, summary: string, severity = 'critical') =>
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
          dedup_key: summary,
          payload: { summary, severity, source: 'orders' },
        }),
      ),
      atMs: nowMs,
    });
  return {
    pagerDuty,
    service,
    workspace,
    calls,
    send,
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    read: watchOutside({ calls, pagerDuty, slack: { messages: () => [...workspace.messages] } }),
  };
};

test('who was called, and what became of it, is told once and at its own time', async () => {
  const { pagerDuty, service, send, wait, read } = watch();
  await send('trigger', 'broker 2');
  expect(read()).toEqual([
    {
      lane: 'notifications',
      subject: 'PagerDuty on-call',
      label: 'called on-call, urgency high: broker 2',
      tone: 'bad',
      clockMs: startMs,
    },
  ]);
  await send('trigger', 'broker 2');
  await send('trigger', 'lag', 'warning');
  pagerDuty.acknowledge({ service, key: 'broker 2', by: 'Ada' });
  wait(2_000);
  await send('resolve', 'broker 2');
  expect(read().map(({ label, tone, clockMs = 0 }) => [label, tone, (clockMs - startMs) / 1000])).toEqual([
    ['added, and called nobody: broker 2', 'neutral', 0],
    ['Ada acknowledged: broker 2', 'neutral', 0],
    ['called on-call, urgency low: lag', 'warn', 0],
    ['called on-call again, nobody deals with it any more: broker 2', 'bad', 1_800],
    ['on-call resolved: broker 2', 'good', 2_000],
  ]);
  expect(read()).toEqual([]);
});

test('what was written in Slack is told by its first line, a thread as that', () => {
  const { workspace, read } = watch();
  const message = { channel: 'C1', atMs: startMs, bot: 'U1', blocks: [], isBroadcast: false };
  const { ts } = workspace.post({ ...message, text: 'broker 2 is down\nmore' });
  workspace.post({ ...message, text: 'it is back', threadTs: ts });
  expect(read().map(({ subject, label }) => [subject, label])).toEqual([
    ['Slack C1', 'wrote in C1: broker 2 is down'],
    ['Slack C1', 'answered in C1: it is back'],
  ]);
});

test('calls that did not end well are told with who made them, others are not', () => {
  const { calls, read } = watch();
  const call = { atMs: startMs, caller: 'mskeeper-drill-incident', host: 'slack.com', path: '/api/chat.postMessage' };
  calls.record({ ...call, method: 'POST', status: 200, outcome: 'ok', durationMs: 1 });
  calls.record({ ...call, method: 'POST', status: undefined, outcome: 'lost', durationMs: 1 });
  expect(read()).toMatchObject([
    {
      subject: 'calls to slack.com',
      label: 'mskeeper-drill-incident: POST slack.com/api/chat.postMessage ended: lost',
      tone: 'warn',
    },
  ]);
});
