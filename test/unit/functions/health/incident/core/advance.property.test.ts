import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  advance,
  type Heard,
  nothingHeard,
  quietMs,
} from '../../../../../../functions/health/incident/core/advance.ts';
import { causeKey } from '../../../../../../functions/health/incident/core/causes.ts';
import {
  emptyDocument,
  type Happening,
  type IncidentDocument,
} from '../../../../../../functions/health/incident/core/document.ts';
import { isLive } from '../../../../../../functions/health/incident/core/member.ts';
import { alarmWordKey, findingWordKey, type Word } from '../../../../../../functions/health/incident/core/words.ts';
import { minuteMs } from '../../../../../../shared/core/units.ts';
import { cases } from '../../../../../support/depth.ts';

const startMs = Date.parse('2026-11-28T03:00:00Z');
const procedure = 'cluster-health';

const rules = {
  ladders: {
    emergency: [
      { afterMinutes: 60, level: 'management' },
      { afterMinutes: 120, level: 'executives' },
    ],
    critical: [
      { afterMinutes: 30, raisesTo: 'emergency' },
      { afterMinutes: 60, level: 'management' },
    ],
    warning: [{ afterMinutes: 15, raisesTo: 'critical' }],
  },
  reach: {
    kindOf: () => 'pagerduty',
    bySeverity: (severity: string) => [`on-call-${severity}`],
    byTopic: () => [],
    byLevel: (level: string) => [level],
  },
  brokerCount: 3,
  windows: [],
  frame: {
    cluster: 'orders',
    clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-2',
    region: 'eu-west-1',
    accountId: '111122223333',
    responseMinutes: { emergency: 5, critical: 15, warning: 60 },
    contacts: [],
  },
  checksOfRule: (_procedure: string, rule: string) =>
    rule === 'brokers-unreachable' ? ['broker-answers'] : rule === 'under-replicated' ? ['under-replicated'] : [],
} as const;

const finding = (
  check: string,
  subject: string,
  severity: Word['severity'],
  reason: string,
  atMs: number,
  says: Word['says'],
): Word => ({
  key: findingWordKey(procedure, check, subject),
  by: 'finding',
  procedure,
  check,
  subject,
  severity,
  reason,
  message: `${check} of ${subject}`,
  source: 'brokers',
  brokers: [],
  sinceMs: atMs,
  atMs,
  says,
});

const alarm = (rule: string, severity: Word['severity'], atMs: number, says: 'live' | 'unproven'): Word => ({
  key: alarmWordKey(rule),
  by: 'alarm',
  procedure,
  check: rule,
  subject: 'cluster',
  severity,
  reason: 'threshold',
  message: rule,
  source: 'brokers',
  brokers: [],
  sinceMs: atMs,
  atMs,
  says,
});

const dead = (atMs: number) => [
  finding('broker-answers', 'broker 2', 'critical', 'timed-out', atMs, 'live'),
  finding('under-replicated', 'cluster', 'critical', 'above-critical', atMs, 'live'),
];

/** Everything that is said while broker 2 dies, comes back for a moment, and stays away until the end. */
const wordsOfOneFault: readonly Word[] = [
  alarm('brokers-unreachable', 'critical', startMs + 1, 'live'),
  alarm('under-replicated', 'critical', startMs + 2, 'live'),
  ...dead(startMs + 20_000),
  alarm('brokers-unreachable', 'critical', startMs + 3 * minuteMs, 'unproven'),
  finding('broker-answers', 'broker 2', 'ok', 'answers', startMs + 4 * minuteMs, 'gone'),
  alarm('brokers-unreachable', 'critical', startMs + 5 * minuteMs, 'live'),
  ...dead(startMs + 6 * minuteMs),
];

type Play = { readonly document: IncidentDocument; readonly happenings: readonly Happening[] };

const play = (batches: readonly (Heard & { readonly atMs: number })[]): Play => {
  let document = emptyDocument;
  const happenings: Happening[] = [];
  for (const { atMs, ...heard } of batches) {
    const advanced = advance(document, heard, rules, { pagerByIncident: new Map() }, atMs);
    document = advanced.document;
    happenings.push(...advanced.happenings);
  }
  return { document, happenings };
};

/** What the last sweep says, whatever got lost before. */
const sweepAlive = (atMs: number): Heard & { readonly atMs: number } => ({
  ...nothingHeard,
  atMs,
  words: [
    ...dead(atMs),
    alarm('brokers-unreachable', 'critical', atMs, 'live'),
    alarm('under-replicated', 'critical', atMs, 'live'),
  ],
  looks: [{ procedure, atMs, judgedChecks: ['broker-answers', 'under-replicated'] }],
});

const sweepOver = (atMs: number): Heard & { readonly atMs: number } => ({
  ...nothingHeard,
  atMs,
  words: [
    alarm('brokers-unreachable', 'critical', atMs - 1, 'unproven'),
    alarm('under-replicated', 'critical', atMs - 1, 'unproven'),
  ],
  looks: [{ procedure, atMs, judgedChecks: ['broker-answers', 'under-replicated'] }],
});

const quiet = (atMs: number): Heard & { readonly atMs: number } => ({ ...nothingHeard, atMs });

/** Any of the words, in any order, some of them twice, some of them never, at any time after they were true. */
const deliveries = fc
  .array(fc.tuple(fc.nat(wordsOfOneFault.length - 1), fc.nat(12 * minuteMs)), { maxLength: 30 })
  .map((picks) =>
    picks
      .map(([index, passedMs]) => {
        const word = wordsOfOneFault[index];
        const atMs = Math.max(startMs + passedMs, word?.atMs ?? 0);
        return { ...nothingHeard, atMs, words: word === undefined ? [] : [word] };
      })
      .toSorted((left, right) => left.atMs - right.atMs),
  );

test('one fault in any order, doubled, delayed and lost ends in the same state, and is told of once', () => {
  fc.assert(
    fc.property(deliveries, (batches) => {
      const sweepMs = startMs + 15 * minuteMs;
      const alive = [...batches, sweepAlive(sweepMs), quiet(sweepMs + minuteMs)];
      const { document, happenings } = play(alive);
      expect(document.incidents.map(({ cause, severity }) => [causeKey(cause), severity])).toEqual([
        ['broker-down|2', 'critical'],
      ]);
      const keys = document.incidents.flatMap(({ members }) => members.filter(isLive).map(({ key }) => key));
      expect(keys.toSorted()).toEqual(
        [
          ...dead(0).map(({ key }) => key),
          alarmWordKey('brokers-unreachable'),
          alarmWordKey('under-replicated'),
        ].toSorted(),
      );
      const opened = happenings.filter(({ kind }) => kind === 'opened');
      const joined = happenings.filter(({ kind }) => kind === 'joined');
      expect(opened.length - joined.length).toBeLessThanOrEqual(1);

      const overMs = sweepMs + 5 * minuteMs;
      const over = play([...alive, sweepOver(overMs), quiet(overMs + quietMs), quiet(overMs + 25 * 60 * minuteMs)]);
      expect(over.document.incidents).toEqual([]);
      expect(over.document.ended).toEqual([]);
    }),
    cases(2_000, 100_000),
  );
});
