import { describe, expect, test } from 'vitest';
import { type Heard, wordsOf } from '../../../../../../local/drill/people/heard.ts';
import {
  badTexts,
  differences,
  firstWordAt,
  keysCalled,
  keysCalledTwice,
  ringingSince,
  threadsIn,
  unended,
} from '../../../../../../local/drill/scenarios/incident/judgement.ts';

const minuteMs = 60_000;
const startMs = 1_000_000;

const paged = (minutes: number, told: Partial<Extract<Heard, { by: 'pagerduty' }>> = {}): Heard => ({
  by: 'pagerduty',
  clockMs: startMs + minutes * minuteMs,
  where: 'on-call',
  what: 'called',
  key: 'drill-1',
  urgency: 'high',
  text: '[P1] drill: broker 2 is down',
  who: 'on-call',
  ...told,
});
const posted = (minutes: number, header: string, threadTs?: string): Heard => ({
  by: 'slack',
  clockMs: startMs + minutes * minuteMs,
  where: 'C1',
  ts: String(minutes),
  isBroadcast: false,
  parts: [{ kind: 'header', text: header }, { fields: ['Since\n02:00', 'Answer by\n02:15'] }],
  ...(threadTs !== undefined && { threadTs }),
});
const texted = (minutes: number, told: Partial<Extract<Heard, { by: 'sms' }>> = {}): Heard => ({
  by: 'sms',
  clockMs: startMs + minutes * minuteMs,
  where: '+15550100',
  text: 'P0 drill: broker 2 is down, incident 1, rung 30 min',
  partCount: 1,
  ...told,
});

describe('whose telephone rang when', () => {
  test('is told in whole minutes, and by which way', () => {
    const heard = [paged(0), paged(40.2, { what: 'called again' }), texted(41.9)];
    expect(ringingSince(heard, startMs)).toEqual(['0 on-call', '40 on-call again', '41 text to +15550100']);
  });

  test('has nothing that rings nobody, and nothing of before', () => {
    const silent = (['added', 'acknowledged', 'resolved'] as const).map((what) => paged(1, { what }));
    expect(ringingSince([...silent, posted(1, 'x')], startMs)).toEqual([]);
    expect(ringingSince([paged(-1)], startMs)).toEqual([]);
  });
});

describe('what differs', () => {
  test.each([
    [['a', 'b'], ['a', 'b'], []],
    [['a'], ['a', 'b'], ['missing: b']],
    [['a', 'c'], ['a'], ['too much: c']],
    [['a', 'a'], ['a'], ['too much: a']],
    [[], ['a'], ['missing: a']],
  ])('of %j where %j was to be', (seen, wanted, expected) => {
    expect(differences(seen, wanted)).toEqual(expected);
  });
});

test('keys count once for each service that called under them', () => {
  const heard = [
    paged(0),
    paged(0, { what: 'added' }),
    paged(40, { what: 'called again' }),
    paged(41, { where: 'phone' }),
  ];
  expect(keysCalled(heard)).toEqual(['on-call drill-1', 'phone drill-1']);
});

test('a key that begins to call twice is the same page twice; one whose answer lapsed is not', () => {
  expect(keysCalledTwice([paged(0), paged(40, { what: 'called again' }), paged(0, { where: 'phone' })])).toEqual([]);
  expect(keysCalledTwice([paged(0), paged(9, { what: 'resolved' }), paged(10)])).toEqual(['on-call drill-1']);
});

test('a thread is its first message', () => {
  expect(threadsIn([posted(0, 'a'), posted(1, 'b', '0'), posted(2, 'c')])).toEqual(['0', '2']);
});

test('a text in two parts, or of no incident, is bad', () => {
  expect(
    badTexts([texted(0), texted(1, { partCount: 2 }), texted(2, { text: 'P0 drill: broker 2 is down' })]),
  ).toHaveLength(2);
});

describe('who was told of a beginning and of no end', () => {
  test('is a key of PagerDuty, and a channel', () => {
    expect(unended([paged(0), posted(0, '[P1] drill: broker 2 is down')])).toEqual(['on-call drill-1', 'C1']);
  });

  test('is nobody where PagerDuty resolved and Slack says closed', () => {
    const heard = [
      paged(0),
      paged(9, { what: 'resolved' }),
      posted(0, '[P1] drill'),
      posted(9, '[P0 closed] drill', '0'),
    ];
    expect(unended(heard)).toEqual([]);
  });

  test('is one key where only the other one ended; a text and a mail only begin', () => {
    const heard = [paged(0), paged(1, { where: 'phone', key: 'p' }), paged(9, { what: 'resolved' }), texted(2)];
    expect(unended(heard)).toEqual(['phone p']);
  });
});

test('all words of a message in Slack are looked through', () => {
  expect(wordsOf(posted(0, 'header'))).toBe('header\nSince\n02:00\nAnswer by\n02:15');
});

describe('the first word of a fault', () => {
  const event = (type: string, seconds: number, detail: object) => ({
    event: { 'detail-type': type, time: new Date(startMs + seconds * 1000).toISOString(), detail },
  });
  const finding = (seconds: number, change: string) => event('mskeeper finding', seconds, { change });
  const alarm = (seconds: number, value: string) =>
    event('CloudWatch Alarm State Change', seconds, { state: { value } });

  test('is a finding that opened or an alarm that fired, whichever was first', () => {
    expect(firstWordAt([finding(9, 'opened'), alarm(7, 'ALARM')], startMs)).toBe(startMs + 7_000);
    expect(firstWordAt([finding(3, 'opened'), alarm(7, 'ALARM')], startMs)).toBe(startMs + 3_000);
  });

  test('is neither what is as it was, nor what got well, nor what was before', () => {
    const others = [finding(1, 'still'), finding(2, 'closed'), alarm(3, 'OK'), finding(-1, 'opened')];
    expect(firstWordAt(others, startMs)).toBeUndefined();
  });
});
