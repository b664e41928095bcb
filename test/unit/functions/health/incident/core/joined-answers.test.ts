import { describe, expect, test } from 'vitest';
import type { Acknowledgement, Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { withAnswers } from '../../../../../../functions/health/incident/core/joined-answers.ts';
import type { PagerWord } from '../../../../../../functions/health/incident/core/ladder.ts';
import { merge } from '../../../../../../functions/health/incident/core/membership.ts';
import type { PagingSeverity } from '../../../../../../functions/health/incident/core/words.ts';
import { at, brokerDown, finding, incidentOf, memberOf } from '../../../../../support/incident/builders.ts';

const cause = { kind: 'broker-down', of: '2' } as const;
const first = incidentOf(cause, [memberOf(brokerDown(2))]);
const second = incidentOf(cause, [memberOf(finding('under-replicated', 'cluster'))], {
  id: '2',
  openedAtMs: at(3),
  severitySinceMs: at(3),
});
const ack = (by: string, until: number, severity: PagingSeverity = 'critical'): Acknowledgement => ({
  by,
  atMs: at(1),
  untilMs: at(until),
  severity,
});

describe('who deals with one of two that are one deals with both', () => {
  const kept = (there?: Acknowledgement, one?: Acknowledgement) =>
    merge([
      { ...first, ...(there && { acknowledgement: there }) },
      { ...second, ...(one && { acknowledgement: one }) },
    ]).incidents[0]?.acknowledgement?.by;
  test.each([
    ['nobody', undefined, undefined, undefined],
    ['who deals with the first', ack('alice', 30), undefined, 'alice'],
    ['who deals with the second', undefined, ack('bob', 30), 'bob'],
    ['whose word lasts, where the other has lapsed', ack('alice', 2), ack('bob', 30), 'bob'],
    ['the same the other way round', ack('alice', 30), ack('bob', 2), 'alice'],
    [
      'who knew of worse, since what is said of less does not count',
      ack('alice', 90),
      ack('bob', 30, 'emergency'),
      'bob',
    ],
  ])('%s', (_name, there, one, by) => {
    expect(kept(there, one)).toBe(by);
  });
});

describe('what was said in the pager of one that is joined', () => {
  const saidOf = (word: PagerWord | undefined, was: Incident = second, there: Incident = first) => {
    const merged = { ...merge([there, was]), nextNumber: 3 };
    const pagers = new Map(word === undefined ? [] : [[was.id, word] as const]);
    return withAnswers(merged, [there, was], pagers, at(10)).incidents[0]?.acknowledgement;
  };
  test('goes on as long as it would have there', () => {
    const word = { status: 'acknowledged', by: 'bob', atMs: at(4), untilMs: at(64) } as const;
    expect(saidOf(word)).toEqual({ by: 'bob', atMs: at(4), untilMs: at(64), severity: 'critical' });
  });
  test('and half a day at most, as any word of a person', () => {
    const word = { status: 'acknowledged', atMs: at(4), untilMs: at(4 + 24 * 60) } as const;
    expect(saidOf(word)).toMatchObject({ untilMs: at(4 + 12 * 60) });
  });
  test('and half an hour where it would not have ended', () => {
    expect(saidOf({ status: 'acknowledged' })).toEqual({
      by: 'somebody in the pager',
      atMs: at(10),
      untilMs: at(40),
      severity: 'critical',
    });
  });
  test('beside what was said here counts what lasts longer', () => {
    const there = { ...first, acknowledgement: ack('alice', 20) };
    expect(saidOf({ status: 'acknowledged', by: 'bob', untilMs: at(64) }, second, there)).toMatchObject({ by: 'bob' });
    expect(saidOf({ status: 'acknowledged', by: 'bob', untilMs: at(15) }, second, there)).toMatchObject({
      by: 'alice',
    });
  });
  test.each<[string, PagerWord | undefined]>([
    ['nothing', undefined],
    ['that nobody answered', { status: 'triggered' }],
    ['that it is resolved', { status: 'resolved', by: 'bob' }],
    ['what was said before it was so bad', { status: 'acknowledged', by: 'bob', atMs: at(2) }],
  ])('is nobody’s acknowledgement where it is %s', (_name, word) => {
    expect(saidOf(word)).toBeUndefined();
  });
});
