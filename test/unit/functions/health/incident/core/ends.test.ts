import { describe, expect, test } from 'vitest';
import type { Happening } from '../../../../../../functions/health/incident/core/document.ts';
import { sweepOf } from '../../../../../../functions/health/incident/core/sweep.ts';
import type { AlarmRoster, Word } from '../../../../../../functions/health/incident/core/words.ts';
import { alarm, at, brokerDown } from '../../../../../support/incident/builders.ts';
import { openPlay, type Play } from '../../../../../support/incident/play.ts';

/** No incident stays open for ever, whatever becomes of what it is made of. */

const kindsOf = (happenings: readonly Happening[]): readonly string[] => happenings.map(({ kind }) => kind);
const lagWords = (
  minute: number,
  state: 'ALARM' | 'INSUFFICIENT_DATA',
  severity: 'critical' | 'warning' = 'critical',
): readonly Word[] =>
  sweepOf(
    [
      {
        name: `mskeeper/orders/consumer-lag/lag-messages/${severity}/billing`,
        owner: 'consumer-lag',
        rule: 'lag-messages',
        severity,
        sentence: 'group billing is behind.',
        state,
        changedAtMs: at(minute),
      },
    ],
    [],
    at(minute),
  ).words;
const resolve = { commands: [{ command: 'resolve', incidentId: '1', by: 'alice' } as const] };
const none = (minute: number): { readonly roster: AlarmRoster } => ({ roster: { atMs: at(minute), keys: new Set() } });
const says = (play: Play): readonly string[] =>
  play.document.outbox.filter(({ action }) => action === 'resolve').map(({ says: text }) => text);

describe('an alarm that was deleted while it fired', () => {
  const begun = (...words: readonly Word[]): Play => {
    const play = openPlay();
    play.say(0, ...words);
    play.pass(1, 4);
    return play;
  };
  test('ends once CloudWatch has it no more, ten minutes later, and the end says so', () => {
    const play = begun(...lagWords(0, 'ALARM'));
    const happenings = play.pass(5, 20, (minute) => (minute % 5 === 0 ? none(minute) : {}));
    expect(kindsOf(happenings)).toEqual(['closed']);
    expect(says(play)[0]).toContain('since CloudWatch has its alarm no more');
  });
  test('ends no finding beside it', () => {
    const play = begun(brokerDown(2), alarm('brokers-unreachable'));
    expect(kindsOf(play.pass(5, 29, none))).toEqual([]);
    expect(play.document.incidents[0]?.members.map(({ goneAtMs }) => goneAtMs)).toEqual([undefined, at(5)]);
  });
});

describe('an alarm whose data do not come back', () => {
  const silent = (): Play => {
    const play = openPlay();
    play.say(0, ...lagWords(0, 'ALARM'));
    play.pass(1, 4);
    play.say(5, ...lagWords(5, 'INSUFFICIENT_DATA'));
    return play;
  };
  const sweeps = (minute: number) => (minute % 5 === 0 ? { words: lagWords(5, 'INSUFFICIENT_DATA') } : {});

  test('keeps its incident open by itself', () => {
    expect(kindsOf(silent().pass(6, 200, sweeps))).not.toContain('closed');
  });
  test('ends by a person’s word, ten minutes later, and that is what people hear', () => {
    const play = silent();
    const [obeyed] = play.hear(6, resolve);
    expect(obeyed?.kind === 'update' && obeyed.says).toContain(
      'alice called it over. Whether it is, nothing says any more',
    );
    expect(kindsOf(play.pass(7, 200, sweeps))).toEqual(['closed']);
    expect(says(play)[0]).toBe(
      'It is over, after 6 min: for 10 min nothing told of its symptom. Last to end: cluster, lag-messages, by the word of alice: nothing could prove it.',
    );
    expect(play.document.incidents).toEqual([]);
  });
  test('does not end by it where it fires again', () => {
    const play = silent();
    play.hear(6, resolve);
    play.say(8, ...lagWords(8, 'ALARM'));
    expect(kindsOf(play.pass(9, 60))).toEqual([]);
    expect(play.document.incidents).toMatchObject([{ resolution: { by: 'alice' } }]);
  });
  test('does not end by it beside an alarm that fires', () => {
    const play = silent();
    play.say(6, ...lagWords(6, 'ALARM', 'warning'));
    expect(play.document.incidents).toHaveLength(1);
    const [obeyed] = play.hear(7, resolve);
    expect(obeyed?.kind === 'update' && obeyed.says).toContain('called it over while 2 of its symptoms go on');
    expect(kindsOf(play.pass(8, 60))).not.toContain('closed');
  });
});
