import fc from 'fast-check';

const name = fc.string({ unit: 'grapheme', maxLength: 40 });
export const id = fc.integer({ min: -1, max: 2_000_000_000 });
export const code = fc.constant(0);
const offset = fc.bigInt({ min: -1n, max: 2n ** 63n - 1n });
export const ids = fc.array(id, { maxLength: 5 });
const assignment = fc.array(fc.record({ topic: name, partitions: ids }), { maxLength: 3 });
const member = { memberId: name, clientId: name, clientHost: name };

/** What brokers may answer, of each codec. */
export const answers = {
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
            leaderEpoch: id,
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
  reassignments: fc.record({
    errorCode: code,
    errorMessage: fc.constant(undefined),
    reassignments: fc.array(
      fc.record({ topic: name, partition: id, replicaIds: ids, addingReplicaIds: ids, removingReplicaIds: ids }),
      { maxLength: 5 },
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
