import { expect, test } from 'vitest';
import { alarmsNotMade } from '../../../../../../infra/stack/alarms.ts';
import { alarmsNamed, named } from '../../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../../infra/stack/stack-under-test.ts';

test('a topic that must flow alarms below its own rate, and when nothing is known of it', () => {
  const [alarm] = alarmsNamed({ ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, 'not-flowing');
  expect(alarm).toMatchObject({ threshold: 10, comparison: 'LessThanThreshold', missing: { treatment: 'breaching' } });
});

test('the throughput of more brokers than one alarm can add up has none, and packaging says so', () => {
  expect(alarmsNamed({ brokerCount: 10 }, 'high-throughput', 'message-broker')).toHaveLength(1);
  expect(alarmsNamed({ brokerCount: 11 }, 'high-throughput', 'message-broker')).toEqual([]);
  expect(alarmsNotMade(contextWith({ brokerCount: 11 }, 'message-broker'))).toContainEqual({
    what: 'throughput',
    because: 'an alarm adds up 10 brokers at most, and nothing judges it above that yet',
  });
  expect(alarmsNotMade(contextWith({ brokerCount: 11 })).map(({ what }) => what)).not.toContain('throughput');
});
