import { expect, test } from 'vitest';
import { wordsOfDeliveries } from '../../../../../../functions/health/incident/core/delivery-words.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import { at, messageOf } from '../../../../../support/incident/builders.ts';

const taken = (minute: number, more: Partial<Message> = {}): Message =>
  messageOf({ id: '1/2', outcome: 'delivered', outcomeAtMs: at(minute), ...more });
const refused = (minute: number): Message => messageOf({ outcome: 'refused', outcomeAtMs: at(minute), why: '400' });
const failing = (more: Partial<Message> = {}): Message => messageOf({ tries: 2, why: '503', ...more });
const tooMuch = (): Message => failing({ why: '429', isTooMuch: true });

test.each([
  ['nothing while it was never tried', [messageOf()], 9, []],
  ['nothing while it fails for less than two minutes', [failing()], 1.9, []],
  ['that it fails, since the page was made', [failing()], 2, [['live', at(2) - 1]]],
  ['that it fails, since it was refused', [refused(1)], 9, [['live', at(1)]]],
  ['that it takes pages, since it took one', [taken(3)], 9, [['gone', at(3)]]],
  ['that it takes pages, since it took one after it refused one', [refused(1), taken(3)], 9, [['gone', at(3)]]],
  ['that it fails, since it refused one after it took one', [taken(1), refused(3)], 9, [['live', at(3)]]],
  ['that it fails while it does, whatever it took before', [taken(1), failing()], 9, [['live', at(9) - 1]]],
  ['that it takes pages while it asks for time and takes others', [taken(8), tooMuch()], 9, [['gone', at(8)]]],
  ['that it fails when it asks for time and takes nothing', [taken(7), tooMuch()], 9, [['live', at(9) - 1]]],
  ['nothing by an update that fails', [failing({ action: 'update' })], 9, []],
  ['that it takes pages by an update that arrived', [taken(3, { action: 'update' })], 9, [['gone', at(3)]]],
  ['that it fails by a notice', [failing({ action: 'notice' })], 9, [['live', at(9) - 1]]],
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
    ['endpoint boss', 'live'],
  ]);
  expect(
    wordsOfDeliveries([{ ...failing({ destination }), outcome: 'dropped' }, taken(5, { destination })], at(6)).map(
      ({ says }) => says,
    ),
  ).toEqual(['gone', 'gone']);
});
