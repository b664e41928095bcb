import { describe, expect, test } from 'vitest';
import {
  emptyDocument,
  type Incident,
  type IncidentDocument,
} from '../../../../../../functions/health/incident/core/document.ts';
import type { PagerWord } from '../../../../../../functions/health/incident/core/ladder.ts';
import { listMessage } from '../../../../../../functions/health/incident/core/listed-message.ts';
import { planListing } from '../../../../../../functions/health/incident/core/listing.ts';
import type { Member } from '../../../../../../functions/health/incident/core/member.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Work } from '../../../../../../functions/health/incident/core/works.ts';
import { minuteMs } from '../../../../../../shared/core/units.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const nowMs = Date.parse('2026-11-28T03:00:00Z');

const member: Member = {
  key: 'finding|cluster-health|broker-answers|broker 2',
  by: 'finding',
  procedure: 'cluster-health',
  check: 'broker-answers',
  subject: 'broker 2',
  severity: 'critical',
  worst: 'critical',
  reason: 'no-answer',
  message: 'Broker 2 does not answer.',
  source: 'brokers',
  brokers: ['2'],
  sinceMs: nowMs - 12 * minuteMs,
  heardAtMs: nowMs - minuteMs,
  isUnproven: false,
};

/** Paged ten minutes ago: the critical ladder raises it at 30 min. */
const incident: Incident = {
  id: '3',
  cause: { kind: 'broker-down', of: '2' },
  severity: 'critical',
  startedAtMs: nowMs - 12 * minuteMs,
  bornAtMs: nowMs - 11 * minuteMs,
  openedAtMs: nowMs - 10 * minuteMs,
  climbedToMs: nowMs - 10 * minuteMs,
  members: [member, { ...member, key: 'gone', goneAtMs: nowMs - minuteMs }],
  leftOutCount: 0,
};

const message: Message = {
  id: '3/1',
  incidentId: '3',
  destination: { by: 'endpoint', lane: 'on-call', endpoints: ['on-call'] },
  key: '3',
  action: 'trigger',
  kind: 'opened',
  says: 'P1: broker 2 is down.',
  madeAtMs: nowMs - 10 * minuteMs,
  dueAtMs: nowMs - 10 * minuteMs,
  tries: 1,
};

const inMinutes = (minutes: number): number => nowMs + minutes * minuteMs;

const listOf = (document: Partial<IncidentDocument>, pagers: ReadonlyMap<string, PagerWord> = new Map()) =>
  planListing({ ...emptyDocument, ...document }, usualRules, { pagerByIncident: pagers }, nowMs);
const listOne = (change: Partial<Incident>, works: readonly Work[] = [], pager?: PagerWord) =>
  listOf({ incidents: [{ ...incident, ...change }], works }, new Map(pager && [['3', pager]])).open[0];

describe('an incident', () => {
  test('says how bad, since when, until when somebody must have answered, and whom the ladder calls next', () => {
    expect(listOne({})).toEqual({
      id: '3',
      title: 'broker 2 is down',
      severity: 'critical',
      startedAtMs: inMinutes(-12),
      openedAtMs: inMinutes(-10),
      answerByMs: inMinutes(5),
      liveCount: 1,
      nextRung: {
        atMs: inMinutes(20),
        isHeldBack: false,
        raisesTo: 'emergency',
        levels: [],
        endpoints: ['phone', 'text', 'on-call', 'chat'],
      },
      messages: [],
    });
  });

  test('that nobody was told of yet has neither a page’s time nor a rung', () => {
    const { openedAtMs: _none, ...waiting } = incident;
    const [one] = listOf({ incidents: [waiting] }).open;
    expect(one).not.toHaveProperty('openedAtMs');
    expect(one).not.toHaveProperty('answerByMs');
    expect(one).not.toHaveProperty('nextRung');
  });

  test('that work of MSK’s explains says so, until when', () => {
    const { openedAtMs: _none, ...waiting } = incident;
    const work: Work = {
      key: 'msk|maintenance',
      what: 'MSK patches the cluster, broker by broker',
      does: 'disturbs',
      of: 'one-broker',
      sinceMs: inMinutes(-20),
      untilMs: inMinutes(100),
    };
    const [one] = listOf({ incidents: [waiting], works: [work] }).open;
    expect(one?.dealing).toEqual({ what: work.what, untilMs: work.untilMs });
    expect(listOf({ incidents: [waiting], works: [{ ...work, untilMs: nowMs }] }).open[0]).not.toHaveProperty(
      'dealing',
    );
  });

  test('that something repairs climbs only when that is over: then the latest of the rungs that passed', () => {
    const work: Work = {
      key: 'msk|healing',
      what: 'MSK replaces an unhealthy broker',
      does: 'repairs',
      of: 'one-broker',
      sinceMs: inMinutes(-10),
      untilMs: inMinutes(60),
    };
    expect(listOne({}, [work])).toMatchObject({
      dealing: { what: work.what, untilMs: work.untilMs },
      nextRung: { atMs: inMinutes(60), isHeldBack: true, levels: ['management'], endpoints: ['boss'] },
    });
  });

  test('that is quiet calls nobody', () => {
    const quiet = listOne({ quietSinceMs: inMinutes(-1) });
    expect(quiet).toMatchObject({ quietSinceMs: inMinutes(-1) });
    expect(quiet).not.toHaveProperty('nextRung');
  });

  test('whose ladder is climbed calls nobody any more', () => {
    expect(listOne({ climbedToMs: inMinutes(200) })).not.toHaveProperty('nextRung');
  });
});

