import { expect, test } from 'vitest';
import { decodeClusterView, encodeClusterView } from '../../../../../shared/kafka/view/payload.ts';
import { fakeCluster } from '../../../../support/kafka/fake-cluster.ts';
import { look } from './look-under-test.ts';

test('bytes by topic are told where they are asked for, and survive the way home', async () => {
  const view = await look(fakeCluster({}), { topicBytes: true });
  const [directory] = view.brokers[0]?.logDirectories ?? [];
  const byTopic = directory?.usedBytesByTopic ?? {};
  expect(Object.keys(byTopic)).not.toEqual([]);
  expect(Object.values(byTopic).reduce((sum, bytes) => sum + bytes, 0)).toBe(directory?.usedBytes);
  expect(decodeClusterView(encodeClusterView(view)).brokers[0]?.logDirectories).toEqual([directory]);
});

test('bytes by topic are not told to those who did not ask', async () => {
  const view = await look(fakeCluster({}));
  expect(view.brokers[0]?.logDirectories?.[0]).not.toHaveProperty('usedBytesByTopic');
});
