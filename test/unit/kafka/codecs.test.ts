import * as platformatic from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Codec, decodeAnswer, encodeRequest, newestCommonVersion } from '../../../shared/kafka/codec.ts';
import { decodeConsumerAssignment } from '../../../shared/kafka/codecs/consumer-assignment.ts';
import { consumerGroupDescribe } from '../../../shared/kafka/codecs/consumer-group-describe.ts';
import { describeConfigs } from '../../../shared/kafka/codecs/describe-configs.ts';
import { describeGroups } from '../../../shared/kafka/codecs/describe-groups.ts';
import { describeLogDirs } from '../../../shared/kafka/codecs/describe-log-dirs.ts';
import { describeQuorum } from '../../../shared/kafka/codecs/describe-quorum.ts';
import { findCoordinator } from '../../../shared/kafka/codecs/find-coordinator.ts';
import { listGroups } from '../../../shared/kafka/codecs/list-groups.ts';
import { listOffsets } from '../../../shared/kafka/codecs/list-offsets.ts';
import { metadata } from '../../../shared/kafka/codecs/metadata.ts';
import { offsetFetch } from '../../../shared/kafka/codecs/offset-fetch.ts';
import { MalformedBytesError } from '../../../shared/kafka/wire-reader.ts';
import { WireWriter } from '../../../shared/kafka/wire-writer.ts';
import * as broker from '../../support/kafka-answers.ts';

/** The other client's codec of one version: an independent reading of the same protocol. */
type OtherCodec = {
  readonly createRequest: (...values: never[]) => { readonly buffer: Buffer };
  readonly parseResponse: (...values: never[]) => unknown;
};

const other = (name: string): OtherCodec => {
  const found: unknown = Reflect.get(platformatic, name);
  // Its modules are typed one by one; the tests below give each what it takes.
  return found as OtherCodec;
};

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

const name = fc.string({ unit: 'grapheme', maxLength: 40 });
const id = fc.integer({ min: -1, max: 2_000_000_000 });
const code = fc.constant(0);
const offset = fc.bigInt({ min: -1n, max: 2n ** 63n - 1n });
const ids = fc.array(id, { maxLength: 5 });
const assignment = fc.array(fc.record({ topic: name, partitions: ids }), { maxLength: 3 });
const member = { memberId: name, clientId: name, clientHost: name };

