import { describe, expect, test } from 'vitest';
import type { Look, Word } from '../../../../../../functions/health/incident/core/words.ts';
import { type Work, worksNow } from '../../../../../../functions/health/incident/core/works.ts';
import { minuteMs } from '../../../../../../shared/core/units.ts';
import { at, clusterState, finding, look, memberOf, workOf } from '../../../../../support/incident/builders.ts';

const heard = (words: readonly Word[], more: { looks?: readonly Look[]; works?: readonly Work[] } = {}) => ({
  words,
  looks: [],
  works: [],
  ...more,
});
const now = (before: readonly Work[], said: ReturnType<typeof heard>, minute: number, brokerCount = 3) =>
  worksNow(before, said, [], brokerCount, at(minute));
const state = (reason: string, minute: number, more: Partial<Word> = {}): Word =>
  clusterState(reason, { atMs: at(minute), ...more });
const patching = now([], heard([state('maintenance', 0)]), 0);
/** What MSK goes on with: what it does no more has a moment to end. */
const goingOn = (works: readonly Work[]): readonly Work[] => works.filter(({ endedAtMs }) => endedAtMs === undefined);
const keysOf = (works: readonly Work[]): readonly string[] => works.map(({ key }) => key);

describe('what MSK does, by its state', () => {
  test.each([
    ['maintenance', 'disturbs', 120],
    ['rebooting-broker', 'disturbs', 120],
    ['updating', 'disturbs', 120],
    // HEALING brings nothing about: it deals with what broke.
    ['healing', 'repairs', 60],
  ] as const)('%s %s for %d min at most with three brokers', (reason, does, minutes) => {
    expect(now([], heard([state(reason, 0)]), 1)).toMatchObject([
      { key: `msk|${reason}`, does, of: 'one-broker', sinceMs: at(0), untilMs: at(minutes) },
    ]);
  });
  test('takes longer with more brokers', () => {
    expect(now([], heard([state('maintenance', 0)]), 1, 30)[0]?.untilMs).toBe(at(31 * 30));
  });
  test.each([['failed'], ['creating'], ['active']])('%s is no work', (reason) => {
    expect(now([], heard([state(reason, 0)]), 1)).toEqual([]);
  });
  test('is no other check’s to say', () => {
    expect(now([], heard([finding('controller', 'cluster', { reason: 'maintenance' })]), 1)).toEqual([]);
  });
  test('is known by a member, too', () => {
    const live = [memberOf(state('healing', 2, { severity: 'warning' }))];
    expect(keysOf(worksNow([], heard([]), live, 3, at(3)))).toEqual(['msk|healing']);
  });
});

describe('what was known goes on', () => {
  test.each([
    ['while nobody says anything', heard([]), ['msk|maintenance']],
    [
      'while the next look finds the same',
      heard([state('maintenance', 5)], { looks: [look(5, 'cluster-state')] }),
      ['msk|maintenance'],
    ],
    [
      'while MSK cannot be asked',
      heard([state('unknown', 5, { says: 'unproven' })], { looks: [look(5, 'cluster-state')] }),
      ['msk|maintenance'],
    ],
    ['while a look did not judge the state', heard([], { looks: [look(5, 'broker-answers')] }), ['msk|maintenance']],
    [
      'whatever came late',
      heard([state('active', -9, { says: 'gone' })], { looks: [look(-8, 'cluster-state')] }),
      ['msk|maintenance'],
    ],
    ['until its end is said', heard([state('active', 5, { says: 'gone' })]), []],
    ['until a look finds it over', heard([], { looks: [look(5, 'cluster-state')] }), []],
    ['until MSK does something else', heard([state('healing', 5)]), ['msk|healing']],
  ] as const)('%s', (_name, said, keys) => {
    expect(keysOf(goingOn(now(patching, said, 6)))).toEqual(keys);
  });
  test('of two words the newer counts, in whatever order they come', () => {
    const words = [state('active', 7, { says: 'gone' }), state('maintenance', 6)];
    expect(goingOn(now(patching, heard(words), 8))).toEqual([]);
    expect(now(patching, heard(words.toReversed()), 8)).toEqual(now(patching, heard(words), 8));
    expect(now([], heard([state('maintenance', 6)], { looks: [look(7, 'cluster-state')] }), 8)).toEqual([]);
  });
  test('and keeps the limit that it had: what MSK goes on with does not begin anew', () => {
    let works: readonly Work[] = patching;
    for (let minute = 5; minute <= 300; minute += 5) {
      works = now(works, heard([state('maintenance', minute)], { looks: [look(minute, 'cluster-state')] }), minute);
    }
    expect(works).toMatchObject([{ sinceMs: at(0), untilMs: at(120) }]);
    expect(now(patching, heard([]), 120 + 24 * 60)).toEqual([]);
  });
  test('and once it is over what it brought about has 5 min to end, whatever comes late', () => {
    const over = heard([state('active', 5, { says: 'gone' })]);
    const [patched] = patching;
    const settling = [{ ...patched, endedAtMs: at(5), untilMs: at(10) }];
    const ended = now(patching, over, 6);
    expect(ended).toEqual(settling);
    expect(now(ended, over, 7)).toEqual(settling);
    expect(now(ended, heard([state('maintenance', 4)]), 7)).toEqual(settling);
    expect(now(ended, heard([]), 9)).toEqual(settling);
    expect(now(ended, heard([]), 10)).toEqual([]);
    expect(now(patching, over, 10)).toEqual([]);
  });
  test('and begins anew where MSK does it again', () => {
    const ended = now(patching, heard([state('active', 5, { says: 'gone' })]), 6);
    expect(now(ended, heard([state('maintenance', 8)]), 8)).toEqual(now([], heard([state('maintenance', 8)]), 8));
  });
  test('HEALING leaves nothing: it brings nothing about', () => {
    const healing = now([], heard([state('healing', 0)]), 0);
    expect(now(healing, heard([state('active', 5, { says: 'gone' })]), 6)).toEqual([]);
  });
  test('began as early as anybody says', () => {
    const early = state('maintenance', 5, { sinceMs: at(-20) });
    expect(now(patching, heard([early]), 6)[0]?.sinceMs).toBe(at(-20));
  });
});

