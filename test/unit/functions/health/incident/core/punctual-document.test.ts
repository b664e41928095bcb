import { describe, expect, test } from 'vitest';
import type { Incident, IncidentDocument } from '../../../../../../functions/health/incident/core/document.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import { punctualDocument } from '../../../../../../functions/health/incident/core/punctual-document.ts';
import type { Work } from '../../../../../../functions/health/incident/core/works.ts';
import { incidentDocument } from '../../../../../../functions/health/incident/document-schema.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../../../../shared/core/units.ts';
import { brokerDown, incidentOf, memberOf, messageOf, workOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';
import { forgeries, nowMs } from '../../../../../support/stored-times/forgeries.ts';
import { fullDocument } from '../../../../../support/stored-times/incident-document.ts';
import { forge, showPath, timesOf } from '../../../../../support/stored-times/schema-times.ts';

const mended = (document: IncidentDocument, atMs = nowMs): IncidentDocument =>
  punctualDocument(document, usualRules, atMs);
const yearMs = nowMs + 365 * dayMs;

test('a sound document is the same object, and a quiet minute writes nothing because of it', () => {
  expect(mended(fullDocument)).toBe(fullDocument);
});

test.each(timesOf(incidentDocument).times.map((path) => [showPath(path), path] as const))(
  'by a year ahead in %s nothing is left that lies ahead for longer than a day, nor anything to mend a second time',
  (_shown, path) => {
    for (const forgery of ['in 3 min', 'in a year', 'in 9999'] as const) {
      const forged = incidentDocument.parse(forge(fullDocument, path, forgeries[forgery]));
      const once = mended(forged);
      if (forgery !== 'in 3 min') expect(once).not.toBe(forged);
      expect(mended(once)).toBe(once);
      const times = [...JSON.stringify(once).matchAll(/Ms":(\d+)/g)].map(([, atMs]) => Number(atMs));
      expect(Math.max(...times)).toBeLessThanOrEqual(nowMs + dayMs);
      expect(incidentDocument.safeParse(once).error).toBeUndefined();
    }
  },
);

const down = memberOf(brokerDown(2, { atMs: nowMs - 5 * minuteMs }));
const sound: Incident = incidentOf({ kind: 'broker-down', of: '2' }, [down], {
  ...{ startedAtMs: nowMs - 12 * minuteMs, bornAtMs: nowMs - 11 * minuteMs, openedAtMs: nowMs - 10 * minuteMs },
  ...{ severitySinceMs: nowMs - 8 * minuteMs, climbedToMs: nowMs - minuteMs },
});
const incident = (more: Partial<Incident>): Incident | undefined =>
  mended({ ...fullDocument, incidents: [{ ...sound, ...more }] }).incidents[0];
const answer = { by: 'ada', atMs: nowMs - 5 * minuteMs, untilMs: nowMs, severity: 'critical' } as const;

describe('an incident', () => {
  test.each<[string, Partial<Incident>, Partial<Incident>]>([
    [
      'whose opening lies ahead was opened with its severity',
      { openedAtMs: yearMs },
      { openedAtMs: nowMs - 8 * minuteMs },
    ],
    [
      'with both ahead is opened now',
      { openedAtMs: yearMs, severitySinceMs: yearMs },
      { openedAtMs: nowMs, severitySinceMs: nowMs },
    ],
    ['opened before it was born was opened then', { openedAtMs: 0 }, { openedAtMs: nowMs - 11 * minuteMs }],
    ['born later than it was opened was born then', { bornAtMs: yearMs }, { bornAtMs: nowMs - 10 * minuteMs }],
    [
      'climbed to what no step is climbs its latest step again',
      { climbedToMs: nowMs + 19 * minuteMs },
      { climbedToMs: nowMs - 10 * minuteMs - 1 },
    ],
    [
      'climbed to a step that is to come was climbed by a person, and stays so',
      { climbedToMs: nowMs + 50 * minuteMs },
      { climbedToMs: nowMs + 50 * minuteMs },
    ],
    ['quiet from a year on is quiet from now', { quietSinceMs: yearMs }, { quietSinceMs: nowMs }],
    [
      'answered for a year is answered for twelve hours',
      { acknowledgement: { ...answer, untilMs: yearMs } },
      { acknowledgement: { ...answer, untilMs: answer.atMs + 12 * hourMs } },
    ],
    [
      'answered in a year is answered now, for as long as was said',
      { acknowledgement: { ...answer, atMs: yearMs } },
      { acknowledgement: { ...answer, atMs: nowMs } },
    ],
    [
      'whose diagnosis is to come hears the next one',
      { diagnosis: { atMs: yearMs, affected: [] } },
      { diagnosis: { atMs: nowMs - 12 * minuteMs, affected: [] } },
    ],
    [
      'whose symptom was heard in a year hears any word of it',
      { members: [{ ...down, heardAtMs: yearMs }] },
      { members: [{ ...down, heardAtMs: 0 }] },
    ],
    [
      'whose symptom begins in a year has it since it was heard',
      { members: [{ ...down, sinceMs: yearMs, goneAtMs: yearMs }] },
      { members: [{ ...down, goneAtMs: nowMs }] },
    ],
    [
      'with times of a clock that is two minutes ahead stays as it is',
      { severitySinceMs: nowMs + 2 * minuteMs, quietSinceMs: nowMs + 2 * minuteMs },
      { severitySinceMs: nowMs + 2 * minuteMs, quietSinceMs: nowMs + 2 * minuteMs },
    ],
  ])('%s', (_what, forged, expected) => {
    expect(incident(forged)).toEqual({ ...sound, ...forged, ...expected });
  });

  test('that ended was quiet before, so that what is said of it now is of another fault', () => {
    const [end] = fullDocument.ended;
    const ended = (more: object) => mended({ ...fullDocument, ended: end ? [{ ...end, ...more }] : [] }).ended[0];
    expect(ended({ quietSinceMs: yearMs })?.quietSinceMs).toBe((end?.endedAtMs ?? 0) - 10 * minuteMs);
    expect(ended({ quietSinceMs: yearMs, endedAtMs: yearMs })).toMatchObject({
      quietSinceMs: nowMs - 10 * minuteMs,
      endedAtMs: nowMs,
    });
  });
});

describe('a work', () => {
  const since = { sinceMs: nowMs - hourMs };
  test.each<[string, Partial<Work>, Partial<Work> | undefined]>([
    ['that is still to begin is none', { key: 'act|storage-scaling', sinceMs: yearMs, untilMs: yearMs }, undefined],
    ['that is still to end is none', { key: 'msk|updating', endedAtMs: yearMs, untilMs: yearMs }, undefined],
    [
      'that MSK ended holds for five minutes more',
      { key: 'msk|updating', endedAtMs: nowMs - minuteMs, untilMs: nowMs + 30 * minuteMs },
      { untilMs: nowMs + 4 * minuteMs },
    ],
    ['of ours takes a day', { key: 'act|storage-scaling', untilMs: yearMs }, { untilMs: nowMs + 23 * hourMs }],
    [
      'of MSK’s takes half an hour a broker, and one',
      { key: 'msk|maintenance', untilMs: yearMs },
      { untilMs: nowMs + hourMs },
    ],
    ['within its limit stays', { key: 'msk|updating', untilMs: nowMs + hourMs }, { untilMs: nowMs + hourMs }],
  ])('%s', (_what, more, expected) => {
    const work = workOf('one-broker', { ...since, ...more });
    expect(mended({ ...fullDocument, works: [work] }).works).toEqual(
      expected === undefined ? [] : [{ ...work, ...expected }],
    );
  });
});

describe('a message', () => {
  const { incidentId: _none, ...alone } = messageOf({ madeAtMs: nowMs - minuteMs, dueAtMs: nowMs - minuteMs });
  const ofIncident: Message = { ...alone, incidentId: '1' };
  test.each<[string, Message, Partial<Message>]>([
    ['made in a year is made now', { ...ofIncident, madeAtMs: yearMs }, { madeAtMs: nowMs }],
    ['that waits for longer than any try is due', { ...ofIncident, dueAtMs: nowMs + 7 * minuteMs }, { dueAtMs: nowMs }],
    [
      'that waits as its endpoint asked it to goes on waiting',
      { ...ofIncident, dueAtMs: nowMs + hourMs, isTooMuch: true },
      { dueAtMs: nowMs + hourMs },
    ],
    ['whose endpoint asked for a year is due', { ...ofIncident, dueAtMs: yearMs, isTooMuch: true }, { dueAtMs: nowMs }],
    [
      'that ends a notice ends it after four hours',
      { ...alone, action: 'resolve', kind: 'notice', dueAtMs: yearMs },
      { dueAtMs: nowMs - minuteMs + 4 * hourMs },
    ],
    [
      'that ends a test ends it after five minutes',
      { ...alone, action: 'resolve', kind: 'test', dueAtMs: nowMs + hourMs },
      { dueAtMs: nowMs + 4 * minuteMs },
    ],
    [
      'that is claimed for a year is claimed for as long as a run may take',
      { ...ofIncident, claim: { by: 'dead', untilMs: yearMs } },
      { claim: { by: 'dead', untilMs: nowMs + 2 * minuteMs } },
    ],
    [
      'of which nobody knows when it was over was so when it was made',
      { ...ofIncident, outcome: 'delivered', outcomeAtMs: yearMs },
      { outcomeAtMs: nowMs - minuteMs },
    ],
    [
      'that failed and was freed in a year did so now',
      { ...ofIncident, failedAtMs: yearMs, freedAtMs: yearMs },
      { failedAtMs: nowMs, freedAtMs: nowMs },
    ],
    [
      'of another clock’s claim and due time stays as it is',
      { ...ofIncident, dueAtMs: nowMs + 285 * secondMs, claim: { by: 'run', untilMs: nowMs + 4 * minuteMs } },
      {},
    ],
  ])('%s', (_what, message, expected) => {
    expect(mended({ ...fullDocument, outbox: [message] }).outbox).toEqual([{ ...message, ...expected }]);
  });
});
