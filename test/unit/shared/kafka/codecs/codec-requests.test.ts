import { describe, expect, test } from 'vitest';
import { consumerGroupDescribe } from '../../../../../shared/kafka/codecs/consumer-group-describe.ts';
import { describeConfigs } from '../../../../../shared/kafka/codecs/describe-configs.ts';
import { describeGroups } from '../../../../../shared/kafka/codecs/describe-groups.ts';
import { describeLogDirs } from '../../../../../shared/kafka/codecs/describe-log-dirs.ts';
import { describeQuorum } from '../../../../../shared/kafka/codecs/describe-quorum.ts';
import { findCoordinator } from '../../../../../shared/kafka/codecs/find-coordinator.ts';
import { listGroups } from '../../../../../shared/kafka/codecs/list-groups.ts';
import { listOffsets } from '../../../../../shared/kafka/codecs/list-offsets.ts';
import { listPartitionReassignments } from '../../../../../shared/kafka/codecs/list-partition-reassignments.ts';
import { metadata } from '../../../../../shared/kafka/codecs/metadata.ts';
import { offsetFetch } from '../../../../../shared/kafka/codecs/offset-fetch.ts';
import { type Codec, encodeRequest } from '../../../../../shared/kafka/wire/codec.ts';
import { other } from '../other-client.ts';

const otherRequest = (name: string, ...values: unknown[]): string =>
  other(name)
    .createRequest(...(values as never[]))
    .buffer.toString('hex');

const groupIds = ['orders', 'zahlungen-äöü', ''];
const named = (name: string, partitions: readonly number[], timestamp: bigint) => ({
  name,
  partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
});
const ends = {
  timestamp: -2n,
  topics: [
    { topic: 'a', partitions: [0, 7] },
    { topic: 'b', partitions: [] },
  ],
};
const otherEnds = [named('a', [0, 7], -2n), named('b', [], -2n)];
const settings = { topics: ['a', 'b'], settings: ['retention.ms', 'min.insync.replicas'] };
const otherSettings = settings.topics.map((resourceName) => ({
  resourceType: 2,
  resourceName,
  configurationKeys: settings.settings,
}));

const requestOf = <Request, Answer>(codec: Codec<Request, Answer>, version: number, request: Request): string => {
  const bytes = encodeRequest(codec, version, request);
  // The other client writes the header's tagged fields elsewhere.
  return (version >= codec.flexibleFrom ? bytes.subarray(1) : bytes).toString('hex');
};

describe('requests equal those of another client, byte for byte', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ...[9, 10, 11, 12].flatMap((version): [string, string, string][] => [
      [`Metadata ${version}, all`, requestOf(metadata, version, {}), otherRequest(`metadataV${version}`, null, false)],
      [
        `Metadata ${version}, named`,
        requestOf(metadata, version, { topics: ['a', 'b'] }),
        otherRequest(`metadataV${version}`, ['a', 'b'], false),
      ],
      [
        `Metadata ${version}, brokers alone`,
        requestOf(metadata, version, { topics: [] }),
        otherRequest(`metadataV${version}`, [], false),
      ],
    ]),
    [
      'DescribeQuorum 0',
      requestOf(describeQuorum, 0, {}),
      otherRequest('describeQuorumV0', [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]),
    ],
    ['ListGroups 4', requestOf(listGroups, 4, {}), otherRequest('listGroupsV4', [])],
    ['ListGroups 5', requestOf(listGroups, 5, {}), otherRequest('listGroupsV5', [], [])],
    ['DescribeGroups 5', requestOf(describeGroups, 5, { groupIds }), otherRequest('describeGroupsV5', groupIds, false)],
    [
      'ConsumerGroupDescribe 0',
      requestOf(consumerGroupDescribe, 0, { groupIds }),
      otherRequest('consumerGroupDescribeV0', groupIds, false),
    ],
    ['FindCoordinator 4', requestOf(findCoordinator, 4, { groupIds }), otherRequest('findCoordinatorV4', 0, groupIds)],
    ...[3, 4, 5, 6, 7].map((version): [string, string, string] => [
      `ListOffsets ${version}`,
      requestOf(listOffsets, version, ends),
      otherRequest(`listOffsetsV${version}`, -1, 0, otherEnds),
    ]),
    ...[2, 3, 4].map((version): [string, string, string] => [
      `DescribeLogDirs ${version}`,
      requestOf(describeLogDirs, version, {}),
      otherRequest(`describeLogDirsV${version}`, null),
    ]),
    [
      'ListPartitionReassignments 0',
      requestOf(listPartitionReassignments, 0, { timeoutMs: 5_000 }),
      otherRequest('listPartitionReassignmentsV0', 5_000, null),
    ],
    ...[1, 2, 3, 4].map((version): [string, string, string] => [
      `DescribeConfigs ${version}`,
      requestOf(describeConfigs, version, settings),
      otherRequest(`describeConfigsV${version}`, otherSettings, false, false),
    ]),
  ];
  test.each(cases)('%s', (_name, ours, theirs) => {
    expect(ours).toBe(theirs);
  });

  test('OffsetFetch 8 for all topics of a group, which the other client cannot ask', () => {
    const [group] = ['g1'];
    const allTopics = requestOf(offsetFetch, 8, { groupIds: ['g1', 'g2'] });
    // From the sketch that was checked against the other client: g1, null topics, g2, null topics, not stable.
    expect(allTopics).toBe('0303673100000367320000' + '0000');
    expect(otherRequest('offsetFetchV8', [{ groupId: group, topics: [] }], false)).toBe(
      '02036731' + '01' + '00' + '0000',
    );
  });
});