describe('a work of ours', () => {
  const act = workOf('disk', { key: 'act|1', does: 'repairs', untilMs: at(60) });
  const over = (minute: number, key = 'act|1'): Work => ({ ...act, key, sinceMs: at(minute), untilMs: at(minute) });
  const underWay = (works: readonly Work[], minute: number): readonly Work[] =>
    works.filter(({ sinceMs, untilMs }) => sinceMs <= at(minute) && at(minute) < untilMs);
  test('is known until its end is said', () => {
    expect(keysOf(now([], heard([], { works: [act] }), 1))).toEqual(['act|1']);
    expect(keysOf(now([act], heard([]), 59))).toEqual(['act|1']);
    expect(underWay(now([act], heard([], { works: [over(2)] }), 2), 2)).toEqual([]);
    expect(keysOf(underWay(now([act], heard([], { works: [over(2, 'act|2')] }), 2), 2))).toEqual(['act|1']);
  });
  test('is over at its own limit, and remembered for a day', () => {
    expect(now([act], heard([]), 60)).toEqual([act]);
    expect(underWay([act], 60)).toEqual([]);
    expect(now([act], heard([]), 60 + 24 * 60 - 1)).toEqual([act]);
    expect(now([act], heard([]), 60 + 24 * 60)).toEqual([]);
  });
  test('is as it was told last', () => {
    const longer = { ...act, sinceMs: at(2), untilMs: act.untilMs + minuteMs };
    expect(now([act], heard([], { works: [longer] }), 2)).toEqual([longer]);
  });
  test('does not begin anew by an older word that comes late', () => {
    const ended = now([act], heard([], { works: [over(5)] }), 5);
    expect(underWay(now(ended, heard([], { works: [act] }), 6), 6)).toEqual([]);
    expect(underWay(now([], heard([], { works: [over(5), act] }), 6), 6)).toEqual([]);
    expect(underWay(now([], heard([], { works: [act, over(5)] }), 6), 6)).toEqual([]);
    const again = { ...act, sinceMs: at(7), untilMs: at(90) };
    expect(underWay(now(ended, heard([], { works: [again] }), 8), 8)).toEqual([again]);
    expect(now([again], heard([], { works: [over(5)] }), 8)).toEqual([again]);
  });
  test('of two words of one moment is over by the one that leaves less time', () => {
    expect(now([], heard([], { works: [act, over(0)] }), 1)).toEqual([over(0)]);
    expect(now([], heard([], { works: [over(0), act] }), 1)).toEqual([over(0)]);
  });
  test('outlasts what is said of MSK', () => {
    expect(keysOf(now([act], heard([state('active', 5, { says: 'gone' })]), 6))).toEqual(['act|1']);
  });
});
