import { expect, test } from 'vitest';
import { saysNow } from '../../../../../../functions/health/incident/core/says-now.ts';
import { at, brokerDown, finding, incidentOf, memberOf, messageOf } from '../../../../../support/incident/builders.ts';

const incident = incidentOf({ kind: 'broker-down', of: '2' }, [memberOf(brokerDown(2))], { severity: 'emergency' });
const anew = { saysAnew: true, says: 'what was so then' } as const;

test.each([
  ['an opening', { kind: 'opened' }, 'New, with 1 symptom.'],
  ['a rise', { kind: 'raised' }, 'It got worse: now P0.'],
  [
    'a rung',
    { kind: 'rung', rung: { afterMinutes: 30, whom: 'the head' } },
    'It goes on for 47 min and nobody is known to deal with it: the head is called. It is P0 now.',
  ],
] as const)('%s says what is so when it is sent', (_name, more, says) => {
  expect(saysNow(messageOf({ ...anew, ...more, madeAtMs: at(30) }), incident, [], at(47))).toBe(says);
});

test('symptoms that came while it waited are counted', () => {
  const two = { ...incident, members: [...incident.members, memberOf(finding('under-replicated', 'cluster'))] };
  expect(saysNow(messageOf({ ...anew, kind: 'opened' }), two, [], at(5))).toBe('New, with 2 symptoms.');
});

test('what was one moment’s news says when that was, where it comes late', () => {
  const update = messageOf({ action: 'update', kind: 'update', says: 'alice deals with it.', madeAtMs: at(30) });
  expect(saysNow(update, incident, [], at(32))).toBe('alice deals with it.');
  expect(saysNow(update, incident, [], at(33))).toBe('alice deals with it. (That was at 2026-11-28T03:30:00.000Z.)');
});
