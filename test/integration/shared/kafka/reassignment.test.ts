import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';
import { startThrottledMove } from '../../../support/kafka/throttled-move.ts';

const cluster = shareKafka({ brokerCount: 3 });

test('a copy that a reassignment adds is told as such, and the official tool does not count it as late either', async () => {
  const { kafka } = cluster;
  const { topic, replicaIds, addedId, cancel } = await startThrottledMove(kafka);
  const partitionNow = async () => {
    const view = await lookAtLocal(kafka, { groups: false, ends: 'none' });
    expect(view).not.toHaveProperty('reassignmentsProblem');
    return view.topics.find(({ name }) => name === topic)?.partitions[0];
  };
  try {
    await eventually(async () => {
      const partition = await partitionNow();
      expect(partition?.replicaIds.toSorted()).toEqual([1, 2, 3]);
      expect(partition).toMatchObject({ addingReplicaIds: [addedId] });
      expect(partition?.inSyncReplicaIds).toHaveLength(2);
    });
    const { code, stdout } = await kafka.tool('kafka-topics', [
      '--describe',
      '--under-replicated-partitions',
      '--topic',
      topic,
    ]);
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: '' });
  } finally {
    await cancel();
  }
  await eventually(async () => {
    const partition = await partitionNow();
    expect(partition?.replicaIds).toEqual(replicaIds);
    expect(partition).not.toHaveProperty('addingReplicaIds');
  });
});
