import { describe, expect, test } from 'vitest';
import { wordsOfDeliveries } from '../../../../../../functions/health/incident/core/delivery-words.ts';
import type { Happening } from '../../../../../../functions/health/incident/core/document.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import { alarm, at, brokerDown, finding, look, workOf } from '../../../../../support/incident/builders.ts';
import { openPlay, type Play } from '../../../../../support/incident/play.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

/** What users of other pagers complained of in public, by the number of the issue, and why it does not happen here. */

const down = (minute: number, more: Partial<Word> = {}): Word => brokerDown(2, { atMs: at(minute), ...more });
const answers = (minute: number): Word => down(minute, { says: 'gone', severity: 'ok' });
const firing = (minute: number): Word => alarm('brokers-unreachable', { atMs: at(minute) });
const ok = (minute: number): Word => alarm('brokers-unreachable', { atMs: at(minute), says: 'unproven' });
const judged = (minute: number) => ({ looks: [look(minute, 'broker-answers')] });
const kindsOf = (happenings: readonly Happening[]): readonly string[] => happenings.map(({ kind }) => kind);
const opened = (): Play => {
  const play = openPlay();
  play.say(0, down(0));
  return play;
};
const sentAfter = (play: Play, minute: number): readonly Message[] =>
  play.document.outbox.filter(({ madeAtMs }) => madeAtMs > at(minute));

// prometheus/alertmanager #204, #3048: nothing dampens a flap.
test('an alarm that flaps each minute for an hour pages once', () => {
  const play = openPlay();
  play.hear(0, { words: [firing(0)] });
  play.pass(1, 25, (minute) => ({ words: [minute % 2 === 0 ? firing(minute) : ok(minute)] }));
  expect(play.paged()).toEqual(['on-call 1', 'chat 1']);
  const happenings = play.pass(26, 60, (minute) =>
    minute === 26 ? { words: [ok(26)] } : minute % 5 === 0 ? judged(minute) : {},
  );
  expect(kindsOf(happenings)).toEqual(['closed']);
});

// nagios nagioscore #91: after flapping nobody is told that it recovered.
test('the end is told after a flap as after any other fault', () => {
  const play = opened();
  for (let minute = 1; minute < 30; minute += 1) play.say(minute, minute % 2 === 0 ? down(minute) : answers(minute));
  play.say(30, answers(30));
  play.pass(31, 40);
  expect(sentAfter(play, 30).map(({ action, destination }) => `${action} ${destination.endpoints.join()}`)).toEqual([
    'resolve on-call',
    'resolve chat',
  ]);
});

// grafana #42683: the OK of one member closes the whole group.
test('one member that ends ends no incident', () => {
  const play = openPlay();
  play.say(0, down(0), finding('under-replicated', 'cluster'), firing(0));
  play.say(1, answers(1));
  expect(kindsOf(play.pass(2, 300))).not.toContain('closed');
  expect(play.document.incidents).toHaveLength(1);
});

// grafana oncall #5392: what somebody resolves by hand while it fires pages again.
describe('what is resolved by hand while it fails', () => {
  test.each(['here', 'in the pager'])('%s pages nobody anew, and its end is told all the same', (where) => {
    const play = opened();
    if (where === 'here') play.hear(1, { commands: [{ command: 'resolve', incidentId: '1', by: 'alice' }] });
    else play.pager = { status: 'resolved', by: 'alice' };
    play.pass(2, 200, (minute) => ({ words: [down(minute)] }));
    expect(play.paged()).toEqual(['on-call 1', 'chat 1']);
    play.say(201, answers(201));
    expect(kindsOf(play.pass(202, 211))).toEqual(['closed']);
  });
  test('until it gets worse', () => {
    const play = opened();
    play.hear(1, { commands: [{ command: 'resolve', incidentId: '1', by: 'alice' }] });
    play.say(5, finding('offline-partitions', 'cluster', { atMs: at(5), severity: 'emergency' }));
    expect(play.paged()).toContain('phone 1/emergency');
  });
});

// grafana oncall #3161: an acknowledgement that meets the end opens it again.
test('an acknowledgement while it is quiet opens nothing, and one after its end finds nothing', () => {
  const play = opened();
  play.say(1, answers(1));
  const ack = { commands: [{ command: 'ack', incidentId: '1', by: 'alice' } as const] };
  expect(kindsOf(play.hear(10, ack))).toEqual(['update']);
  expect(kindsOf(play.hear(11))).toEqual(['closed']);
  expect(play.hear(12, ack)).toEqual([]);
  expect(play.document.incidents).toEqual([]);
});

