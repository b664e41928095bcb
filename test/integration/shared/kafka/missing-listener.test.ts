import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { createTopic, freshName, useKafka } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';

/** A listener is rolled out: broker 3 does not have it yet. */
const cluster = useKafka({ brokerCount: 3, listeners: ['plaintext', 'tls'], missingListeners: { 3: ['tls'] } });

test('a leader that lacks our listener is told as that, and not as a partition without a leader', async () => {
  const { kafka } = cluster;
  const topic = await createTopic(kafka, freshName('orders'));
  const { certificates } = kafka;
  if (certificates === undefined) throw new Error('a secured listener was asked for');
  await eventually(async () => {
    const view = await lookAtLocal(
      kafka,
      { expectedBrokerIds: [1, 2, 3] },
      {
        bootstrapServers: kafka.brokers.flatMap(({ portByListener: { tls } }) =>
          tls === undefined ? [] : [`127.0.0.1:${tls}`],
        ),
        authentication: { kind: 'tls', certificateAuthority: certificates.authority },
      },
    );
    expect(view.brokers.map(({ id }) => id)).toEqual([1, 2]);
    expect(view.absentBrokerIds).toEqual([3]);
    const partitions = view.topics.find(({ name }) => name === topic)?.partitions ?? [];
    const [unlistened, ...others] = partitions.toSorted(
      (left, right) => Number('leaderId' in left) - Number('leaderId' in right),
    );
    expect(unlistened).toMatchObject({
      problem: { kind: 'kafka-error', code: 72 },
      offsetsProblem: { code: 72 },
      inSyncReplicaIds: expect.arrayContaining([1, 2, 3]),
    });
    expect(unlistened).not.toHaveProperty('leaderId');
    expect(others.map(({ problem, latestOffset }) => [problem, latestOffset])).toEqual([
      [undefined, 0n],
      [undefined, 0n],
    ]);
  });

  const everywhere = await lookAtLocal(kafka);
  const leaders = everywhere.topics.find(({ name }) => name === topic)?.partitions.map(({ leaderId }) => leaderId);
  expect(leaders?.toSorted()).toEqual([1, 2, 3]);
});
