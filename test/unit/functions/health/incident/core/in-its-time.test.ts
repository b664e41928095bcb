import { expect, test } from 'vitest';
import { group } from '../../../../../../functions/health/incident/core/grouping.ts';
import { isInItsTime } from '../../../../../../functions/health/incident/core/in-its-time.ts';
import type { Member } from '../../../../../../functions/health/incident/core/member.ts';
import { at, brokerDown, finding, incidentOf, memberOf } from '../../../../../support/incident/builders.ts';

const lag = (minute: number, brokers: readonly string[] = []): Member =>
  memberOf(finding('lag-messages', 'group billing', { sinceMs: at(minute), atMs: at(minute), brokers }));
const away = memberOf(brokerDown(2));
const back = memberOf(brokerDown(2), { goneAtMs: at(60) });
const copies = memberOf(finding('under-replicated', 'cluster'));

test.each([
  ['while the broker is away', away, lag(50), 1],
  ['while it is away, of a group that it leads', away, lag(50, ['2']), 1],
  ['while it is away, of a group that another leads', away, lag(50, ['3']), 2],
  ['within 15 min of its return', back, lag(75), 1],
  ['later than that', back, lag(76), 2],
  ['later than that, of a group that it leads', back, lag(76, ['2']), 2],
] as const)('lag that begins %s is the dead broker’s or its own (%#)', (_when, broker, late, count) => {
  const incident = incidentOf({ kind: 'broker-down', of: '2' }, [broker, copies]);
  expect(group([incident], [late], 2, at(61)).incidents).toHaveLength(count);
  const alone = incidentOf({ kind: 'lag', of: 'billing' }, [late], { id: '2' });
  expect(group([incident, alone], [], 3, at(61)).incidents).toHaveLength(count);
});

test('other symptoms are no matter of time', () => {
  const incident = incidentOf({ kind: 'broker-down', of: '2' }, [away]);
  const late = memberOf(finding('under-replicated', 'cluster', { sinceMs: at(300), atMs: at(300) }));
  expect(group([incident], [late], 2, at(300)).incidents).toHaveLength(1);
});

test('a fault that is open without a word of its own explains as ever', () => {
  expect(isInItsTime(lag(300), { kind: 'broker-down', of: '2' }, [copies])).toBe(true);
});
