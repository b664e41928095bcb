import * as z from 'zod';
import { namedValues } from '../../text/plain-schemas.ts';
import { redactText } from '../../text/redaction.ts';

const id = z.int();
const index = z.int().min(-1);
const offset = z.union([z.int(), z.string().regex(/^-?\d{1,19}$/)]);
const nullableOffset = z.nullable(offset);
const ids = z.array(id).readonly();

const told = {
  kind: z.enum([
    'unreachable',
    'timed-out',
    'tls-failed',
    'authentication-failed',
    'denied',
    'bad-answer',
    'too-large',
    'unsupported',
    'kafka-error',
  ]),
  code: z.int().exactOptional(),
  message: z.string(),
} as const;

/** A broker's words, or a library's: they come in without secrets. */
const problem = z.object({ ...told, message: z.string().transform((text) => redactText(text)) });
/** The same, whose words may quote the names that the answer holds: without secrets once those are known. */
const quotingProblem = z.object(told);

const settingsByName = namedValues(z.string());
const bytesByTopic = namedValues(z.number());
const countByName = namedValues(z.int());

const idsOrNone = z.union([z.literal(0), ids]);

/**
 * Partition, leader (−1 none), replicas, in sync (0 the same), offline (0 none), earliest, latest, offsets' problem, leader
 * epoch (−1 not told), problem, adding (0 none), removing (0 none).
 */
const partitionRow = z
  .tuple([id, id, ids, idsOrNone, idsOrNone, nullableOffset, nullableOffset, index, index, index, idsOrNone, idsOrNone])
  .readonly();

/** Name, id, internal, settings, settings' problem, problem, partitions. */
const topicRow = z
  .tuple([
    index,
    z.nullable(z.string()),
    z.literal([0, 1]),
    z.nullable(settingsByName),
    index,
    index,
    z.array(partitionRow).readonly(),
  ])
  .readonly();

/** Topic, and for each partition its offset and problem. */
const commitsRow = z.tuple([index, z.array(z.tuple([id, nullableOffset, index]).readonly()).readonly()]).readonly();

const member = z.object({
  memberId: z.string(),
  clientId: z.string(),
  host: z.string(),
  assignment: z.array(z.object({ topic: z.string(), partitions: ids })).readonly(),
  assignmentProblem: problem.exactOptional(),
});

/** Id, coordinator, protocol, protocol type, state, members, commits, commits' problem, problem, members left out. */
const groupRow = z
  .tuple([
    z.string(),
    id,
    z.enum(['classic', 'consumer', 'share', 'streams', 'unknown']),
    z.string(),
    z.string(),
    z.array(member).readonly(),
    z.nullable(z.array(commitsRow).readonly()),
    index,
    index,
    z.int().nonnegative(),
  ])
  .readonly();

const logDirectory = z.object({
  path: z.string(),
  usedBytes: z.number().exactOptional(),
  usedBytesByTopic: bytesByTopic.exactOptional(),
  totalBytes: z.number().exactOptional(),
  usableBytes: z.number().exactOptional(),
  problem: problem.exactOptional(),
});

const viewSubject = z.enum([
  'bootstrap',
  'metadata',
  'groups',
  'members',
  'commits',
  'ends',
  'topic-bytes',
  'settings',
]);

const broker = z.object({
  id,
  host: z.string(),
  port: z.int(),
  rack: z.string().exactOptional(),
  answerMs: z.number().exactOptional(),
  sharesAddressWith: ids.exactOptional(),
  capsMinIsrByReplicas: z.boolean().exactOptional(),
  requestCount: z.int(),
  problem: problem.exactOptional(),
  logDirectories: z.array(logDirectory).readonly().exactOptional(),
  logDirectoriesProblem: problem.exactOptional(),
});

const witness = z.object({
  brokerId: id.exactOptional(),
  address: z.string(),
  depth: z.enum(['full', 'brokers']),
  brokerIds: ids,
  otherClusterId: z.string().exactOptional(),
  overruled: z
    .object({ missingBrokerIds: ids, extraBrokerIds: ids, partitionCount: z.int().nonnegative() })
    .exactOptional(),
});

export const topicRows = z.array(topicRow).readonly();

/** Everything of a view, by index into `names` and `problemTable` where it repeats. */
export const rowsSchema = z.object({
  version: z.literal(1),
  takenAtMs: z.int(),
  durationMs: z.number(),
  clusterId: z.string().exactOptional(),
  controller: z.object({
    brokerId: id.exactOptional(),
    unansweredByIds: ids.exactOptional(),
    toldBy: z.enum(['quorum', 'metadata']),
    problem: problem.exactOptional(),
  }),
  brokers: z.array(broker).readonly(),
  topics: topicRows,
  unlistedTopics: z
    .array(z.object({ name: z.string(), problem }))
    .readonly()
    .exactOptional(),
  reassignmentsProblem: problem.exactOptional(),
  witnesses: z.array(witness).readonly(),
  groups: z.array(groupRow).readonly().exactOptional(),
  absentBrokerIds: ids,
  problems: z.array(z.object({ what: viewSubject, brokerId: id.exactOptional(), problem })).readonly(),
  requestCountByApi: countByName,
  names: z.array(z.string()).readonly(),
  problemTable: z.array(quotingProblem).readonly(),
});

export type Offset = z.infer<typeof offset>;
export type PartitionRow = z.infer<typeof partitionRow>;
export type TopicRow = z.infer<typeof topicRow>;
export type CommitsRow = z.infer<typeof commitsRow>;
export type GroupRow = z.infer<typeof groupRow>;
export type Rows = z.infer<typeof rowsSchema>;
