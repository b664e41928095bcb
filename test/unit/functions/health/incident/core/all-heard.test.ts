import { expect, test } from 'vitest';
import { isAllHeard } from '../../../../../../functions/health/incident/core/all-heard.ts';
import { emptyDocument, type Incident } from '../../../../../../functions/health/incident/core/document.ts';
import type { Message } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Reach } from '../../../../../../functions/health/incident/core/reach.ts';
import type { AlarmSaid } from '../../../../../../functions/health/incident/core/said.ts';
import { alarmWordKey } from '../../../../../../functions/health/incident/core/words.ts';
import { alarm, at, brokerDown, incidentOf, memberOf, messageOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const reach: Reach = {
  ...usualRules.reach,
  kindOf: (endpoint) => (endpoint === 'q' ? 'amazon-q' : usualRules.reach.kindOf(endpoint)),
};
const name = 'mskeeper/orders/cluster-health/brokers-unreachable/critical';
const firing = (more: Partial<AlarmSaid> = {}): AlarmSaid => ({
  name,
  owner: 'cluster-health',
  rule: 'brokers-unreachable',
  severity: 'critical',
  sentence: 'brokers are unreachable',
  state: 'ALARM',
  changedAtMs: at(0),
  ...more,
});
const knowing = incidentOf({ kind: 'broker-down', of: '' }, [
  memberOf(alarm('brokers-unreachable'), { key: alarmWordKey(name) }),
]);
const other = incidentOf({ kind: 'broker-down', of: '2' }, [memberOf(brokerDown(2))]);
const lagging = incidentOf({ kind: 'lag', of: '' }, []);
const many = incidentOf({ kind: 'many', of: '' }, []);
const heard = (
  minute: number,
  alarms: readonly AlarmSaid[],
  incidents: readonly Incident[] = [],
  outbox: readonly Message[] = [],
) => isAllHeard(alarms, { ...emptyDocument, incidents, outbox }, reach, at(minute));

test.each([
  ['that fires and is known', 9, [firing()], [knowing], true],
  ['that fires and is not', 9, [firing()], [other], false],
  ['that fires since less than two minutes', 1.9, [firing()], [], true],
  ['that fires since two minutes', 2, [firing()], [], false],
  ['that is over', 9, [firing({ state: 'OK' })], [], true],
  ['that has no data', 9, [firing({ state: 'INSUFFICIENT_DATA' })], [], true],
  ['that did not fit where many are', 9, [firing()], [{ ...other, leftOutCount: 1 }], true],
  [
    'that nothing of an incident explains whose members did not all fit',
    9,
    [firing({ rule: 'disk-used' })],
    [{ ...other, leftOutCount: 1 }],
    false,
  ],
  [
    'of a fault that has more members than fit',
    9,
    [firing({ rule: 'lag-messages' })],
    [{ ...lagging, leftOutCount: 1 }],
    true,
  ],
  ['among many faults of which not all fit', 9, [firing({ rule: 'disk-used' })], [{ ...many, leftOutCount: 1 }], true],
  ['of a P0, which is never among them', 9, [firing({ severity: 'emergency' })], [{ ...many, leftOutCount: 1 }], false],
  ['beside one that is known', 9, [firing(), firing({ name: 'other' })], [knowing], false],
] as const)('CloudWatch may trust incident with an alarm %s', (_name, minute, alarms, incidents, isTrusted) => {
  expect(heard(minute, alarms, incidents)).toBe(isTrusted);
});

const toChat = { destination: { by: 'endpoint', lane: 'chat', endpoints: ['chat'] }, id: '1/2' } as const;
test.each([
  ['none', [], true],
  ['one that waits for less than two minutes', [messageOf({ madeAtMs: at(3.1) })], true],
  ['one that waits for two minutes', [messageOf({ madeAtMs: at(3) })], false],
  ['one that was refused', [messageOf({ madeAtMs: at(4), outcome: 'refused' })], false],
  ['one that arrived', [messageOf({ outcome: 'delivered' })], true],
  ['one that was dropped', [messageOf({ outcome: 'dropped' })], true],
  ['an update that waits', [messageOf({ action: 'update' })], true],
  ['a notice that waits', [messageOf({ action: 'notice' })], true],
  [
    'one that waits, while somebody else heard of it',
    [messageOf(), messageOf({ ...toChat, outcome: 'delivered', outcomeAtMs: at(0) })],
    true,
  ],
  [
    'one that waits, while somebody else had heard of less',
    [messageOf({ madeAtMs: at(1) }), messageOf({ ...toChat, outcome: 'delivered', outcomeAtMs: at(0) })],
    false,
  ],
  [
    'one that waits, while nobody knows whether what Amazon Q took was heard',
    [
      messageOf(),
      messageOf({
        id: '1/2',
        destination: { by: 'endpoint', lane: 'q', endpoints: ['q'] },
        outcome: 'delivered',
        outcomeAtMs: at(0),
      }),
    ],
    false,
  ],
  [
    'one that waits, while somebody heard of another',
    [messageOf(), messageOf({ ...toChat, incidentId: '2', outcome: 'delivered', outcomeAtMs: at(1) })],
    false,
  ],
  [
    'one that waits, while an end was heard',
    [messageOf(), messageOf({ ...toChat, action: 'resolve', outcome: 'delivered', outcomeAtMs: at(1) })],
    false,
  ],
] as const)('and with its pages, of which there is %s: %#', (_name, outbox, isTrusted) => {
  expect(heard(5, [], [], outbox)).toBe(isTrusted);
});
