import { expect, test } from 'vitest';
import { planChannelLook } from '../../../../../../../functions/health/incident/core/channels/plan.ts';
import type { Reaching } from '../../../../../../../shared/core/reached.ts';

const reaching: Reaching = {
  channels: {
    endpoints: {
      pager: { kind: 'pagerduty', secret: 'mskeeper/pager' },
      sms: { kind: 'sms', parameter: '/sms' },
      mail: { kind: 'email', parameter: '/mail' },
      boss: { kind: 'email', secret: 'boss' },
      q: { kind: 'amazon-q', workspace: 'T1', channel: 'C1' },
      nobody: { kind: 'email', parameter: '/nobody' },
    },
    byTopic: {
      emergency: ['pager', 'sms'],
      critical: ['pager'],
      warning: ['mail', 'q'],
      maintenance: [],
      operations: ['mail'],
    },
  },
  contacts: [{ role: 'boss', level: 'management', channel: 'boss' }],
  policy: {
    escalation: {
      emergency: [],
      critical: [{ afterMinutes: 60, level: 'management' }],
      warning: [{ afterMinutes: 5, raisesTo: 'critical' }],
    },
  },
};

test('each endpoint that anything reaches is looked at, by every topic by which SNS is to deliver to it', () => {
  expect(planChannelLook(reaching).map(({ endpoint, topics }) => [endpoint, topics])).toEqual([
    ['pager', []],
    // Where SNS reaches nobody of a P1, those of a P0 hear what CloudWatch says of mskeeper itself.
    ['sms', ['emergency', 'self-emergency', 'self-critical']],
    ['boss', ['critical']],
    ['mail', ['warning', 'operations', 'self-warning']],
    ['q', []],
  ]);
});

test('a name of no endpoint is none to look at', () => {
  const byTopic = { ...reaching.channels.byTopic, warning: ['gone', 'constructor'] };
  const names = planChannelLook({ ...reaching, channels: { ...reaching.channels, byTopic } }).map(
    ({ endpoint }) => endpoint,
  );
  expect(names).toEqual(['pager', 'sms', 'boss', 'mail']);
});
