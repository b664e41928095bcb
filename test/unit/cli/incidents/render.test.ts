import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderIncident, renderListing } from '../../../../cli/incidents/render.ts';
import type { ListedMessage } from '../../../../functions/health/incident/core/listed-message.ts';
import type { ListedIncident, Listing } from '../../../../functions/health/incident/core/listing.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { cases } from '../../../support/depth.ts';
import { hostile, hostileName, hostileText } from '../../../support/hostile.ts';

const nowMs = Date.UTC(2026, 10, 28, 3);
const inMinutes = (minutes: number): number => nowMs + minutes * minuteMs;

const message: ListedMessage = {
  kind: 'opened',
  says: 'P1: broker 2 is down.',
  endpoints: ['on-call'],
  provesArrival: true,
  outcome: 'delivered',
  atMs: inMinutes(-10),
  tries: 1,
};
const incident: ListedIncident = {
  id: '12',
  title: 'broker 2 is down',
  severity: 'critical',
  startedAtMs: inMinutes(-12),
  openedAtMs: inMinutes(-10),
  answerByMs: inMinutes(5),
  liveCount: 4,
  nextRung: { atMs: inMinutes(20), isHeldBack: false, raisesTo: 'emergency', levels: [], endpoints: ['phone', 'text'] },
  messages: [message],
};
const linesOf = (one: ListedIncident): readonly string[] => renderIncident(one, { hasColors: false }).split('\n');

describe('an incident', () => {
  test('says how bad, how it stands, since when, until when, who is next, and what was told', () => {
    expect(linesOf(incident)).toEqual([
      '12  P1  open  broker 2 is down',
      '    since 2026-11-28 02:48:00Z, people told at 2026-11-28 02:50:00Z, answer by 2026-11-28 03:05:00Z, 4 symptoms',
      '    next at 2026-11-28 03:20:00Z: P0 by phone, text',
      '    2026-11-28 02:50:00Z opened to on-call: delivered',
    ]);
  });

  const acknowledgement = { by: 'alice', atMs: nowMs, untilMs: inMinutes(30), severity: 'critical' } as const;
  test.each<[string, Partial<ListedIncident>, readonly string[]]>([
    ['acknowledged', { acknowledgement }, ['acknowledged by alice until 2026-11-28 03:30:00Z']],
    [
      'silenced',
      { acknowledgement: { ...acknowledgement, isSilence: true } },
      ['silenced by alice until 2026-11-28 03:30:00Z'],
    ],
    [
      'called over',
      { resolution: { by: 'bob', atMs: nowMs, severity: 'critical' }, acknowledgement },
      ['called over by bob at 2026-11-28 03:00:00Z'],
    ],
    [
      'acknowledged in the pager',
      { pager: { status: 'acknowledged', by: 'carol' } },
      ['the pager says acknowledged by carol'],
    ],
    ['open', { pager: { status: 'triggered' } }, ['the pager says triggered']],
    [
      'open',
      { pager: { status: 'resolved', by: 'orders', isByNobody: true } },
      ['the pager ended it by itself, and nobody answered'],
    ],
    ['quiet', { quietSinceMs: inMinutes(-1) }, ['no symptom since 2026-11-28 02:59:00Z']],
    [
      'open',
      { dealing: { what: 'MSK replaces an unhealthy broker', untilMs: inMinutes(60) } },
      ['MSK replaces an unhealthy broker, until 2026-11-28 04:00:00Z at most'],
    ],
    [
      'open',
      { nextRung: { atMs: nowMs, isHeldBack: true, levels: ['management'], endpoints: ['boss'] } },
      ['next at 2026-11-28 03:00:00Z, held back as it stands: management by boss'],
    ],
    [
      'open',
      { nextRung: { atMs: nowMs, isHeldBack: false, levels: [], endpoints: [] } },
      ['next at 2026-11-28 03:00:00Z: nobody who can be reached'],
    ],
  ])('that is %s says by whom and until when (%j)', (word, change, details) => {
    const lines = linesOf({ ...incident, ...change });
    expect(lines[0]).toBe(`12  P1  ${word}  broker 2 is down`);
    for (const detail of details) expect(lines.join('\n')).toContain(detail);
  });

  test('that nobody was told of says so', () => {
    const { openedAtMs: _none, answerByMs: _neither, nextRung: _nor, ...waiting } = incident;
    expect(linesOf({ ...waiting, messages: [] })).toEqual([
      '12  P1  not told yet  broker 2 is down',
      '    since 2026-11-28 02:48:00Z, nobody was told yet, 4 symptoms',
    ]);
  });
});

