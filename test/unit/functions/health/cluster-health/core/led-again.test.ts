import { expect, test } from 'vitest';
import { evaluateOffline } from '../../../../../../functions/health/cluster-health/core/offline-partitions.ts';
import {
  clusterView,
  factsOf,
  failed,
  healthObservation,
  known,
  notAsked,
  offlinePartition,
  partitionView,
  topicView,
} from '../../../../../support/health/builders.ts';

const topicId = '00000000-0000-0000-0000-000000000001';
const lost = { ...offlinePartition(0), leaderEpoch: 7 };
const led = partitionView(0, { leaderId: 3, replicaIds: [3], inSyncReplicaIds: [3], leaderEpoch: 7 });
const viewOf = (partition: typeof led, more = {}) =>
  known(clusterView({ topics: [topicView('orders', [partition], { topicId, ...more })] }));
const evaluate = (secondView: ReturnType<typeof viewOf> | typeof notAsked, thirdView?: ReturnType<typeof viewOf>) =>
  evaluateOffline(
    factsOf(healthObservation({ view: viewOf(lost), secondView, ...(thirdView !== undefined && { thirdView }) })),
  ).findings[0];

test.each([
  ['of the same election', led],
  ['of a newer one', { ...led, leaderEpoch: 8 }],
])('a partition that has a leader in the last look, %s, is no emergency, and is told', (_name, now) => {
  for (const finding of [evaluate(viewOf(now)), evaluate(viewOf(lost), viewOf(now))]) {
    expect(finding).toMatchObject({
      severity: 'notice',
      reason: 'led-again',
      message: expect.stringContaining('1 partition without a leader in the first look'),
      evidence: { offlineCount: 0, ledAgainCount: 1 },
    });
  }
});

test.each([
  ['there is no other', evaluate(notAsked)],
  ['the other failed', evaluate(failed('lambda:Invoke kafka-read') as never)],
  ['the other says so, too', evaluate(viewOf(lost))],
  ['only the one between says otherwise', evaluate(viewOf(led), viewOf(lost))],
  ['the other knows fewer elections', evaluate(viewOf({ ...led, leaderEpoch: 6 }))],
  ['the other means another topic of that name', evaluate(viewOf(led, { topicId: topicId.replace('1', '2') }))],
  ['the other does not list it', evaluate(known(clusterView({ topics: [] })))],
])('a partition without a leader in one look is an emergency where %s', (_name, finding) => {
  expect(finding).toMatchObject({ severity: 'emergency', reason: 'no-leader', evidence: { offlineCount: 1 } });
});

test('the other partitions stay as the first look has them', () => {
  const other = partitionView(1, { leaderId: 2, latestOffset: 5n });
  const first = known(clusterView({ topics: [topicView('orders', [lost, other])] }));
  const later = known(clusterView({ topics: [topicView('orders', [led, { ...other, leaderId: 1 }])] }));
  const { topics } = factsOf(healthObservation({ view: first, secondView: later }));
  expect(topics?.topics[0]?.partitions).toEqual([led, other]);
});
