import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateClusterHealth } from '../../../../../functions/health/cluster-health/core/evaluate.ts';
import type { ClusterView } from '../../../../../shared/core/cluster-view.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { known } from '../../../../../shared/core/known.ts';
import { decodeClusterView, encodeClusterView } from '../../../../../shared/kafka/view/payload.ts';
import { type Codec, decodeAnswer } from '../../../../../shared/kafka/wire/codec.ts';
import { MalformedBytesError } from '../../../../../shared/kafka/wire/reader.ts';
import { WireWriter } from '../../../../../shared/kafka/wire/writer.ts';
import { cases } from '../../../../support/depth.ts';
import { healthExpectation, healthObservation } from '../../../../support/health/builders.ts';
import { type FakeCluster, fakeCluster, listedGroups } from '../../../../support/kafka/fake-cluster.ts';
import * as broker from '../../../../support/kafka/kafka-answers.ts';
import { mutate, someEdits } from '../codecs/mutated-frames.ts';
import { look } from './look-under-test.ts';

type Write = (writer: WireWriter, answer: never, version: number) => void;

/** How a broker writes the answers of each API. */
const writeByApi: Readonly<Record<string, Write>> = {
  Metadata: broker.writeMetadata,
  DescribeQuorum: broker.writeQuorum,
  ListPartitionReassignments: broker.writeReassignments,
  ListGroups: broker.writeListGroups,
  DescribeGroups: broker.writeDescribeGroups,
  ConsumerGroupDescribe: broker.writeConsumerGroups,
  OffsetFetch: broker.writeOffsetFetch,
  FindCoordinator: broker.writeCoordinators,
  ListOffsets: broker.writeListOffsets,
  DescribeLogDirs: broker.writeLogDirs,
  DescribeConfigs: broker.writeConfigs,
};

const bytesOf = <Request, Answer>(codec: Codec<Request, Answer>, answer: Answer): Buffer => {
  const write = writeByApi[codec.name];
  if (write === undefined) throw new Error(`nobody writes answers of ${codec.name}`);
  const writer = new WireWriter(codec.maxVersion >= codec.flexibleFrom).tags();
  write(writer, answer as never, codec.maxVersion);
  return Buffer.from(writer.bytes);
};

/** The cluster with its answers as bytes, some of which are no answer any more. */
const withBytes = (cluster: FakeCluster, changeNth: (bytes: Buffer, nth: number) => Buffer) => {
  let count = 0;
  let believedCount = 0;
  const open: FakeCluster['open'] = async (options) => {
    const connection = await cluster.open(options);
    return {
      ...connection,
      ask: async (codec, request, timeoutMs) => {
        const answer = await connection.ask(codec, request, timeoutMs);
        count += 1;
        const bytes = bytesOf(codec, answer);
        const changed = changeNth(bytes, count);
        try {
          const read = decodeAnswer(codec, codec.maxVersion, changed);
          if (!changed.equals(bytes)) believedCount += 1;
          return read;
        } catch (error) {
          if (!(error instanceof MalformedBytesError)) throw error;
          throw new DependencyError(
            `Kafka ${codec.name}`,
            'bad-answer',
            `an answer that cannot be read: ${error.message}`,
          );
        }
      },
    };
  };
  return { cluster: { ...cluster, open }, believedCount: () => believedCount, count: () => count };
};

/** Preset A (RUNBOOK section 7), of what the brokers' word is judged by. */
const limits = { underReplicatedPartitions: { critical: 0 }, underMinIsrPartitions: { critical: 0 } };

const groups = listedGroups(9);

/** What a view says of the cluster, without who said it and what it cost. */
const truthOf = ({ topics, groups: listed, controller, brokers }: ClusterView) => ({
  topics,
  groups: listed,
  controller: { brokerId: controller.brokerId },
  brokers: brokers.map(({ requestCount: _count, answerMs: _answer, ...rest }) => rest),
});

const hasProblem = (view: ClusterView): boolean =>
  JSON.stringify(view, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)).includes(
    '"kind":"bad-answer"',
  );

test('answers as bytes say what they say without', async () => {
  const plain = await look(fakeCluster({ groups }));
  const { cluster, count } = withBytes(fakeCluster({ groups }), (bytes) => bytes);
  expect(truthOf(await look(cluster))).toEqual(truthOf(plain));
  expect(count()).toBeGreaterThan(20);
});

test('a look with mutated answers ends in time, in a view that is packed, unpacked and judged; what could not be read is told', async () => {
  const truth = truthOf(await look(withBytes(fakeCluster({ groups }), (bytes) => bytes).cluster));
  const mutations = fc.array(fc.tuple(fc.integer({ min: 1, max: 45 }), someEdits), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(mutations, async (edits) => {
      const byNth = new Map(edits);
      const { cluster, believedCount } = withBytes(fakeCluster({ groups }), (bytes, nth) =>
        mutate(bytes, byNth.get(nth) ?? []),
      );
      const view = await look(cluster, {}, 20_000);
      expect(view.durationMs).toBeLessThan(20_000);
      const come = decodeClusterView(JSON.parse(JSON.stringify(encodeClusterView(view))));
      expect(come.topics.map(({ name }) => name)).toEqual(view.topics.map(({ name }) => name));
      const seen = healthObservation({ view: known(come) });
      const { findings } = evaluateClusterHealth(seen, healthExpectation(), { limits, floors: {} });
      expect(findings.length).toBeGreaterThan(5);
      // Nobody can tell an answer of another cluster from one that was changed and can still be read.
      if (believedCount() === 0 && !hasProblem(view)) expect(truthOf(view)).toEqual(truth);
    }),
    cases(40, 2_000),
  );
});