test.each<[Partial<ListedMessage>, string]>([
  [{ provesArrival: false }, 'SNS took it; whether it arrived only its reader knows'],
  [{ outcome: 'refused', why: 'invalid key' }, 'refused (invalid key)'],
  [{ outcome: 'failed', why: '503', tries: 3 }, 'not delivered yet, tried again, 3 tries (503)'],
  [{ outcome: 'unknown', provesArrival: false }, 'sent, and nobody knows whether it arrived'],
  [{ outcome: 'waiting' }, 'not sent yet'],
  [{ outcome: 'dropped' }, 'not sent: there was nothing left to say'],
])('a message %j is told as it is', (change, said) => {
  expect(linesOf({ ...incident, messages: [{ ...message, ...change }] }).at(-1)).toBe(
    `    2026-11-28 02:50:00Z opened to on-call: ${said}`,
  );
});

test('a list shows the newest three messages of each, and what ended', () => {
  const listing: Listing = {
    atMs: nowMs,
    open: [{ ...incident, messages: Array.from({ length: 9 }, () => message) }],
    ended: [{ id: '9', title: 'group billing is behind', endedAtMs: inMinutes(-60) }],
  };
  const lines = renderListing(listing, { hasColors: false }).split('\n');
  expect(lines.filter((line) => line.includes('opened to'))).toHaveLength(3);
  expect(lines.slice(-5)).toEqual([
    '',
    '9  ended  2026-11-28 02:00:00Z  group billing is behind',
    '',
    '1 open, 1 ended within a day',
    '',
  ]);
  expect(renderListing({ atMs: nowMs, open: [], ended: [] }, { hasColors: false })).toBe(
    '0 open, 0 ended within a day\n',
  );
});

/** Everything that somebody else may have chosen or said. */
const named = (text: string): ListedIncident => ({
  ...incident,
  id: text,
  title: text,
  acknowledgement: { by: text, atMs: nowMs, untilMs: nowMs, severity: 'critical' },
  resolution: { by: text, atMs: nowMs, severity: 'critical' },
  pager: { status: 'acknowledged', by: text },
  dealing: { what: text, untilMs: nowMs },
  nextRung: { atMs: nowMs, isHeldBack: false, levels: [text], endpoints: [text] },
  messages: [{ ...message, endpoints: [text], why: text, outcome: 'refused' }],
});

test('nothing of somebody else’s words is obeyed by a terminal, or makes a line', () => {
  const lineCount = (text: string, columns?: number) => {
    const listing: Listing = { atMs: nowMs, open: [named(text)], ended: [{ id: text, title: text, endedAtMs: nowMs }] };
    const lines = stripVTControlCharacters(renderListing(listing, { hasColors: true, columns })).split('\n');
    for (const line of lines) expect(line).not.toMatch(hostile);
    return lines;
  };
  const plainCount = lineCount('name').length;
  expect(lineCount(hostileName('bob'))).toHaveLength(plainCount);
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(lineCount(text)).toHaveLength(plainCount);
      for (const line of lineCount(text, 60)) expect(line).not.toMatch(/^\s*plan\s+none/);
    }),
    cases(200, 5_000),
  );
});
