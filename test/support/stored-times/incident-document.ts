import type { IncidentDocument } from '../../../functions/health/incident/core/document.ts';
import type { Message } from '../../../functions/health/incident/core/outbox.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../shared/core/units.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import { finding, incidentOf, memberOf, messageOf, workOf } from '../incident/builders.ts';
import { nowMs } from './forgeries.ts';

const ago = (minutes: number): number => nowMs - minutes * minuteMs;
const said = (minutes: number) => ({ sinceMs: ago(minutes), atMs: ago(4) });
const over = { goneAtMs: ago(4), goneBy: 'person' } as const;

/** A disk that was over, and of which people may hear the worst. */
export const overDisk = finding('disk-used', 'broker 1 /kafka', said(60));
/** A fault that ended two hours ago. */
export const endedFault = finding('offline-partitions', 'cluster', { reason: 'no-leader' });

const page: Page = {
  cluster: 'orders',
  region: 'eu-west-1',
  accountId: '111122223333',
  incidentId: '9',
  severity: 'critical',
  kind: 'closed',
  title: 'copies are missing',
  says: 'It is over.',
  atMs: ago(1),
  startedAtMs: ago(50),
  openedAtMs: ago(49),
  answerByMs: ago(-10),
  facts: [],
  moreFactCount: 0,
  tried: [],
  nextCommand: '',
  runbook: 'docs/runbook/cluster-health.md',
  contacts: [],
  names: [],
  again: { endedAtMs: ago(300) },
};

const delivered = { tries: 1, outcome: 'delivered' } as const;
const to = (name: string): Message['destination'] => ({ by: 'endpoint', lane: name, endpoints: [name] });
const begun = (id: string, minutes: number): Message =>
  messageOf({
    ...{ id: `${id}/1`, incidentId: id, key: id, madeAtMs: ago(minutes), dueAtMs: ago(minutes), reference: 'dedup' },
    ...{ ...delivered, outcomeAtMs: ago(minutes) },
  });
const { incidentId: _none, ...notice } = messageOf({
  ...{ action: 'notice', kind: 'notice', says: 'The volume grows.', destination: to('chat'), page },
  ...{ madeAtMs: ago(1), dueAtMs: ago(1) },
});

/** What waits in the outbox, by what it is. */
export const waiting = {
  'a page that failed': '1/2',
  'a page that a dead run claimed': '2/2',
  'an end': '9/2',
  'a notice': 'notice/act/2/1',
  'the end of a notice that stands': 'notice/act/4/1/end',
} as const;
/** An act that nobody waits to begin any more. */
export const oldIntent = 'act/3';

const standing = { key: 'act/4', destination: to('on-call'), madeAtMs: ago(60) } as const;
const outbox: readonly Message[] = [
  begun('1', 29),
  messageOf({
    ...{ id: waiting['a page that failed'], destination: to('chat'), madeAtMs: ago(2), dueAtMs: nowMs + 15 * secondMs },
    ...{ tries: 1, why: '503', failedAtMs: nowMs - 30 * secondMs, freedAtMs: nowMs - 40 * secondMs },
  }),
  begun('2', 20),
  messageOf({
    ...{ id: waiting['a page that a dead run claimed'], incidentId: '2', key: '2', destination: to('chat') },
    ...{ madeAtMs: ago(1), dueAtMs: ago(1), tries: 1, claim: { by: 'dead', untilMs: ago(-1) } },
  }),
  begun('3', 40),
  begun('9', 49),
  messageOf({
    ...{ id: waiting['an end'], incidentId: '9', key: '9', action: 'resolve', kind: 'closed', says: page.says, page },
    ...{ madeAtMs: ago(1), dueAtMs: ago(1) },
  }),
  { ...notice, id: waiting['a notice'], key: 'act/2', isIntent: true },
  {
    ...{ ...notice, id: `notice/${oldIntent}/1`, key: oldIntent, isIntent: true, madeAtMs: ago(60), dueAtMs: ago(60) },
    ...{ ...delivered, outcomeAtMs: ago(60) },
  },
  { ...notice, ...standing, id: 'notice/act/4/1', dueAtMs: ago(60), ...delivered, outcomeAtMs: ago(60) },
  {
    ...{ ...notice, ...standing, id: waiting['the end of a notice that stands'], action: 'resolve' },
    dueAtMs: ago(60) + 4 * hourMs,
  },
];

const fault = (id: string, minutes: number) => ({
  ...{ id, startedAtMs: ago(minutes + 1), bornAtMs: ago(minutes + 1), openedAtMs: ago(minutes) },
  ...{ severitySinceMs: ago(minutes), climbedToMs: ago(1) },
});
const { openedAtMs: _unopened, severitySinceMs: _unsaid, ...fresh } = fault('4', 1);
const answered = { by: 'ada', atMs: ago(10), severity: 'critical' } as const;

/**
 * Of four faults one climbs in a minute, one is dealt with by a person and a work, one is quiet, and one waits for its page; in
 * the outbox is whatever may be there. Each time that there may be is in it.
 */
export const fullDocument: IncidentDocument = {
  version: 1,
  nextNumber: 10,
  incidents: [
    incidentOf(
      { kind: 'application', of: '' },
      [memberOf(finding('endpoint', 'endpoint shop', said(30)))],
      fault('1', 29),
    ),
    incidentOf(
      { kind: 'disk', of: '1' },
      [memberOf(finding('disk-used', 'broker 1', said(21))), memberOf(overDisk, over)],
      {
        ...fault('2', 20),
        acknowledgement: { ...answered, untilMs: ago(-20) },
        diagnosis: { atMs: ago(15), affected: ['broker 1'] },
      },
    ),
    incidentOf({ kind: 'topic', of: 'orders' }, [memberOf(finding('critical-topic', 'topic orders', said(41)), over)], {
      ...fault('3', 40),
      quietSinceMs: ago(4),
      resolution: answered,
    }),
    (() => {
      const {
        openedAtMs: _never,
        severitySinceMs: _either,
        ...one
      } = incidentOf({ kind: 'topic', of: 'orders-dlq' }, [
        memberOf(finding('dead-letter', 'topic orders-dlq', { ...said(2), severity: 'warning' })),
      ]);
      return { ...one, ...fresh, severity: 'warning' };
    })(),
  ],
  ended: [{ id: '8', cause: { kind: 'offline', of: '' }, quietSinceMs: ago(130), endedAtMs: ago(120) }],
  works: [
    workOf('one-broker', { key: 'msk|maintenance', sinceMs: ago(60), untilMs: ago(-60) }),
    workOf('one-broker', { key: 'msk|updating', sinceMs: ago(60), endedAtMs: ago(3), untilMs: ago(-2) }),
    workOf('disk', { key: 'act|storage-scaling', does: 'repairs', sinceMs: ago(15), untilMs: ago(15) + dayMs / 2 }),
  ],
  notices: ['act/2', oldIntent, 'act/4', 'report'].map((key) => ({ key, heardAtMs: ago(60) })),
  outbox,
  outboxLeftOutCount: 0,
};
