import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
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
import { type Codec, decodeAnswer } from '../../../../../shared/kafka/wire/codec.ts';
import { MalformedBytesError } from '../../../../../shared/kafka/wire/reader.ts';
import { WireWriter } from '../../../../../shared/kafka/wire/writer.ts';
import * as broker from '../../../../support/kafka/kafka-answers.ts';
import { other, readerOf } from '../other-client.ts';
import { answers, code, id, ids } from './codec-answers-arbitrary.ts';
import { expectNoNamelessCrash } from './mutated-frames.ts';

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
  ...caseOf(listPartitionReassignments, 'listPartitionReassignments', answers.reassignments, broker.writeReassignments),
  ...caseOf(describeConfigs, 'describeConfigs', answers.settings, broker.writeConfigs),
];

const codecFolder = join(import.meta.dirname, '../../../../../shared/kafka/codecs');

const isCodec = (value: unknown): value is Codec<unknown, unknown> =>
  typeof value === 'object' && value !== null && 'decode' in value && 'maxVersion' in value && 'name' in value;

test('every codec that there is, in each of its versions, is among those that the tests below try', async () => {
  const files = readdirSync(codecFolder).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(files.map((name) => import(join(codecFolder, name)) as Promise<object>));
  const codecs = modules.flatMap((module) => Object.values(module).filter(isCodec));
  const labels = codecs.flatMap(({ name, minVersion, maxVersion }) =>
    Array.from({ length: maxVersion - minVersion + 1 }, (_, index) => `${name} ${minVersion + index}`),
  );
  expect(codecs.length).toBeGreaterThan(10);
  expect(cases.map(({ label }) => label).toSorted()).toEqual(labels.toSorted());
});

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
        const reader = readerOf(each.isFlexible ? bytes.subarray(1) : bytes);
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

  test('that were mutated are read or refused by name', () => {
    expectNoNamelessCrash(
      written.map(({ bytes }) => bytes),
      each.decode,
    );
  });
});
