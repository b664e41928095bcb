import fc from 'fast-check';
import type { ClusterView, ViewProblem } from '../../../shared/core/cluster-view.ts';
import { namesOfEveryObject } from '../names.ts';

/** Views of every shape, for properties of what carries them. */
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom(...namesOfEveryObject));
const byName = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(text, value), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));
const id = fc.nat(1_000);
const ids = fc.uniqueArray(id, { maxLength: 4 });
const offset = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const bytes = fc.nat();

const problem: fc.Arbitrary<ViewProblem> = fc.record(
  {
    kind: fc.constantFrom('unreachable', 'timed-out', 'denied', 'too-large', 'kafka-error'),
    code: fc.nat(120),
    message: text,
  },
  { requiredKeys: ['kind', 'message'] },
);

const partition = fc.record(
  {
    partition: id,
    leaderId: id,
    replicaIds: ids,
    inSyncReplicaIds: ids,
    offlineReplicaIds: ids,
    earliestOffset: offset,
    latestOffset: offset,
    offsetsProblem: problem,
    leaderEpoch: id,
    problem,
    addingReplicaIds: ids,
    removingReplicaIds: ids,
  },
  { requiredKeys: ['partition', 'replicaIds', 'inSyncReplicaIds', 'offlineReplicaIds'] },
);

const topic = fc.record(
  {
    name: text,
    topicId: fc.uuid(),
    isInternal: fc.boolean(),
    partitions: fc.array(partition, { maxLength: 4 }),
    settings: byName(text),
    settingsProblem: problem,
    problem,
  },
  { requiredKeys: ['name', 'isInternal', 'partitions'] },
);

const member = fc.record(
  {
    memberId: text,
    clientId: text,
    host: text,
    assignment: fc.array(fc.record({ topic: text, partitions: ids }), { maxLength: 2 }),
    assignmentProblem: problem,
  },
  { requiredKeys: ['memberId', 'clientId', 'host', 'assignment'] },
);

const commit = fc.record(
  { topic: text, partition: id, committedOffset: offset, problem },
  { requiredKeys: ['topic', 'partition'] },
);

const group = fc.record(
  {
    groupId: text,
    coordinatorId: id,
    protocol: fc.constantFrom('classic', 'consumer', 'share', 'streams', 'unknown'),
    protocolType: text,
    state: text,
    members: fc.array(member, { maxLength: 3 }),
    membersLeftOut: fc.integer({ min: 1, max: 100_000 }),
    commits: fc.array(commit, { maxLength: 6 }),
    commitsProblem: problem,
    problem,
  },
  { requiredKeys: ['groupId', 'coordinatorId', 'protocol', 'protocolType', 'state', 'members'] },
);

const logDirectory = fc.record(
  { path: text, usedBytes: bytes, usedBytesByTopic: byName(bytes), totalBytes: bytes, usableBytes: bytes, problem },
  { requiredKeys: ['path'] },
);

const broker = fc.record(
  {
    id,
    host: text,
    port: fc.nat(65_535),
    rack: text,
    answerMs: bytes,
    sharesAddressWith: ids,
    capsMinIsrByReplicas: fc.boolean(),
    requestCount: fc.nat(20),
    problem,
    logDirectories: fc.array(logDirectory, { maxLength: 3 }),
    logDirectoriesProblem: problem,
  },
  { requiredKeys: ['id', 'host', 'port', 'requestCount'] },
);

const witness = fc.record(
  {
    brokerId: id,
    address: text,
    depth: fc.constantFrom('full', 'brokers'),
    brokerIds: ids,
    otherClusterId: text,
    overruled: fc.record({ missingBrokerIds: ids, extraBrokerIds: ids, partitionCount: id }),
  },
  { requiredKeys: ['address', 'depth', 'brokerIds'] },
);

export const anyView: fc.Arbitrary<ClusterView> = fc.record(
  {
    version: fc.constant(1 as const),
    takenAtMs: fc.nat(),
    durationMs: fc.nat(),
    clusterId: text,
    controller: fc.record(
      { brokerId: id, unansweredByIds: ids, toldBy: fc.constantFrom('quorum', 'metadata'), problem },
      { requiredKeys: ['toldBy'] },
    ),
    brokers: fc.array(broker, { maxLength: 3 }),
    topics: fc.array(topic, { maxLength: 4 }),
    groups: fc.array(group, { maxLength: 4 }),
    witnesses: fc.array(witness, { maxLength: 3 }),
    unlistedTopics: fc.array(fc.record({ name: text, problem }), { maxLength: 2 }),
    reassignmentsProblem: problem,
    absentBrokerIds: ids,
    problems: fc.array(
      fc.record(
        { what: fc.constantFrom('bootstrap', 'metadata', 'groups', 'members', 'topic-bytes'), brokerId: id, problem },
        { requiredKeys: ['what', 'problem'] },
      ),
      { maxLength: 3 },
    ),
    requestCountByApi: byName(fc.nat(9)),
  },
  {
    requiredKeys: [
      'version',
      'takenAtMs',
      'durationMs',
      'controller',
      'brokers',
      'topics',
      'witnesses',
      'absentBrokerIds',
      'problems',
      'requestCountByApi',
    ],
  },
);

/** A deterministic sequence that compresses no better than offsets of a live cluster. */
const scatter = (seed: number): bigint => BigInt((seed * 2_654_435_761) % 4_294_967_296) * 997n;

/** 10,000 partitions on three brokers, 1,000 groups, 50,000 commits, every offset another. */
export const largeView = (): ClusterView => {
  const topics = Array.from({ length: 500 }, (_, index) => ({
    name: `orders.service-${index}.events`,
    topicId: `00000000-0000-0000-0000-${scatter(index).toString(16).padStart(12, '0')}`,
    isInternal: false,
    partitions: Array.from({ length: 20 }, (_each, partition) => ({
      partition,
      leaderId: (index + partition) % 3,
      replicaIds: [0, 1, 2],
      inSyncReplicaIds: [0, 1, 2],
      offlineReplicaIds: [],
      earliestOffset: scatter(index * 20 + partition),
      latestOffset: scatter(index * 20 + partition) + 1_000_000n,
    })),
  }));
  const groups = Array.from({ length: 1_000 }, (_, index) => ({
    groupId: `consumer-of-service-${index}`,
    coordinatorId: index % 3,
    protocol: 'classic' as const,
    protocolType: 'consumer',
    state: 'Stable',
    members: Array.from({ length: 3 }, (_each, member) => ({
      memberId: `client-${index}-${member}-${scatter(index * 3 + member).toString(36)}`,
      clientId: `client-${index}`,
      host: `/10.0.${index % 256}.${member}`,
      assignment: [{ topic: `orders.service-${index % 500}.events`, partitions: [0, 1, 2, 3, 4, 5] }],
    })),
    commits: Array.from({ length: 50 }, (_each, commit) => ({
      topic: `orders.service-${(index + Math.floor(commit / 20)) % 500}.events`,
      partition: commit % 20,
      committedOffset: scatter(index * 50 + commit + 7),
    })),
  }));
  return {
    version: 1,
    takenAtMs: 1_795_000_000_000,
    durationMs: 900,
    controller: { toldBy: 'quorum', brokerId: 1 },
    brokers: [0, 1, 2].map((id) => ({ id, host: `b-${id}.example`, port: 9098, answerMs: 5, requestCount: 8 })),
    topics,
    groups,
    witnesses: [],
    absentBrokerIds: [],
    problems: [],
    requestCountByApi: { Metadata: 1 },
  };
};
