import { describe, expect, test } from 'vitest';
import type { Heard } from '../../../../../../local/drill/people/heard.ts';
import {
  minutesUntilText,
  repeatedTexts,
  withoutAllClear,
} from '../../../../../../local/drill/scenarios/dead-man/judgement.ts';

const startMs = 1_000_000;
const text = (minutes: number, words: string): Heard => ({
  by: 'sms',
  clockMs: startMs + minutes * 60_000,
  where: '+15550100',
  text: words,
  partCount: 1,
});
const ofAlarm = (name: string, state = 'ALARM'): string =>
  `MSKEEPER D> ${state}: "mskeeper/drill/self/${name}" in EU (Ireland)`;

describe('how long it took until a telephone got what CloudWatch says', () => {
  const heard = [
    text(-1, ofAlarm('nobody-told/critical')),
    text(2, 'P0 drill: broker 2 is down, incident 1'),
    text(3, ofAlarm('incident-silent/critical')),
    text(3.5, ofAlarm('nobody-told/critical', 'OK')),
    text(4.5, ofAlarm('nobody-told/critical')),
  ];

  test('counts the composite of that severity alone, since then', () => {
    expect(minutesUntilText(heard, 'critical', startMs)).toBe(4.5);
  });

  test('is not known where it never came: no word of mskeeper’s stands for it', () => {
    expect(minutesUntilText(heard, 'emergency', startMs)).toBeUndefined();
  });
});

test('a text of the same alarm is repeated, one of another is not, nor one of before', () => {
  const heard = [
    text(-1, ofAlarm('nobody-told/critical')),
    text(0, ofAlarm('nobody-told/emergency', 'OK')),
    text(1, ofAlarm('nobody-told/critical')),
    text(2, ofAlarm('nobody-told/emergency')),
    text(3, ofAlarm('nobody-told/critical')),
    text(4, ofAlarm('nobody-told/emergency', 'OK')),
  ];
  expect(repeatedTexts(heard, startMs)).toEqual(['ALARM mskeeper/drill/self/nobody-told/critical']);
});

test('each alarm that a telephone heard of is over by a text of its own, since then', () => {
  const heard = [
    text(0, ofAlarm('nobody-told/critical', 'OK')),
    text(1, ofAlarm('nobody-told/critical')),
    text(2, ofAlarm('nobody-told/emergency')),
    text(3, 'P0 drill: broker 2 is down, incident 1'),
    text(3, ofAlarm('incident-queue-old/critical')),
    text(4, ofAlarm('nobody-told/emergency', 'OK')),
  ];
  expect(withoutAllClear(heard, startMs)).toEqual(['mskeeper/drill/self/nobody-told/critical']);
  const over = [...heard, text(5, ofAlarm('nobody-told/critical', 'OK'))];
  expect(withoutAllClear(over, startMs)).toEqual([]);
  expect(withoutAllClear(over, startMs + 90_000)).toEqual(['mskeeper/drill/self/nobody-told/critical']);
});
