import { describe, expect, test } from 'vitest';
import {
  destinationsOf,
  endpointsOfRung,
  isSurelyHeard,
  reachOf,
} from '../../../../../../functions/health/incident/core/reach.ts';
import type { Channels } from '../../../../../../shared/core/configuration.ts';

const channels: Channels = {
  endpoints: {
    'on-call': { kind: 'pagerduty', secret: 'mskeeper/pagerduty' },
    incidents: { kind: 'slack', secret: 'mskeeper/slack', channel: 'C0123456789' },
    chat: { kind: 'amazon-q', workspace: 'T0123456789', channel: 'C0123456789' },
    text: { kind: 'sms', parameter: '/mskeeper/text' },
    mail: { kind: 'email', parameter: '/mskeeper/mail' },
    boss: { kind: 'email', parameter: '/mskeeper/boss' },
  },
  byTopic: {
    emergency: ['text', 'on-call', 'on-call', 'nobody', 'toString'],
    critical: ['on-call'],
    warning: ['mail', 'chat'],
    maintenance: [],
    operations: ['incidents'],
  },
};
const reach = reachOf(channels, [
  { role: 'on-call engineer', level: 'on-call', channel: 'on-call' },
  { role: 'head of platform', level: 'management', channel: 'boss' },
  { role: 'director', level: 'management', channel: 'nobody' },
]);

test('who is reached how is what mskeeper.yml says, each once, and nobody whom it does not have', () => {
  expect(reach.bySeverity('emergency')).toEqual(['text', 'on-call']);
  expect(reach.byTopic('operations')).toEqual(['incidents']);
  expect(reach.byTopic('maintenance')).toEqual([]);
  expect(reach.byLevel('management')).toEqual(['boss']);
  expect(reach.kindOf('text')).toBe('sms');
  expect(reach.kindOf('toString')).toBeUndefined();
});

test.each([
  [{ afterMinutes: 30, raisesTo: 'emergency' }, ['text', 'on-call']],
  [{ afterMinutes: 60, level: 'management' }, ['boss']],
  [{ afterMinutes: 60, endpoints: ['incidents', 'nobody'] }, ['incidents']],
  [
    { afterMinutes: 60, raisesTo: 'critical', level: 'management', endpoints: ['on-call', 'boss'] },
    ['on-call', 'boss'],
  ],
] as const)('a rung %j calls %j', (rung, names) => {
  expect(endpointsOfRung(rung, reach)).toEqual(names);
});

describe('the fewest messages', () => {
  test('one for each with a door of its own, one for all that a topic serves', () => {
    expect(destinationsOf(['text', 'on-call', 'mail', 'chat'], 'critical', reach)).toEqual([
      { by: 'endpoint', lane: 'on-call', endpoints: ['on-call'] },
      { by: 'endpoint', lane: 'chat', endpoints: ['chat'] },
      { by: 'topic', lane: 'topic critical', topic: 'critical', endpoints: ['text', 'mail'] },
    ]);
    expect(destinationsOf(['on-call'], 'critical', reach)).toHaveLength(1);
    expect(destinationsOf([], 'critical', reach)).toEqual([]);
  });
});

test.each([
  [['on-call'], true],
  [['chat'], false],
  [['text', 'mail'], true],
])('what %j took is surely heard: %s', (names, heard) => {
  const [destination] = destinationsOf(names, 'critical', reach);
  expect(destination && isSurelyHeard(destination, reach)).toBe(heard);
});
