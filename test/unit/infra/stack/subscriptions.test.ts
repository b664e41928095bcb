import { describe, expect, test } from 'vitest';
import { productParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { channelsThatNothingReaches } from '../../../../infra/stack/subscriptions.ts';
import { differencesOf } from '../../../../local/aws/services/cloudformation/differences.ts';
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
      ({ Properties }) => [
        `${shown(Properties.TopicArn)} ${shown(Properties.Protocol)}`,
        Properties.FilterPolicy ?? 'none',
        Properties.FilterPolicyScope ?? 'none',
      ],
    );

  test('hands on what names the endpoint, by the topics of people; what CloudWatch says of mskeeper reaches all', () => {
    expect(filtersOf(productParts)).toEqual([
      ['EmergencyTopic sms', { endpoint: ['sms'] }, 'MessageAttributes'],
      ['CriticalTopic sms', { endpoint: ['sms'] }, 'MessageAttributes'],
      ['WarningTopic email', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['MaintenanceTopic email', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['OperationsTopic email', { endpoint: ['mail'] }, 'MessageAttributes'],
      ['SelfEmergencyTopic sms', 'none', 'none'],
      ['SelfCriticalTopic sms', 'none', 'none'],
      ['SelfWarningTopic email', 'none', 'none'],
    ]);
  });

  test('is nowhere while alarms and procedures speak to all: it would keep every word from everybody', () => {
    expect(filtersOf(withoutTeller).filter(([, policy]) => policy !== 'none')).toEqual([]);
  });
});

describe('what a deploy makes of it', () => {
  const templateOf = (one: Configuration) =>
    JSON.stringify({
      Resources: Object.fromEntries(
        Object.entries(buildStack(one, 'orders').resources).filter(([, { Type }]) => Type === 'AWS::SNS::Subscription'),
      ),
    });
  const changesTo = (one: Configuration) =>
    differencesOf(templateOf(withLadders({})), templateOf(one)).map(
      ({ Action, Replacement }) => `${Action} ${Replacement ?? ''}`,
    );
  const renamed = (from: string, to: string): Configuration => {
    const { endpoints, byTopic } = configuration.channels;
    const name = (one: string) => (one === from ? to : one);
    return {
      ...withLadders({}),
      channels: {
        endpoints: Object.fromEntries(Object.entries(endpoints).map(([one, endpoint]) => [name(one), endpoint])),
        byTopic: {
          emergency: byTopic.emergency.map(name),
          critical: byTopic.critical.map(name),
          warning: byTopic.warning.map(name),
          maintenance: byTopic.maintenance.map(name),
          operations: byTopic.operations.map(name),
        },
      },
    };
  };

  test('an endpoint of another name is asked nothing: its filters change where they are, and nothing else does', () => {
    expect(changesTo(renamed('sms', 'night-sms'))).toEqual(['Modify False', 'Modify False']);
    expect(changesTo(renamed('mail', 'team'))).toEqual(Array(3).fill('Modify False'));
  });

  test('another address is another subscription, and so is another way to the same one', () => {
    const { endpoints } = configuration.channels;
    const keptSo = (endpoint: (typeof endpoints)[string]): Configuration => ({
      ...withLadders({}),
      channels: { ...configuration.channels, endpoints: { ...endpoints, mail: endpoint } },
    });
    const anew = [...Array(4).fill('Add '), ...Array(4).fill('Remove ')];
    for (const other of [
      { kind: 'email', parameter: '/mskeeper/mail-2' },
      { kind: 'email', secret: '/mskeeper/mail' },
      { kind: 'https', parameter: '/mskeeper/mail' },
    ] as const)
      expect(changesTo(keptSo(other)).toSorted()).toEqual(anew);
  });
});

test.each<[what: string, byTopic: Partial<Configuration['channels']['byTopic']>, heard: readonly string[]]>([
  ['of P1: those of P0', { critical: ['on-call', 'room'] }, selves],
  ['of P0: those of P1', { emergency: ['on-call'] }, selves],
  ['of P2: those of P1', { warning: ['room'] }, [...selves.slice(0, 2), 'SelfWarningTopic sms']],
  ['of P1 and P2: those of P0', { critical: ['room'], warning: [] }, [...selves.slice(0, 2), 'SelfWarningTopic sms']],
  [
    'of P0 and P1: those of P2',
    { emergency: ['on-call'], critical: ['room'] },
    ['SelfCriticalTopic mail', 'SelfEmergencyTopic mail', 'SelfWarningTopic mail'],
  ],
  ['of any: nobody', { emergency: ['on-call'], critical: ['room'], warning: ['room'] }, []],
])('what CloudWatch says of mskeeper itself is heard, where SNS reaches nobody %s', (_what, byTopic, heard) => {
  const all = { ...configuration.channels.byTopic, ...byTopic };
  const changed = { ...withLadders({}), channels: { ...configuration.channels, byTopic: all } };
  expect(subscribed(changed).filter((one) => one.startsWith('Self'))).toEqual(heard);
});

const callingPagers = withLadders({ warning: [{ afterMinutes: 5, endpoints: ['sms', 'on-call'] }] });

test('who packages hears of no endpoint that the function which tells people speaks to itself', () => {
  expect(channelsThatNothingReaches(stackContextOf(callingPagers, 'orders'))).toEqual([]);
});

test('where nobody tells people, who packages hears which endpoints SNS does not reach by itself, those of rungs, too', () => {
  const context = stackContextOf(callingPagers, 'orders', withoutTeller);
  expect(channelsThatNothingReaches(context)).toEqual([
    'emergency: SNS does not speak to "on-call" (pagerduty) by itself',
    'critical: SNS does not speak to "room" (slack) by itself',
    'warning: SNS does not speak to "on-call" (pagerduty) by itself',
    'operations: SNS does not speak to "room" (slack) by itself',
  ]);
});
