import { expect, test } from 'vitest';
import { alarmsNotMade } from '../../../../../../infra/stack/alarms.ts';
import { alarmsNamed, named } from '../../../../infra/stack/alarms-under-test.ts';
import { contextWith } from '../../../../infra/stack/stack-under-test.ts';

test('a topic that must flow alarms below its own rate, and when nothing is known of it', () => {
  const [alarm] = alarmsNamed({ ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, 'not-flowing');
  expect(alarm).toMatchObject({ threshold: 10, comparison: 'LessThanThreshold', missing: { treatment: 'breaching' } });
});

test('the throughput of more brokers than one alarm can add up is left to the look, and packaging says so', () => {
  expect(alarmsNamed({ brokerCount: 10 }, 'high-throughput', 'performance-tuning')).toHaveLength(2);
  expect(alarmsNamed({ brokerCount: 11 }, 'high-throughput', 'performance-tuning')).toEqual([]);
  const because = 'an alarm adds up 10 brokers at most: cluster-health judges it every half hour';
  const notMade = (preset?: string) =>
    alarmsNotMade(contextWith({ brokerCount: 11 }, preset)).filter(({ what }) => /^(high|low)-throughput/.test(what));
  expect(notMade('performance-tuning')).toEqual([
    { what: 'high-throughput warning', because },
    { what: 'high-throughput critical', because },
  ]);
  expect(notMade('daily-procedures')).toEqual([{ what: 'low-throughput warning', because }]);
  expect(notMade()).toEqual([]);
});

test('of a topic that must flow on more brokers than that, packaging says what is watched and what is not', () => {
  const notMade = (preset: string) => alarmsNotMade(contextWith({ ...named, brokerCount: 11 }, preset));
  const told = 'an alarm adds up 10 brokers at most: cluster-health watches its minMessagesPerMinute by its offsets';
  const what = 'low traffic of topic orders';
  expect(notMade('message-broker')).toContainEqual({ what, because: told });
  expect(notMade('daily-procedures')).toContainEqual({
    what,
    because: `${told}; nothing judges topicMessagesInPerSecond and topicBytesInPerSecond above that yet`,
  });
});
