import { describe, expect, test } from 'vitest';
import type { Heard } from '../../../../../../local/drill/people/heard.ts';
import { minutesUntilText, repeatedTexts } from '../../../../../../local/drill/scenarios/dead-man/judgement.ts';

const startMs = 1_000_000;
const text = (minutes: number, words: string): Heard => ({
  by: 'sms',
  clockMs: startMs + minutes * 60_000,
  where: '+15550100',
  text: words,
  partCount: 1,
});
const ofAlarm = (name: string): string => `MSKEEPER D> ALARM: "mskeeper/drill/self/${name}" in EU (Ireland)`;

describe('how long it took until a telephone got what CloudWatch says', () => {
  const heard = [
    text(-1, ofAlarm('nobody-told/critical')),
    text(2, 'P0 drill: broker 2 is down, incident 1'),
    text(3, ofAlarm('incident-silent/critical')),
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
    text(1, ofAlarm('nobody-told/critical')),
    text(2, ofAlarm('nobody-told/emergency')),
    text(3, ofAlarm('nobody-told/critical')),
  ];
  expect(repeatedTexts(heard, startMs)).toEqual(['mskeeper/drill/self/nobody-told/critical']);
});