// grafana oncall #4760: who acknowledged is paged all the same.
test('who acknowledged is not paged, not by a rung, not by a better name, and not by an endpoint that fails', () => {
  const play = openPlay();
  play.say(0, finding('under-replicated', 'cluster'));
  play.hear(1, { commands: [{ command: 'ack', incidentId: '1', by: 'alice', forMinutes: 300 }] });
  play.say(2, down(2));
  play.pass(3, 200, (minute) => ({ words: [down(minute)] }));
  expect(play.paged()).toEqual(['on-call 1', 'chat 1']);
});

// grafana oncall #2335: nothing tells the endpoint that it is over.
test('every endpoint that was paged hears the end, under the key that it knows, but for a text', () => {
  const play = opened();
  play.pass(1, 130);
  play.say(131, answers(131));
  play.pass(132, 141);
  const lanes = (action: Message['action']) =>
    play.document.outbox
      .filter((one) => one.action === action)
      .flatMap(({ destination, key }) => destination.endpoints.map((name) => `${name} ${key}`))
      .filter((one) => !one.startsWith('text'))
      .toSorted();
  expect(lanes('resolve')).toEqual(lanes('trigger'));
  expect(lanes('trigger').length).toBeGreaterThan(4);
});

// keephq/keep #5257: what a window suppressed stays silent after it.
test('what a window held is paged as it closes', () => {
  const window = workOf(['2'], { untilMs: at(40) });
  const play = openPlay({ ...usualRules, windows: [window] });
  play.say(0, down(0));
  expect(play.pass(1, 39)).toEqual([]);
  expect(kindsOf(play.hear(40))).toEqual(['opened']);
});

// linkedin/Burrow #233, #538, #576: mails by the hundred.
test('a night of a hundred words about one fault is one mail a rung, and one at its end', () => {
  const play = openPlay();
  play.say(0, finding('dead-letter', 'topic orders.dlq', { severity: 'warning' }));
  play.pass(1, 300, (minute) => ({
    words: [
      finding('dead-letter', 'topic orders.dlq', { atMs: at(minute), severity: 'warning' }),
      finding('topic-flow', 'topic orders.dlq', {
        atMs: at(minute),
        severity: minute % 3 === 0 ? 'warning' : 'notice',
      }),
    ],
  }));
  play.say(
    301,
    finding('dead-letter', 'topic orders.dlq', { atMs: at(301), says: 'gone' }),
    finding('topic-flow', 'topic orders.dlq', { atMs: at(301), says: 'gone' }),
  );
  play.pass(302, 311);
  const mails = play.document.outbox.filter(({ destination }) =>
    destination.endpoints.some((name) => ['mail', 'boss', 'board'].includes(name)),
  );
  expect(mails.map(({ action, destination }) => `${action} ${destination.endpoints.join()}`)).toEqual([
    'trigger mail',
    'trigger boss',
    'trigger board',
    'resolve mail',
    'resolve boss',
    'resolve board',
  ]);
});

// Netflix/dispatch #1569: nobody was paged, and nobody was told so.
test('where nobody can be paged others are, and it is a fault of its own', () => {
  const play = openPlay();
  play.deliver = (message) =>
    message.destination.endpoints.includes('on-call')
      ? { ...message, tries: 1, outcome: 'refused', outcomeAtMs: message.madeAtMs, why: '400' }
      : { ...message, tries: 1, outcome: 'delivered', outcomeAtMs: message.madeAtMs };
  play.say(0, down(0));
  play.hear(1, { words: wordsOfDeliveries(play.document.outbox, usualRules, at(1)) });
  expect(play.paged()).toEqual(expect.arrayContaining(['phone 1/detour', 'text 1/detour']));
  expect(play.titles()).toEqual(['broker-down 2', 'mskeeper']);
  expect(play.document.incidents[1]?.members[0]?.message).toBe('on-call does not take what it is sent: 400');
});

// redpanda #30624, kafka-lag-exporter #45, #138: lag that nobody can know is told as lag, or its end.
test('lag that nobody knows any more opens nothing, and ends nothing', () => {
  const lag = (minute: number, more: Partial<Word> = {}) =>
    finding('lag-messages', 'group billing', { atMs: at(minute), procedure: 'consumer-lag', ...more });
  const play = openPlay();
  expect(play.say(0, lag(0, { says: 'unproven', severity: 'unknown' }))).toEqual([]);
  play.say(1, lag(1));
  play.say(2, lag(2, { says: 'unproven', severity: 'unknown' }));
  expect(kindsOf(play.pass(3, 30))).not.toContain('closed');
});