const answers = {
  metadata: fc.record({
    brokers: fc.array(fc.record({ id, host: name, port: id, rack: fc.option(name, { nil: undefined }) }), {
      maxLength: 4,
    }),
    clusterId: fc.option(name, { nil: undefined }),
    controllerId: id,
    topics: fc.array(
      fc.record({
        errorCode: code,
        name,
        topicId: fc.uuid(),
        isInternal: fc.boolean(),
        partitions: fc.array(
          fc.record({
            errorCode: code,
            partition: id,
            leaderId: id,
            replicaIds: ids,
            inSyncReplicaIds: ids,
            offlineReplicaIds: ids,
          }),
          { maxLength: 4 },
        ),
      }),
      { maxLength: 4 },
    ),
  }),
  groups: fc.array(
    fc.record({ groupId: name, protocolType: name, state: name, type: fc.constantFrom('classic', 'consumer') }),
  ),
  classic: fc.array(
    fc.record({
      errorCode: code,
      groupId: name,
      state: name,
      protocolType: name,
      members: fc.array(fc.record({ ...member, assignment: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 4 },
  ),
  consumer: fc.array(
    fc.record({
      errorCode: code,
      errorMessage: fc.constant(undefined),
      groupId: name,
      state: name,
      members: fc.array(fc.record({ ...member, assignment }), { maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
  commits: fc.array(
    fc.record({
      groupId: name,
      errorCode: code,
      topics: fc.array(
        fc.record({
          topic: name,
          partitions: fc.array(fc.record({ partition: id, offset, errorCode: code }), { maxLength: 4 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 4 },
  ),
  coordinators: fc.array(fc.record({ groupId: name, brokerId: id, errorCode: code })),
  offsets: fc.array(
    fc.record({
      topic: name,
      partitions: fc.array(fc.record({ partition: id, errorCode: code, offset }), { maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
  logDirs: fc.record({
    errorCode: code,
    directories: fc.array(
      fc.record({
        errorCode: code,
        path: name,
        topics: fc.array(
          fc.record({
            topic: name,
            replicas: fc.array(fc.record({ partition: id, sizeBytes: offset, isFuture: fc.boolean() }), {
              maxLength: 4,
            }),
          }),
          { maxLength: 3 },
        ),
        totalBytes: offset,
        usableBytes: offset,
      }),
      { maxLength: 3 },
    ),
  }),
  settings: fc.array(
    fc.record({
      errorCode: code,
      errorMessage: fc.constant(undefined),
      topic: name,
      settings: fc.array(fc.record({ name, value: fc.option(name, { nil: undefined }) }), { maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
};

/** One codec in one version: what brokers may answer, how they write it, what the other client calls it. */
type Case = {
  readonly label: string;
  readonly otherName: string;
  readonly isFlexible: boolean;
  readonly arbitrary: fc.Arbitrary<unknown>;
  readonly write: (writer: WireWriter, answer: never, version: number) => void;
  readonly decode: (bytes: Buffer) => unknown;
  /** What our codec should make of the answer that was written. */
  readonly expected: (answer: never) => unknown;
  readonly version: number;
};

const caseOf = <Request, Answer, Seed>(
  codec: Codec<Request, Answer>,
  otherStem: string,
  arbitrary: fc.Arbitrary<Seed>,
  write: (writer: WireWriter, answer: Seed, version: number) => void,
  expected: (answer: Seed, version: number) => unknown = (answer) => answer,
): readonly Case[] =>
  Array.from({ length: codec.maxVersion - codec.minVersion + 1 }, (_, index): Case => {
    const version = codec.minVersion + index;
    return {
      label: `${codec.name} ${version}`,
      otherName: `${otherStem}V${version}`,
      isFlexible: version >= codec.flexibleFrom,
      arbitrary,
      write,
      decode: (bytes) => decodeAnswer(codec, version, bytes),
      expected: (answer) => expected(answer, version),
      version,
    };
  });

const cases: readonly Case[] = [
  ...caseOf(metadata, 'metadata', answers.metadata, broker.writeMetadata, (answer, version) => ({
    ...answer,
    topics: answer.topics.map((topic) => ({ ...topic, topicId: version >= 10 ? topic.topicId : undefined })),
  })),
  ...caseOf(
    describeQuorum,
    'describeQuorum',
    fc.record({ errorCode: code, leaderId: id, voterIds: ids }),
    broker.writeQuorum,
    (answer) => ({ ...answer, partitionErrorCode: 0 }),
  ),
  ...caseOf(
    listGroups,
    'listGroups',
    answers.groups.map((groups) => ({ errorCode: 0, groups })),
    broker.writeListGroups,
    ({ groups }, version) => ({
      errorCode: 0,
      groups: groups.map((group) => ({ ...group, type: version >= 5 ? group.type : undefined })),
    }),
  ),
  ...caseOf(describeGroups, 'describeGroups', answers.classic, broker.writeDescribeGroups),
  ...caseOf(consumerGroupDescribe, 'consumerGroupDescribe', answers.consumer, broker.writeConsumerGroups),
  ...caseOf(offsetFetch, 'offsetFetch', answers.commits, broker.writeOffsetFetch),
  ...caseOf(findCoordinator, 'findCoordinator', answers.coordinators, broker.writeCoordinators),
  ...caseOf(listOffsets, 'listOffsets', answers.offsets, broker.writeListOffsets),
  ...caseOf(describeLogDirs, 'describeLogDirs', answers.logDirs, broker.writeLogDirs, (answer, version) => ({
    errorCode: answer.errorCode,
    directories: answer.directories.map((directory) => ({
      ...directory,
      totalBytes: version >= 4 ? directory.totalBytes : undefined,
      usableBytes: version >= 4 ? directory.usableBytes : undefined,
    })),
  })),
  ...caseOf(describeConfigs, 'describeConfigs', answers.settings, broker.writeConfigs),
];

const bytesOf = ({ isFlexible, write, version }: Case, answer: unknown): Buffer => {
  const writer = new WireWriter(isFlexible).tags();
  write(writer, answer as never, version);
  return Buffer.from(writer.bytes);
};

describe.each(cases.map((each) => [each.label, each] as const))('answers of %s', (_label, each) => {
  const written = each.arbitrary.map((answer) => ({ answer, bytes: bytesOf(each, answer) }));

  test('are read as they were written', () => {
    fc.assert(
      fc.property(written, ({ answer, bytes }) => {
        expect(each.decode(bytes)).toEqual(each.expected(answer as never));
      }),
    );
  });

  test('are read to their end by another client too', () => {
    fc.assert(
      fc.property(written, ({ bytes }) => {
        const reader = platformatic.Reader.from(each.isFlexible ? bytes.subarray(1) : bytes);
        other(each.otherName).parseResponse(...([0, 0, each.version, reader] as never[]));
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  test('are refused by name where they are cut short or longer', () => {
    fc.assert(
      fc.property(written, fc.nat(), ({ bytes }, cut) => {
        expect(() => each.decode(bytes.subarray(0, cut % bytes.length))).toThrow(MalformedBytesError);
        expect(() => each.decode(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(MalformedBytesError);
      }),
    );
  });

  test('that are garbage are refused by name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          each.decode(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError);
        }
      }),
    );
  });
});

test('an assignment is read as a Java consumer writes it, user data and all', () => {
  const writer = new WireWriter(false).int16(3).array(['orders'], (topic, each) => {
    topic.string(each).array([0, 5], (one, partition) => one.int32(partition));
  });
  const bytes = Buffer.from(writer.byteArray(Buffer.from('sticky')).bytes);
  expect(decodeConsumerAssignment(bytes)).toEqual([{ topic: 'orders', partitions: [0, 5] }]);
  expect(decodeConsumerAssignment(Buffer.alloc(0))).toEqual([]);
  expect(() => decodeConsumerAssignment(Buffer.from('rubbish'))).toThrow(MalformedBytesError);
});

test.each([
  ['both know more', { minVersion: 0, maxVersion: 13 }, 12],
  ['the broker is older', { minVersion: 0, maxVersion: 10 }, 10],
  ['the broker is too old', { minVersion: 0, maxVersion: 8 }, undefined],
  ['the broker is too new', { minVersion: 13, maxVersion: 15 }, undefined],
  ['the broker lacks it', undefined, undefined],
])('the newest common version where %s', (_name, theirs, version) => {
  expect(newestCommonVersion(metadata, theirs)).toBe(version);
});
