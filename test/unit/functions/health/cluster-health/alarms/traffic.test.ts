import { expect, test } from 'vitest';
import { alarmsNamed, named } from '../../../../infra/stack/alarms-under-test.ts';

test('a topic that must flow alarms below its own rate, and when nothing is known of it', () => {
  const [alarm] = alarmsNamed({ ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, 'not-flowing');
  expect(alarm).toMatchObject({ threshold: 10, comparison: 'LessThanThreshold', missing: { treatment: 'breaching' } });
});

test('the throughput of more brokers than one alarm can add up is asked for by query', () => {
  const few = alarmsNamed({ brokerCount: 10 }, 'high-throughput', 'message-broker');
  const many = alarmsNamed({ brokerCount: 11 }, 'high-throughput', 'message-broker');
  expect(few[0]?.signal.kind).toBe('math');
  expect(many[0]?.signal).toMatchObject({
    kind: 'query',
    query: expect.stringContaining('"Cluster Name" = \'orders-live\''),
  });
});
