import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeConsumerAssignment } from '../../../../../shared/kafka/codecs/consumer-assignment.ts';
import { metadata } from '../../../../../shared/kafka/codecs/metadata.ts';
import { decodeAnswer, newestCommonVersion } from '../../../../../shared/kafka/wire/codec.ts';
import { MalformedBytesError } from '../../../../../shared/kafka/wire/reader.ts';
import { WireWriter } from '../../../../../shared/kafka/wire/writer.ts';
import { writeMetadata } from '../../../../support/kafka/kafka-answers.ts';
import { expectNoNamelessCrash } from './mutated-frames.ts';

test('an assignment is read as a Java consumer writes it, user data and all', () => {
  const writer = new WireWriter(false).int16(3).array(['orders'], (topic, each) => {
    topic.string(each).array([0, 5], (one, partition) => one.int32(partition));
  });
  const bytes = Buffer.from(writer.byteArray(Buffer.from('sticky')).bytes);
  expect(decodeConsumerAssignment(bytes)).toEqual([{ topic: 'orders', partitions: [0, 5] }]);
  expect(decodeConsumerAssignment(Buffer.alloc(0))).toEqual([]);
  expect(() => decodeConsumerAssignment(Buffer.from('rubbish'))).toThrow(MalformedBytesError);
});

test('an assignment that was mutated is read or refused by name', () => {
  const assignments = fc.array(
    fc.tuple(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.array(fc.nat(), { maxLength: 5 })),
  );
  const written = assignments.map((topics) => {
    const writer = new WireWriter(false).int16(3).array(topics, (topic, [name, partitions]) => {
      topic.string(name).array(partitions, (one, partition) => one.int32(partition));
    });
    return Buffer.from(writer.byteArray(Buffer.from('sticky')).bytes);
  });
  expectNoNamelessCrash(written, decodeConsumerAssignment);
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

test('the id of a topic that has none is absent, never the same for all', () => {
  const topic = { errorCode: 0, name: 'orders', isInternal: false, partitions: [] };
  const answer = {
    brokers: [],
    clusterId: 'cluster',
    controllerId: 1,
    topics: [{ ...topic, topicId: '00000000-0000-0000-0000-000000000000' }],
  };
  const writer = new WireWriter(true).tags();
  writeMetadata(writer, answer, 12);
  expect(decodeAnswer(metadata, 12, Buffer.from(writer.bytes)).topics).toEqual([{ ...topic, topicId: undefined }]);
});
