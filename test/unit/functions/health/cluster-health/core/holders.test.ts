import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allPartitions, byHolder } from '../../../../../../functions/health/cluster-health/core/partitions.ts';
import { anyView } from '../../../../../support/health/kafka-view.ts';

test('each broker is given the partitions with a copy there, online or not, in their order', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const partitions = allPartitions(view);
      const held = byHolder(partitions);
      const ids = partitions.flatMap(({ partition }) => [...partition.replicaIds, ...partition.offlineReplicaIds]);
      expect(new Set(held.keys())).toEqual(new Set(ids));
      for (const [id, those] of held)
        expect(those).toEqual(
          partitions.filter(({ partition: { replicaIds, offlineReplicaIds } }) =>
            [...replicaIds, ...offlineReplicaIds].includes(id),
          ),
        );
    }),
  );
});
