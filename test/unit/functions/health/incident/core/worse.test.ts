import { describe, expect, test } from 'vitest';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import { at, finding } from '../../../../../support/incident/builders.ts';
import { openPlay, type Play } from '../../../../../support/incident/play.ts';

const filling = (minute: number, more: Partial<Word> = {}): Word =>
  finding('disk-used', 'broker 1', { atMs: at(minute), message: `full in ${90 - minute} min`, ...more });
const worse = (minute: number, more: Partial<Word> = {}): Word => filling(minute, { isWorse: true, ...more });

const opened = (): Play => {
  const play = openPlay();
  play.say(0, filling(0));
  return play;
};
const told = (play: Play, minute: number, ...words: readonly Word[]): readonly string[] =>
  play.say(minute, ...words).map((one) => (one.kind === 'update' ? one.says : one.kind));

describe('a symptom that presses more, while the incident is no worse', () => {
  test('is told in the thread, once, and calls nobody', () => {
    const play = opened();
    const paged = play.paged();
    expect(told(play, 20, worse(20))).toEqual(['It presses more: full in 70 min']);
    expect(told(play, 21, worse(20))).toEqual([]);
    expect(play.paged()).toEqual(paged);
    expect(
      play.document.outbox.filter(({ says }) => says.startsWith('It presses more')).map((one) => one.action),
    ).toEqual(['update', 'update']);
  });
  test('is told as one with others, the worst of them by its words', () => {
    const play = openPlay();
    play.say(0, filling(0), filling(0, { key: 'other', severity: 'warning' }));
    expect(told(play, 9, worse(9, { key: 'other', severity: 'warning', message: 'mild' }), worse(9))).toEqual([
      'It presses more: full in 81 min And so do 1 more of its symptoms.',
    ]);
  });
  test('is told where it alone became worse, and once however often it goes up and down', () => {
    const play = openPlay();
    play.say(0, filling(0), filling(0, { key: 'other', severity: 'warning' }));
    const up = (minute: number) => worse(minute, { key: 'other', message: 'bad' });
    expect(told(play, 5, up(5))).toEqual(['It presses more: bad']);
    play.say(6, filling(6, { key: 'other', severity: 'warning' }));
    expect(told(play, 7, worse(7, { key: 'other', severity: 'warning' }))).toEqual([]);
  });
  test.each([
    ['by whom nothing worse was said', filling(20)],
    ['by an older word', worse(-1)],
    ['by one that is over', worse(20, { says: 'gone', severity: 'ok' })],
    ['by one that is new', worse(20, { key: 'new' })],
  ])('is not told %s', (_name, word) => {
    expect(told(opened(), 20, word)).toEqual([]);
  });
  test('is a rise where the incident is worse by it, and nothing beside', () => {
    expect(told(opened(), 20, worse(20, { severity: 'emergency' }))).toEqual(['raised']);
  });
  test('is not told while somebody wants silence, and is while somebody deals with it', () => {
    const silenced = opened();
    silenced.hear(1, { commands: [{ command: 'silence', incidentId: '1', by: 'alice' }] });
    expect(told(silenced, 20, worse(20))).toEqual([]);
    const acknowledged = opened();
    acknowledged.hear(1, { commands: [{ command: 'ack', incidentId: '1', by: 'alice' }] });
    expect(told(acknowledged, 20, worse(20))).toEqual(['It presses more: full in 70 min']);
  });
  test('is nothing before people were told of the incident', () => {
    const play = openPlay();
    play.say(0, filling(0, { severity: 'warning' }));
    expect(told(play, 1, worse(1, { severity: 'warning' }))).toEqual([]);
  });
});
