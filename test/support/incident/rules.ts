import type { Rules } from '../../../functions/health/incident/core/advance.ts';

const kinds: Readonly<Record<string, string>> = {
  'on-call': 'pagerduty',
  phone: 'phone',
  chat: 'slack',
  mail: 'email',
  text: 'sms',
  boss: 'email',
  board: 'email',
};

const bySeverity = {
  warning: ['chat', 'mail'],
  critical: ['on-call', 'chat'],
  emergency: ['phone', 'text', 'on-call', 'chat'],
} as const;

/** RUNBOOK's default ladders, and endpoints of every kind. */
export const usualRules: Rules = {
  ladders: {
    emergency: [
      { afterMinutes: 60, level: 'management' },
      { afterMinutes: 120, level: 'executives' },
    ],
    critical: [
      { afterMinutes: 30, raisesTo: 'emergency' },
      { afterMinutes: 60, level: 'management' },
      { afterMinutes: 120, level: 'executives' },
    ],
    warning: [
      { afterMinutes: 15, raisesTo: 'critical' },
      { afterMinutes: 30, raisesTo: 'emergency' },
    ],
  },
  reach: {
    kindOf: (name) => (Object.hasOwn(kinds, name) ? kinds[name] : undefined),
    bySeverity: (severity) => bySeverity[severity],
    byTopic: (topic) => (topic === 'operations' ? ['chat'] : []),
    byLevel: (level) => (level === 'management' ? ['boss'] : level === 'executives' ? ['board'] : []),
  },
  brokerCount: 3,
  windows: [],
  frame: {
    cluster: 'orders',
    clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-2',
    region: 'eu-west-1',
    accountId: '111122223333',
    responseMinutes: { emergency: 5, critical: 15, warning: 60 },
    contacts: [{ role: 'on-call engineer', level: 'on-call' }],
  },
  checksOfRule: (_procedure, rule) =>
    rule === 'brokers-unreachable' ? ['broker-answers'] : rule === 'under-replicated' ? ['under-replicated'] : [],
};
