import { describe, expect, test } from 'vitest';
import type { Fired } from '../../../../../../functions/health/incident/core/climb.ts';
import { isOverdue, planDetours } from '../../../../../../functions/health/incident/core/detours.ts';
import type { Happening, Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { planMessages } from '../../../../../../functions/health/incident/core/messages.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import { destinationsOf, type Reach } from '../../../../../../functions/health/incident/core/reach.ts';
import type { PagingSeverity } from '../../../../../../functions/health/incident/core/words.ts';
import { at, brokerDown, incidentOf, memberOf, messageOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { reach } = usualRules;
const base = incidentOf({ kind: 'broker-down', of: '2' }, [memberOf(brokerDown(2))]);
const of = (severity: PagingSeverity, more: Partial<Incident> = {}): Incident => ({ ...base, severity, ...more });
const saying = { kind: 'opened', says: 'x' } as const;
const nothingFired = (severity: PagingSeverity): Fired => ({ rungs: [], severity });

/** Messages that are delivered already: the page of an incident at its opening. */
const pagedOf = (severity: PagingSeverity, more: Partial<Message> = {}): readonly Message[] =>
  destinationsOf(reach.bySeverity(severity), severity, reach).map((destination, index) =>
    messageOf({ id: `1/${index + 1}`, destination, outcome: 'delivered', outcomeAtMs: at(0), ...more }),
  );
const plan = (
  happening: Happening,
  incident: Incident,
  outbox: readonly Message[],
  fired = nothingFired(incident.severity),
) =>
  planMessages(happening, incident, fired, saying, outbox, reach, at(1)).map(
    ({ action, key, destination }) => `${action} ${key} ${destination.lane}: ${destination.endpoints.join()}`,
  );

describe('I2 who hears what', () => {
  test('of what opens: everybody of that severity, SNS’s in one message', () => {
    expect(plan({ kind: 'opened', incidentId: '1' }, of('emergency'), [])).toEqual([
      'trigger 1 phone: phone',
      'trigger 1 on-call: on-call',
      'trigger 1 chat: chat',
      'trigger 1 topic emergency: text',
    ]);
  });
  test('of what gets worse: who was not paged under a key of its own, the others what changed, and no mail and no text', () => {
    const paged = [
      ...pagedOf('critical'),
      messageOf({
        id: '1/9',
        destination: { by: 'topic', lane: 'topic warning', topic: 'warning', endpoints: ['mail'] },
      }),
    ];
    expect(plan({ kind: 'raised', incidentId: '1', from: 'critical' }, of('emergency'), paged)).toEqual([
      'trigger 1/emergency phone: phone',
      'trigger 1/emergency topic emergency: text',
      'update 1 on-call: on-call',
      'update 1 chat: chat',
    ]);
  });
  test('of a rung: whom it calls, under a key of this rung, on the topic that its ladder’s people hear', () => {
    const fired: Fired = { rungs: [{ afterMinutes: 60, level: 'management' }], severity: 'critical' };
    expect(
      plan({ kind: 'rung', incidentId: '1', rung: 1, afterMinutes: 60 }, of('emergency'), pagedOf('critical'), fired),
    ).toEqual(['trigger 1/critical/60 topic critical: boss', 'update 1 on-call: on-call', 'update 1 chat: chat']);
  });
  test('of two rungs at once: each person once', () => {
    const fired: Fired = {
      rungs: [
        { afterMinutes: 0, level: 'management' },
        { afterMinutes: 0, endpoints: ['boss', 'chat'] },
      ],
      severity: 'critical',
    };
    expect(
      plan({ kind: 'rung', incidentId: '1', rung: 2, afterMinutes: 0 }, of('critical'), pagedOf('critical'), fired)[0],
    ).toBe('trigger 1/critical/0 topic critical: boss');
  });
  test('of the end: everybody who was paged, each under the key that he knows, and no text', () => {
    const outbox = [
      ...pagedOf('emergency'),
      messageOf({
        id: '1/8',
        key: '1/emergency/60',
        destination: { by: 'topic', lane: 'topic emergency', topic: 'emergency', endpoints: ['boss', 'text'] },
      }),
    ];
    for (const happening of [
      { kind: 'closed', incidentId: '1' },
      { kind: 'joined', incidentId: '1', intoId: '2' },
    ] as const) {
      expect(plan(happening, of('emergency'), outbox)).toEqual([
        'resolve 1 phone: phone',
        'resolve 1 on-call: on-call',
        'resolve 1 chat: chat',
        'resolve 1/emergency/60 topic emergency: boss',
      ]);
    }
  });
  test('of a cause that is known now, and of what people did: who has a thread of it', () => {
    const from = { kind: 'replication', of: '' } as const;
    expect(plan({ kind: 'rerooted', incidentId: '1', from }, of('critical'), pagedOf('critical'))).toEqual([
      'update 1 on-call: on-call',
      'update 1 chat: chat',
    ]);
    expect(plan({ kind: 'update', incidentId: '1', says: 'x' }, of('critical'), pagedOf('critical'))).toHaveLength(2);
  });
  test('not who refused its beginning, or never got it', () => {
    expect(
      plan({ kind: 'update', incidentId: '1', says: 'x' }, of('critical'), pagedOf('critical', { outcome: 'refused' })),
    ).toEqual([]);
    expect(
      plan({ kind: 'update', incidentId: '1', says: 'x' }, of('critical'), pagedOf('critical', { outcome: 'dropped' })),
    ).toEqual([]);
  });
  test('a silence keeps a better name for itself, until it is over', () => {
    const silenced = of('critical', {
      acknowledgement: { by: 'alice', atMs: at(0), untilMs: at(1), severity: 'critical', isSilence: true },
    });
    const happening: Happening = { kind: 'rerooted', incidentId: '1', from: { kind: 'replication', of: '' } };
    const toldAt = (minute: number) =>
      planMessages(happening, silenced, nothingFired('critical'), saying, pagedOf('critical'), reach, at(minute));
    expect(toldAt(0.9)).toEqual([]);
    expect(toldAt(1)).toHaveLength(2);
  });
});

describe('numbers of messages', () => {
  test('go on behind the last, whichever were dropped meanwhile', () => {
    const [only] = pagedOf('critical').slice(1);
    const ids = planMessages(
      { kind: 'update', incidentId: '1', says: 'x' },
      of('critical'),
      nothingFired('critical'),
      saying,
      only === undefined ? [] : [only, messageOf({ id: '2/40', incidentId: '2' })],
      reach,
      at(1),
    );
    expect(
      ids.map(({ id, incidentId, madeAtMs, dueAtMs, tries }) => [id, incidentId, madeAtMs, dueAtMs, tries]),
    ).toEqual([['1/3', '1', at(1), at(1), 0]]);
  });
});

describe('a page that does not arrive', () => {
  test.each([
    ['that was refused, at once', { outcome: 'refused' }, 0, true],
    ['that failed for more than a minute', { why: '503' }, 1.1, true],
    ['that failed for one', { why: '503' }, 1, false],
    ['that is held', { why: '503', isHeld: true }, 9, false],
    ['that was held, and failed for less since', { why: '503', freedAtMs: at(8.5) }, 9, false],
    ['that was held, and failed for more since', { why: '503', freedAtMs: at(7) }, 9, true],
    ['that nobody tried for three minutes', {}, 3, true],
    ['that nobody tried for two', {}, 2.9, false],
    ['that arrived', { outcome: 'delivered' }, 60, false],
    ['that was dropped', { outcome: 'dropped', why: '503' }, 60, false],
    ['an update, which pages nobody', { action: 'update', why: '503' }, 60, false],
    ['an end', { action: 'resolve', why: '503' }, 60, false],
    ['a notice that was refused', { action: 'notice', outcome: 'refused' }, 0, true],
  ] as const)('%s is overdue: %#', (_name, more, minute, overdue) => {
    expect(isOverdue(messageOf(more), at(minute))).toBe(overdue);
  });

  const failing =
    (...names: readonly string[]) =>
    (one: Message): Message =>
      one.destination.endpoints.some((name) => names.includes(name))
        ? messageOf({ id: one.id, destination: one.destination, tries: 3, why: '503' })
        : one;
  const detoursOf = (incident: Incident, outbox: readonly Message[], minute = 2, by: Reach = reach) =>
    planDetours(incident, outbox, by, at(minute)).map(
      ({ destination, key }) => `${destination.endpoints.join()} ${key}`,
    );

  test('goes within two minutes to the others of that severity', () => {
    const [phone] = pagedOf('emergency').map(failing('phone'));
    expect(phone && detoursOf(of('emergency'), [phone])).toEqual([
      'on-call 1/detour',
      'chat 1/detour',
      'text 1/detour',
    ]);
    expect(phone && detoursOf(of('emergency'), [phone], 1)).toEqual([]);
  });
  test('to those of a worse severity, where of its own nobody is left and nobody was reached', () => {
    expect(detoursOf(of('critical'), pagedOf('critical').map(failing('on-call', 'chat')))).toEqual([
      'phone 1/detour',
      'text 1/detour',
    ]);
    expect(detoursOf(of('warning'), pagedOf('warning').map(failing('chat', 'mail')))).toEqual(['on-call 1/detour']);
  });
  test('also where only somebody was reached whom it does not wake', () => {
    expect(detoursOf(of('critical'), pagedOf('critical').map(failing('on-call')))).toEqual([
      'phone 1/detour',
      'text 1/detour',
    ]);
  });
  test('nowhere, where somebody else was woken, or nobody was to be', () => {
    expect(detoursOf(of('emergency'), pagedOf('emergency').map(failing('phone')))).toEqual([]);
    expect(detoursOf(of('warning'), pagedOf('warning').map(failing('mail')))).toEqual([]);
  });
  test('what Amazon Q took reached nobody', () => {
    const withQ: Reach = { ...reach, kindOf: (name) => (name === 'chat' ? 'amazon-q' : reach.kindOf(name)) };
    expect(detoursOf(of('warning'), pagedOf('warning').map(failing('mail')), 2, withQ)).toEqual(['on-call 1/detour']);
  });
  test('once, however long it fails', () => {
    const outbox = pagedOf('critical').map(failing('on-call', 'chat'));
    const detours = planDetours(of('critical'), outbox, reach, at(2));
    expect(planDetours(of('critical'), [...outbox, ...detours], reach, at(3))).toEqual([]);
  });
  test('nowhere while it is quiet, or somebody deals with it', () => {
    const outbox = pagedOf('critical').map(failing('on-call', 'chat'));
    expect(detoursOf(of('critical', { quietSinceMs: at(1) }), outbox)).toEqual([]);
    const acknowledgement = { by: 'alice', atMs: at(0), untilMs: at(30), severity: 'critical' } as const;
    expect(detoursOf(of('critical', { acknowledgement }), outbox)).toEqual([]);
    expect(detoursOf(of('emergency', { acknowledgement }), outbox)).not.toEqual([]);
  });
  test('it says who could not be reached, and is nobody else’s', () => {
    const outbox = [
      ...pagedOf('critical').map(failing('on-call', 'chat')),
      messageOf({ id: '2/1', incidentId: '2', why: '503' }),
    ];
    const [first] = planDetours(of('critical'), outbox, reach, at(2));
    expect(first).toMatchObject({
      id: '1/3',
      kind: 'opened',
      says: 'Others were to hear of it first and could not be reached: on-call, chat.',
      action: 'trigger',
    });
    expect(planDetours(of('critical', { id: '3' }), outbox, reach, at(2))).toEqual([]);
  });
});