describe('who answered', () => {
  const acknowledgement = { by: 'alice', atMs: inMinutes(-5), untilMs: inMinutes(40), severity: 'critical' } as const;

  test('is shown as long as it holds, and holds the ladder back until then', () => {
    expect(listOne({ acknowledgement })).toMatchObject({
      acknowledgement,
      nextRung: { atMs: inMinutes(40), isHeldBack: true },
    });
  });

  test.each([
    ['lapsed', { acknowledgement: { ...acknowledgement, untilMs: nowMs } }],
    ['was of something milder', { acknowledgement, severity: 'emergency' as const }],
  ])('is not, where it %s', (_why, change) => {
    const listed = listOne(change);
    expect(listed).not.toHaveProperty('acknowledgement');
    expect(listed?.nextRung?.isHeldBack).toBe(false);
  });

  test('in PagerDuty is what it says now', () => {
    expect(listOne({}, [], { status: 'acknowledged', by: 'bob' })).toMatchObject({
      pager: { status: 'acknowledged', by: 'bob' },
      nextRung: { atMs: inMinutes(20), isHeldBack: true },
    });
    expect(listOne({}, [], { status: 'triggered' })?.nextRung?.isHeldBack).toBe(false);
  });

  test('that it is over is shown until it gets worse', () => {
    const resolution = { by: 'alice', atMs: inMinutes(-5), severity: 'critical' } as const;
    expect(listOne({ resolution })).toMatchObject({ resolution, nextRung: { isHeldBack: true } });
    expect(listOne({ resolution, severity: 'emergency' })).not.toHaveProperty('resolution');
  });
});

test('the worst stands first, then the oldest; what ended, newest first', () => {
  const one = (id: string, severity: Incident['severity'], startedAtMs: number): Incident => ({
    ...incident,
    id,
    severity,
    startedAtMs,
  });
  const listing = listOf({
    incidents: [one('1', 'warning', 1), one('2', 'emergency', 9), one('10', 'critical', 5), one('9', 'critical', 5)],
    ended: [
      { id: '4', cause: incident.cause, quietSinceMs: inMinutes(-100), endedAtMs: inMinutes(-90) },
      { id: '5', cause: { kind: 'lag', of: 'billing' }, quietSinceMs: inMinutes(-40), endedAtMs: inMinutes(-30) },
    ],
  });
  expect(listing.open.map(({ id }) => id)).toEqual(['2', '9', '10', '1']);
  expect(listing.ended).toEqual([
    { id: '5', title: expect.stringContaining('billing'), endedAtMs: inMinutes(-30) },
    { id: '4', title: 'broker 2 is down', endedAtMs: inMinutes(-90) },
  ]);
});

test('of its messages the newest ten are shown, and of no other’s', () => {
  const outbox = Array.from({ length: 12 }, (_, index) => ({ ...message, id: `3/${index}`, says: `word ${index}` }));
  const [one] = listOf({ incidents: [incident], outbox: [...outbox, { ...message, incidentId: '4' }] }).open;
  expect(one?.messages.map(({ says }) => says)).toEqual(
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => `word ${index}`),
  );
});

describe('what became of a message', () => {
  const outcomeOf = (change: Partial<Message>) => listMessage({ ...message, ...change }, usualRules.reach);
  test.each<[Partial<Message>, object]>([
    [
      { outcome: 'delivered', outcomeAtMs: nowMs },
      { outcome: 'delivered', atMs: nowMs },
    ],
    [
      { outcome: 'refused', outcomeAtMs: nowMs, why: '400' },
      { outcome: 'refused', why: '400' },
    ],
    [{ outcome: 'dropped', outcomeAtMs: nowMs }, { outcome: 'dropped' }],
    [
      { why: 'cut off', mayHaveArrived: true },
      { outcome: 'unknown', why: 'cut off' },
    ],
    [{ mayHaveArrived: true }, { outcome: 'unknown' }],
    [
      { why: '503', tries: 3 },
      { outcome: 'failed', why: '503', tries: 3 },
    ],
    [{ tries: 0 }, { outcome: 'waiting', atMs: inMinutes(-10) }],
  ])('%j', (change, said) => expect(outcomeOf(change)).toMatchObject(said));

  test('is proof only where the endpoint itself answers', () => {
    const toTopic = { by: 'topic', lane: 'topic warning', topic: 'warning', endpoints: ['mail'] } as const;
    expect(outcomeOf({}).provesArrival).toBe(true);
    expect(outcomeOf({ destination: toTopic }).provesArrival).toBe(false);
    const amazonQ = { ...usualRules.reach, kindOf: () => 'amazon-q' };
    expect(listMessage(message, amazonQ).provesArrival).toBe(false);
  });
});
