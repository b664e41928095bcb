import { describe, expect, test } from 'vitest';
import { eventOf } from '../../../../../../functions/capacity/storage-scaling/bus.ts';
import {
  announceAccepted,
  announceDealing,
  announceDenied,
  announceExpanded,
  announceIncident,
  announceOtherConfiguration,
  announcePlan,
  announceReport,
  announceSuperseded,
  announceToSubscribers,
  announceTrouble,
  announceUnread,
  announceWouldAct,
} from '../../../../../../functions/capacity/storage-scaling/core/announcements.ts';
import {
  announceNotAsked,
  announceWaiting,
} from '../../../../../../functions/capacity/storage-scaling/core/announcements-of-approval.ts';
import { closingOf, openFaultOf } from '../../../../../../functions/capacity/storage-scaling/core/faults.ts';
import type { Announcement, Look } from '../../../../../../functions/capacity/storage-scaling/core/model.ts';
import { spokenOf } from '../../../../../../functions/capacity/storage-scaling/core/spoken.ts';
import {
  aheadFinding,
  badEndFinding,
  unreadableFinding,
} from '../../../../../../functions/capacity/storage-scaling/intake-findings.ts';
import { planIntentNotice } from '../../../../../../shared/acting/event.ts';
import { newsOfUnremembered } from '../../../../../../shared/core/bus-event.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import { busWordOf } from '../../../../../../shared/events/bus-events.ts';
import { openTry } from '../../../../../support/acting/door.ts';
import { expandPlan, noonMs } from '../../../../../support/storage-scaling/storage-scaling.ts';

const speaker = { cluster: 'orders', procedure: 'storage-scaling', runId: 'run-1' };
const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1';
const home = { cluster: 'orders', clusterArn, stack: () => ({ accountId: '111122223333', region: 'eu-west-1' }) };
const evidence = { usedPercent: 85 };
const told = { reason: 'x', message: 'It is so.', evidence };
const look = (plan: Look['plan']): Look => ({ atMs: noonMs, newestEpisode: null, plan, state: null, incident: null });
const hold = (reason: string) => look({ ...told, action: 'hold', reason, lookAgainAtMs: noonMs });
const over = look({ ...told, action: 'none', reason: 'under-threshold', isAlarmOver: true });
const asked = { id: 'orders-1', cluster: 'orders', approvers: [], yesesNeeded: 1, timeoutMs: 60_000 };
const accepted = { outcome: { operationArn: 'arn:op', toGiB: 600 }, isOurAnswer: true, atMs: noonMs };
const verified = { volumeGiB: 600, usedPercent: 70, alarmsFiring: [], unread: [], isVerified: true };
const own = { cluster: 'orders', episode: 7 };
const filling: Finding = {
  ...{
    check: 'storage-capacity',
    subject: 'broker 2',
    severity: 'critical',
    reason: 'at-maximum',
    message: 'It fills.',
  },
  ...{ sources: ['cloudwatch'], evidence },
};

type Row = [what: string, announcement: Announcement, events: readonly string[]];
const finding = (severity: string, ...keys: readonly string[]) => keys.map((key) => `finding ${severity} ${key}`);
const notice = (severity: string) => [`notice ${severity}`];

/** Every announcement of a run, and all the events that it is: each word to people once. */
const rows: readonly Row[] = [
  [
    'a hold for the lock, for an operation, for the alarm',
    announcePlan(hold('storage-locked')),
    [...notice('warning'), 'plan'],
  ],
  [
    'a hold for what nobody knows',
    announcePlan(hold('unknown')),
    [...finding('warning', 'storage-scaling|sources'), 'plan'],
  ],
  [
    'a hold for a call that is not answered',
    announcePlan(
      look({
        ...hold('unknown').plan,
        action: 'hold',
        lookAgainAtMs: 0,
        unanswered: { call: 'kafka:DescribeClusterV2', failure: 'denied' },
      }),
    ),
    [...finding('warning', 'storage-scaling|call kafka:DescribeClusterV2'), 'plan'],
  ],
  ['a refusal of ours', announcePlan(look({ ...told, action: 'refuse' })), [...notice('warning'), 'plan']],
  ['that it is over', announcePlan(over), [...notice('notice'), 'plan']],
  ['a plan that people need not hear', announceToSubscribers(hold('not-long-enough')), ['plan']],
  ['what mode plan would do', announceWouldAct(look(expandPlan())), notice('warning')],
  ['a request for approval', announceWaiting(look(expandPlan()), asked), [...notice('critical'), 'plan']],
  [
    'that nobody could be asked',
    announceNotAsked(expandPlan(), 'denied'),
    finding('critical', 'storage-scaling|cluster'),
  ],
  ['what people decided', announceReport('critical', told), notice('critical')],
  [
    'a disk that is full before help',
    announceIncident(filling, [{ message: 'Cut logs.', topic: 'logs' }]),
    finding('critical', 'storage-capacity|broker 2', 'retention-cut|broker 2'),
  ],
  [
    'a stop, a refusal of MSK’s, a change that failed',
    announceTrouble('warning', told),
    finding('warning', 'storage-scaling|cluster'),
  ],
  [
    'a call that may not be made',
    announceDenied({ call: 'kafka:ListNodes', why: 'denied' }),
    finding('warning', 'storage-scaling|call kafka:ListNodes'),
  ],
  [
    'a change that cannot be watched',
    announceUnread({ toGiB: 600 }, ['denied']),
    finding('warning', 'storage-scaling|cluster'),
  ],
  ['what MSK accepted', announceAccepted(500, accepted, noonMs + 1), notice('warning')],
  ['what was done', announceExpanded(500, 600, verified), notice('notice')],
  [
    'what was done and is not verified',
    announceExpanded(500, 600, { ...verified, isVerified: false }),
    notice('warning'),
  ],
  [
    'that something deals with the disk',
    announceDealing({ fault: 'disk', what: 'It waits', untilMs: noonMs + 1 }, 'x'),
    notice('notice'),
  ],
  ['that nothing does any more', announceDealing(undefined, 'x'), notice('notice')],
  ['a newer episode', announceSuperseded(own, { by: 8, oddities: [] }), notice('notice')],
  [
    'a newer episode of which nobody can tell',
    announceSuperseded(own, { by: 8, oddities: [], unread: 'no' }),
    notice('warning'),
  ],
  [
    'an episode that looks forged',
    announceSuperseded(own, { by: 999, oddities: ['odd'] }),
    finding('critical', 'episode|cluster'),
  ],
  ['an episode of another configuration', announceOtherConfiguration(own), notice('warning')],
];

