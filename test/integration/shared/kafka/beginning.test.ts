import { expect, test } from 'vitest';
import { bareLook, type ClusterView } from '../../../../shared/core/cluster-view.ts';
import { beginnerOf, beginUnderLooks, mostRestarts } from '../../../support/kafka/begin-under-looks.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

/** With ZooKeeper a broker that begins lists nobody: test/integration/functions/health/zookeeper.test.ts. */
const cluster = shareKafka({ version: '3.6.2', brokerCount: 3 });

test('a broker that begins on KRaft leaves itself out for a moment when all others list it, and no look that asks it first does', async () => {
  const { kafka } = cluster;
  const topic = await createTopic(kafka, freshName('orders'));
  const beginner = beginnerOf(kafka, 1);
  const ofBeginner = ({ witnesses }: ClusterView) => witnesses.find(({ brokerId }) => brokerId === 1);
  const isListedByOthers = ({ witnesses }: ClusterView) =>
    witnesses.filter(({ brokerId, brokerIds }) => brokerId !== 1 && brokerIds.includes(1)).length === 2;
  const leavesItselfOut = (view: ClusterView) =>
    ofBeginner(view)?.brokerIds.includes(1) === false && isListedByOthers(view);
  const look = (bootstrapServers: readonly string[]) =>
    lookAtLocal(kafka, { ...bareLook, expectedBrokerIds: [1, 2, 3] }, { bootstrapServers });

  let metCount = 0;
  for (let restart = 1; restart <= mostRestarts && metCount === 0; restart += 1) {
    await beginUnderLooks(beginner, beginner.ordersWithItFirst, look, leavesItselfOut, ({ view }) => {
      metCount += 1;
      expect(view.brokers.map(({ id }) => id)).toEqual([1, 2, 3]);
      expect(view.absentBrokerIds).toEqual([]);
      expect(ofBeginner(view)?.overruled).toMatchObject({ missingBrokerIds: [1], extraBrokerIds: [] });
      expect(view.topics.find(({ name }) => name === topic)?.partitions).toHaveLength(3);
    });
  }
  expect(metCount, `nothing is proven: looks that met it, in ${mostRestarts} restarts`).toBeGreaterThan(0);
});
