import { describe, expect, test } from 'vitest';
import { call, type Draft, end, page, rise, update } from '../../../../../../functions/health/incident/core/calling.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import { destinationsOf, type Reach } from '../../../../../../functions/health/incident/core/reach.ts';
import { at, messageOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { reach } = usualRules;
const arrived = { outcome: 'delivered', outcomeAtMs: at(0) } as const;
const paged = (
  names: readonly string[],
  topic: 'critical' | 'emergency' = 'critical',
  more: Partial<Message> = {},
): readonly Message[] =>
  destinationsOf(names, topic, reach).map((destination) => messageOf({ destination, ...arrived, ...more }));
const told = (drafts: readonly Draft[]): readonly string[] =>
  drafts.map(({ action, key, destination }) => `${action} ${key} ${destination.lane}: ${destination.endpoints.join()}`);

describe('I2 a rise of severity wakes somebody, whoever is named for it', () => {
  const rising = (endpoints: readonly string[], triggers: readonly Message[], by: Reach = reach) =>
    told(rise(endpoints, 'emergency', '1/emergency', triggers, by));
  test('who is named for it alone', () => {
    expect(rising(['phone', 'on-call', 'chat'], paged(['on-call', 'chat']))).toEqual([
      'trigger 1/emergency phone: phone',
      'update 1 on-call: on-call',
      'update 1 chat: chat',
    ]);
  });
  test('where nobody is, those who were paged once more, under a new key; and they hear it once', () => {
    expect(rising(['on-call', 'chat'], paged(['on-call', 'chat', 'text']))).toEqual([
      'trigger 1/emergency on-call: on-call',
      'update 1 chat: chat',
    ]);
  });
  test('a telephone’s text, too, by the topic that brought it before, and no mail beside it', () => {
    expect(rising(['text', 'mail'], paged(['text', 'mail']))).toEqual(['trigger 1/emergency topic critical: text']);
  });
  test('whoever was woken before, where who is named for it is only read in the morning', () => {
    expect(rising(['boss', 'chat'], paged(['on-call', 'chat']))).toEqual([
      'trigger 1/emergency topic emergency: boss',
      'trigger 1/emergency on-call: on-call',
      'update 1 chat: chat',
    ]);
  });
  test('where nothing wakes, who was not paged yet; and where there is none, everybody anew', () => {
    expect(rising(['chat', 'boss'], paged(['chat']))).toEqual([
      'trigger 1/emergency topic emergency: boss',
      'update 1 chat: chat',
    ]);
    expect(rising(['chat', 'mail'], paged(['chat', 'mail']))).toEqual([
      'trigger 1/emergency topic critical: mail',
      'trigger 1/emergency chat: chat',
    ]);
  });
  test('an https address is a pager’s own', () => {
    const https: Reach = { ...reach, kindOf: (name) => (name === 'bridge' ? 'https' : reach.kindOf(name)) };
    const before = destinationsOf(['bridge'], 'critical', https).map((destination) =>
      messageOf({ destination, ...arrived }),
    );
    expect(rising(['chat', 'bridge'], [...before, ...paged(['chat'])], https)).toEqual([
      'trigger 1/emergency topic critical: bridge',
      'update 1 chat: chat',
    ]);
  });
});

describe('I3 a rung calls', () => {
  const calling = (endpoints: readonly string[], triggers: readonly Message[]) =>
    told(call(endpoints, 'critical', '1/critical/60', triggers, reach));
  test('whom it names and who was not paged', () => {
    expect(calling(['boss', 'on-call'], paged(['on-call']))).toEqual([
      'trigger 1/critical/60 topic critical: boss',
      'update 1 on-call: on-call',
    ]);
  });
  test('those whom it names once more, where all were paged: nobody answered', () => {
    expect(calling(['on-call', 'chat'], paged(['on-call', 'chat', 'phone']))).toEqual([
      'trigger 1/critical/60 on-call: on-call',
      'update 1 chat: chat',
      'update 1 phone: phone',
    ]);
    expect(calling(['boss'], paged(['boss', 'on-call']))).toEqual([
      'trigger 1/critical/60 topic critical: boss',
      'update 1 on-call: on-call',
    ]);
  });
  test('nobody, where it names nobody', () => {
    expect(calling([], paged(['on-call']))).toEqual(['update 1 on-call: on-call']);
  });
});

describe('who was paged twice', () => {
  const again = [...paged(['on-call', 'chat']), ...paged(['on-call', 'chat'], 'critical', { key: '1/emergency' })];
  test('hears what changes once, by the newer key', () => {
    expect(told(update(again))).toEqual(['update 1/emergency on-call: on-call', 'update 1/emergency chat: chat']);
  });
  test('by the older one, where the newer was refused', () => {
    const refused = paged(['on-call', 'chat'], 'critical', { key: '1/emergency', outcome: 'refused' });
    expect(told(update([...paged(['on-call', 'chat']), ...refused]))).toEqual([
      'update 1 on-call: on-call',
      'update 1 chat: chat',
    ]);
  });
  test('is ended under each key where it calls, and hears of the end once elsewhere', () => {
    expect(told(end(again, reach))).toEqual([
      'resolve 1 on-call: on-call',
      'resolve 1/emergency on-call: on-call',
      'resolve 1/emergency chat: chat',
    ]);
  });
  test('hears of the end by the key that arrived', () => {
    const waiting = destinationsOf(['chat', 'mail'], 'critical', reach).map((destination) =>
      messageOf({ destination, key: '1/emergency' }),
    );
    expect(told(end([...paged(['chat', 'mail']), ...waiting], reach))).toEqual([
      'resolve 1 chat: chat',
      'resolve 1 topic critical: mail',
    ]);
  });
  test('a mail’s reader once, whoever else hears by that topic', () => {
    const twice = [...paged(['mail', 'boss', 'text']), ...paged(['boss'], 'critical', { key: '1/critical/60' })];
    expect(told(end(twice, reach))).toEqual([
      'resolve 1 topic critical: mail',
      'resolve 1/critical/60 topic critical: boss',
    ]);
  });
});

test('who opens pages those who were not paged, and nobody twice', () => {
  expect(told(page(['on-call', 'boss'], 'critical', '1', paged(['on-call']), reach))).toEqual([
    'trigger 1 topic critical: boss',
    'update 1 on-call: on-call',
  ]);
});
