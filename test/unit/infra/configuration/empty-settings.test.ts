import { expect, test } from 'vitest';
import { smallFile, warningsOf } from '../../../support/configuration.ts';

const nowMs = Date.UTC(2027, 0, 31, 3);
/** Who mends is another warning's matter (nobody-mends.test.ts). */
const mends = 'stack: { breakGlassRole: "arn:aws:iam::111122223333:role/break-glass" }\n';
const warningsWith = (more: string) => warningsOf(smallFile({}, more + mends), nowMs);
const once = (from: string, to: string) =>
  `maintenanceWindows:\n  - { name: swap, impact: high, every: once, from: ${from}, to: ${to} }\n`;

test.each([
  [
    once('2027-01-30T02:00:00Z', '2027-01-31T03:00:00Z'),
    '11 maintenanceWindows[0]: is over since 2027-01-31T03:00:00Z, and opens never again',
  ],
  [
    'modes: { storage-scaling: act }\nactionBudget: { actsPerHour: 0 }\n',
    '11 actionBudget.actsPerHour: lets nothing act, and storage-scaling should',
  ],
  [
    'policy:\n  limits: { diskUsedPercent: { warning: 80, critical: 100 } }\n',
    '11 policy.limits.diskUsedPercent.critical: is never reached, since nothing is above 100 %: say off instead',
  ],
  [
    'policy:\n  scaling: { diskUsedPercent: { warning: 100 } }\n',
    '11 policy.scaling.diskUsedPercent.warning: is never reached, since nothing is above 100 %: say off instead',
  ],
  [
    'policy:\n  floors: { messagesInPerSecond: { warning: 0 } }\n',
    '11 policy.floors.messagesInPerSecond.warning: is never reached, since nothing is below 0: say off instead',
  ],
  [
    'policy:\n  limits: { brokersUnreachable: { critical: 1, emergency: 3 } }\n',
    '11 policy.limits.brokersUnreachable.emergency: is never reached in cluster "orders": it has 3 brokers',
  ],
])('what does nothing is told: %j', (more, warning) => {
  expect(warningsWith(more)).toEqual([warning]);
});

test.each([
  once('2027-01-31T02:00:00Z', '2027-01-31T04:00:00Z'),
  once('2029-01-31T02:00:00Z', '2029-01-31T04:00:00Z'),
  'maintenanceWindows:\n  - { name: rare, impact: low, every: month, nth: 5, on: monday, from: "02:00", to: "03:00" }\n',
  'actionBudget: { actsPerHour: 0 }\n',
  'modes: { storage-scaling: act }\n',
  'policy:\n  limits: { brokersUnreachable: { critical: 0, emergency: 2 } }\n',
  'policy:\n  limits: { throughputGrowthPercent: { warning: 100 }, lagMessages: { warning: 100 } }\n',
  'policy:\n  limits: { diskUsedPercent: { warning: 80, critical: 99.9 }, offlinePartitions: { critical: 0 } }\n',
])('and what does something is not: %j', (more) => {
  expect(warningsWith(more)).toEqual([]);
});