/** What incident reads of an event. */
const readBy = (event: ReturnType<typeof eventOf>, id: string): string => {
  if (event.detailType === 'mskeeper plan') return 'plan';
  const { detail, detailType } = event;
  const envelope = { source: 'mskeeper', account: '111122223333', region: 'eu-west-1', resources: [clusterArn] };
  const word = busWordOf(home).parse({
    ...envelope,
    id,
    'detail-type': detailType,
    detail: JSON.parse(JSON.stringify(detail)),
  });
  if (word.kind === 'finding') return `finding ${word.detail.finding.severity} ${word.detail.key}`;
  if (word.kind === 'report') return 'report';
  expect(word.detail.notice.topic).toBe('operations');
  return `notice ${word.detail.notice.severity}`;
};
const eventsOf = (announcement: Announcement): readonly string[] =>
  spokenOf(announcement, 'orders-7/word', new Map(), false, noonMs).map((one, index) =>
    readBy(eventOf(speaker, noonMs, one), `event-${index}`),
  );

test.each(rows)('%s', (_what, announcement, events) => {
  expect(eventsOf(announcement)).toEqual(events);
  // No word is sent both ways.
  const ways = new Set(events.filter((one) => one !== 'plan').map((one) => one.split(' ')[0]));
  expect(ways.size).toBeLessThanOrEqual(1);
});

const ended = {
  kind: 'run-ended',
  eventId: 'e',
  executionName: 'orders-storage-scaling-7',
  executionArn: 'arn:run',
} as const;

test.each<[string, Finding, string]>([
  [
    'a run that ended badly',
    badEndFinding(ended, { status: 'FAILED' }),
    'finding critical durable-run|run orders-storage-scaling-7',
  ],
  [
    'a document that cannot be read',
    unreadableFinding('orders-storage-scaling-7'),
    'finding warning episode|run orders-storage-scaling-7',
  ],
  [
    'a document of a time to come',
    aheadFinding('orders-storage-scaling-7', noonMs, 'orders'),
    'finding warning episode|run orders-storage-scaling-7',
  ],
])('of the intake: %s is a fault', (_what, one, expected) => {
  const event = eventOf(speaker, noonMs, { kind: 'finding', news: newsOfUnremembered(one, noonMs) });
  expect(readBy(event, 'e')).toBe(expected);
});

test('of the door of acts: what is about to be called is a notice that asks for a receipt', () => {
  const intent = planIntentNotice(openTry(noonMs, true));
  const event = eventOf(speaker, noonMs, { kind: 'notice', notice: { ...intent, findings: [] } });
  expect(readBy(event, 'e')).toBe('notice warning');
  expect(event.detail).toMatchObject({ notice: { isIntent: true, key: expect.stringMatching(/\/about-to-act$/) } });
});

describe('a fault', () => {
  const before = openFaultOf(filling, undefined, noonMs);
  const open = new Map([['storage-capacity|broker 2', before]]);
  const changeOf = (one: Finding, isPressing = false) => {
    const [first] = spokenOf(
      { kind: 'fault', severity: one.severity, headline: '', findings: [one] },
      'k',
      open,
      isPressing,
      noonMs + 5,
    );
    return first?.kind === 'finding' ? [first.news.change, first.news.sinceMs] : undefined;
  };

  test.each<[string, Finding, boolean, readonly [string, number]]>([
    ['of which nobody heard opens', { ...filling, subject: 'broker 3' }, false, ['opened', noonMs + 5]],
    ['that is as it was is still so', filling, false, ['still', noonMs]],
    ['that presses more is worse', filling, true, ['worse', noonMs]],
    ['for another reason is worse', { ...filling, reason: 'full-before-help' }, false, ['worse', noonMs]],
    ['of a higher severity is worse', { ...filling, severity: 'emergency' }, false, ['worse', noonMs]],
    ['of a lower one eased', { ...filling, severity: 'warning' }, false, ['eased', noonMs]],
  ])('%s', (_what, one, isPressing, expected) => {
    expect(changeOf(one, isPressing)).toEqual(expected);
  });

  test('that is over says what ended it, and since when it was', () => {
    expect(closingOf(before, 'There is room.')).toMatchObject({
      change: 'closed',
      sinceMs: noonMs,
      finding: { check: 'storage-capacity', subject: 'broker 2', severity: 'ok', message: 'There is room.' },
    });
  });
});
