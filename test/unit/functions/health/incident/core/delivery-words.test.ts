import { expect, test } from 'vitest';
import { wordsOfDeliveries as wordsOf } from '../../../../../../functions/health/incident/core/delivery-words.ts';
import { hear } from '../../../../../../functions/health/incident/core/member.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { NotificationTopic } from '../../../../../../shared/core/configuration.ts';
import { at, messageOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const wordsOfDeliveries = (outbox: readonly Message[], nowMs: number) => wordsOf(outbox, usualRules, nowMs);

const taken = (minute: number, more: Partial<Message> = {}): Message =>
  messageOf({ id: '1/2', outcome: 'delivered', outcomeAtMs: at(minute), ...more });
const refused = (minute: number): Message => messageOf({ outcome: 'refused', outcomeAtMs: at(minute), why: '400' });
const failing = (more: Partial<Message> = {}): Message =>
  messageOf({ tries: 2, why: '503', failedAtMs: at(1.5), ...more });
const tooMuch = (): Message => failing({ why: '429', isTooMuch: true, failedAtMs: at(8.5) });

test.each([
  ['nothing while it was never tried', [messageOf()], 9, []],
  ['nothing while it fails for less than two minutes', [failing()], 1.9, []],
  ['that it fails, since the page was made', [failing()], 2, [['live', at(1.5)]]],
  ['that it fails, since it was refused', [refused(1)], 9, [['live', at(1)]]],
  ['that it takes pages, since it took one', [taken(3)], 9, [['gone', at(3)]]],
  ['that it takes pages, since it took one after it refused one', [refused(1), taken(3)], 9, [['gone', at(3)]]],
  ['that it fails, since it refused one after it took one', [taken(1), refused(3)], 9, [['live', at(3)]]],
  ['that it fails, since its last try failed after it took another', [taken(1), failing()], 9, [['live', at(1.5)]]],
  ['that it takes pages, since it took one after its last try failed', [taken(2), failing()], 9, [['gone', at(2)]]],
  ['nothing that fails by what is held', [failing({ isHeld: true })], 9, []],
  ['that it takes pages while it asks for time and takes others', [taken(8), tooMuch()], 9, [['gone', at(8)]]],
  ['that it fails when it asks for time and takes nothing', [taken(7), tooMuch()], 9, [['live', at(8.5)]]],
  ['nothing by an update that fails', [failing({ action: 'update' })], 9, []],
  ['that it takes pages by an update that arrived', [taken(3, { action: 'update' })], 9, [['gone', at(3)]]],
  ['that it fails by a notice', [failing({ action: 'notice' })], 9, [['live', at(1.5)]]],
] as const)('of an endpoint the outbox says %s', (_name, outbox, minute, words) => {
  expect(wordsOfDeliveries(outbox, at(minute)).map(({ says, atMs }) => [says, atMs])).toEqual(words);
});

test('an endpoint that fails is a fault of mskeeper’s own, with what the endpoint answered', () => {
  expect(wordsOfDeliveries([failing()], at(3))).toMatchObject([
    {
      procedure: 'incident',
      check: 'endpoint-fails',
      subject: 'endpoint on-call',
      severity: 'critical',
      sinceMs: at(0),
      message: 'on-call does not take what it is sent: 503',
    },
  ]);
});

test('each endpoint of a topic for itself', () => {
  const destination = { by: 'topic', lane: 'topic warning', topic: 'warning', endpoints: ['mail', 'boss'] } as const;
  const words = wordsOfDeliveries(
    [failing({ destination }), taken(5, { destination: { ...destination, endpoints: ['boss'] } })],
    at(6),
  );
  expect(words.map(({ subject, says }) => [subject, says])).toEqual([
    ['endpoint mail', 'live'],
    ['endpoint boss', 'gone'],
  ]);
  expect(
    wordsOfDeliveries([{ ...failing({ destination }), outcome: 'dropped' }, taken(5, { destination })], at(6)).map(
      ({ says }) => says,
    ),
  ).toEqual(['gone', 'gone']);
});

const failingAt = (endpoint: string): Message =>
  failing({ destination: { by: 'endpoint', lane: endpoint, endpoints: [endpoint] } });

test.each([
  ['P0 and P1', 'on-call', 'critical'],
  ['P0 alone', 'phone', 'critical'],
  ['a P2 alone', 'mail', 'warning'],
  ['a P1 alone, by a rung of its ladder', 'boss', 'critical'],
  ['a P2 alone, by a rung of its ladder', 'night', 'warning'],
  ['a P0 alone, by a rung that raises a P2 to it', 'third', 'critical'],
  ['acts and plans alone', 'operators', 'warning'],
  ['nothing any more', 'left', 'warning'],
] as const)(
  'an endpoint that is to hear of %s and takes nothing is as bad as that: %s',
  (_name, endpoint, severity) => {
    const { ladders, reach } = usualRules;
    const hearing = {
      ladders: {
        ...ladders,
        warning: [
          { afterMinutes: 15, endpoints: ['night'] },
          { afterMinutes: 30, raisesTo: 'emergency', endpoints: ['third'] },
        ],
      },
      reach: {
        ...reach,
        kindOf: () => 'slack',
        byTopic: (topic: NotificationTopic) => (topic === 'operations' ? ['operators'] : []),
      },
    } as const;
    expect(wordsOf([failingAt(endpoint)], hearing, at(3))).toMatchObject([{ severity, says: 'live' }]);
  },
);

test('an endpoint that mskeeper.yml names no more is no fault, whether its messages wait or were refused', () => {
  const destination = { by: 'endpoint', lane: 'former', endpoints: ['former'] } as const;
  for (const message of [failing({ destination }), { ...refused(4), destination }]) {
    const known = { ...usualRules, reach: { ...usualRules.reach, kindOf: () => 'slack' } };
    const [begun] = wordsOf([message], known, at(9));
    const [over] = wordsOfDeliveries([message], at(9));
    expect(over).toMatchObject({ says: 'gone', message: 'mskeeper.yml has no endpoint former any more.' });
    const member = begun && hear(undefined, begun);
    expect(member?.goneAtMs).toBeUndefined();
    expect(over && hear(member, over)?.goneAtMs).toBe(over?.atMs);
  }
});
