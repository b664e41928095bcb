import { describe, expect, test } from 'vitest';
import { productParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { channelsWithoutSubscription } from '../../../../infra/stack/subscriptions.ts';
import type { Configuration } from '../../../../shared/core/configuration.ts';
import { configurationWith, ofType, shown } from './stack-under-test.ts';
import { withoutTeller } from './teller-under-test.ts';

const configuration: Configuration = {
  ...configurationWith(),
  channels: {
    endpoints: {
      'on-call': { kind: 'pagerduty', secret: 'mskeeper/on-call' },
      room: { kind: 'slack', secret: 'mskeeper/slack', channel: 'C0123456789' },
      sms: { kind: 'sms', parameter: '/mskeeper/sms' },
      mail: { kind: 'email', parameter: '/mskeeper/mail' },
      lead: { kind: 'sms', parameter: '/mskeeper/lead' },
      chief: { kind: 'sms', parameter: '/mskeeper/chief' },
      bridge: { kind: 'https', secret: 'mskeeper/bridge' },
    },
    byTopic: {
      emergency: ['on-call', 'sms'],
      critical: ['sms', 'room'],
      warning: ['mail'],
      maintenance: ['mail'],
      operations: ['room', 'mail'],
    },
  },
  contacts: [
    { role: 'lead', level: 'management', channel: 'lead' },
    { role: 'chief', level: 'executives', channel: 'chief' },
    { role: 'support', level: 'vendor', channel: 'bridge' },
  ],
};
const withLadders = (escalation: Partial<Configuration['policy']['escalation']>): Configuration => ({
  ...configuration,
  policy: {
    ...configuration.policy,
    escalation: { emergency: [], critical: [], warning: [], ...escalation },
  },
});

/** `topic endpoint`, by the address' name. */
const subscribed = (one: Configuration, parts = productParts) =>
  ofType(Object.entries(buildStack(one, 'orders', parts).resources), 'AWS::SNS::Subscription')
    .map(
      ({ Properties }) =>
        `${shown(Properties.TopicArn)} ${shown(Properties.Endpoint).replace(/^.*mskeeper\/([a-z-]+).*$/, '$1')}`,
    )
    .toSorted();
const selves = ['SelfCriticalTopic sms', 'SelfEmergencyTopic sms', 'SelfWarningTopic mail'];
const topics = [
  'CriticalTopic sms',
  'EmergencyTopic sms',
  'MaintenanceTopic mail',
  'OperationsTopic mail',
  'WarningTopic mail',
];

describe('who is subscribed where', () => {
  test('what SNS delivers by itself, and nothing of what others deliver', () => {
    expect(subscribed(withLadders({}))).toEqual([...topics, ...selves].toSorted());
  });

  test('whom a rung calls, by the topic of its ladder’s severity, and of what it raises to; of mskeeper itself he hears nothing', () => {
    const ladders = withLadders({
      emergency: [{ afterMinutes: 60, level: 'management' }],
      critical: [{ afterMinutes: 5, raisesTo: 'emergency', level: 'executives', endpoints: ['bridge'] }],
      warning: [{ afterMinutes: 5, endpoints: ['sms', 'on-call'] }],
    });
    const called = [
      'EmergencyTopic lead',
      'CriticalTopic chief',
      'EmergencyTopic chief',
      'CriticalTopic bridge',
      'EmergencyTopic bridge',
      'WarningTopic sms',
    ];
    expect(subscribed(ladders)).toEqual([...topics, ...selves, ...called].toSorted());
  });
});

describe('a filter', () => {
  const filtersOf = (parts: typeof productParts) =>
    ofType(Object.entries(buildStack(withLadders({}), 'orders', parts).resources), 'AWS::SNS::Subscription').map(
      ({ logicalId, Properties }) => [
        logicalId,
        Properties.FilterPolicy ?? 'none',
        Properties.FilterPolicyScope ?? 'none',
      ],
    );

  test('hands on what names the endpoint, by the topics of people; what CloudWatch says of mskeeper reaches all', () => {
    expect(filtersOf(productParts)).toEqual([
      ['EmergencyToSms', { endpoint: ['sms'] }, 'MessageAttributes'],
      ['CriticalToSms', { endpoint: ['sms'] }, 'MessageAttributes'],
      ['WarningToMail', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['MaintenanceToMail', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['OperationsToMail', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['SelfEmergencyToSms', 'none', 'none'],
      ['SelfCriticalToSms', 'none', 'none'],
      ['SelfWarningToMail', 'none', 'none'],
    ]);
  });

  test('is nowhere while alarms and procedures speak to all: it would keep every word from everybody', () => {
    expect(filtersOf(withoutTeller).filter(([, policy]) => policy !== 'none')).toEqual([]);
  });
});

test('where SNS reaches nobody of P1, those of P0 hear what CloudWatch says of mskeeper itself at P1', () => {
  const byTopic = { ...configuration.channels.byTopic, critical: ['on-call', 'room'] };
  const changed = { ...configuration, channels: { ...configuration.channels, byTopic } };
  expect(subscribed(changed).filter((one) => one.startsWith('Self'))).toEqual(selves);
});

test('who packages hears which endpoints SNS does not reach by itself, those of rungs, too', () => {
  const ladders = withLadders({ warning: [{ afterMinutes: 5, endpoints: ['sms', 'on-call'] }] });
  expect(channelsWithoutSubscription(stackContextOf(ladders, 'orders'))).toEqual([
    'emergency: SNS does not speak to "on-call" (pagerduty) by itself',
    'critical: SNS does not speak to "room" (slack) by itself',
    'warning: SNS does not speak to "on-call" (pagerduty) by itself',
    'operations: SNS does not speak to "room" (slack) by itself',
  ]);
});
