import * as z from 'zod';
import { severities } from '../../../shared/core/finding.ts';
import { atMs } from '../../../shared/text/plain-schemas.ts';
import type { HealthState, OffsetMark, OpenFinding } from './core/memory.ts';

/**
 * The state as it is kept in the bucket. Collections are lists of pairs: a topic's name as a key (`payment-tokens`) would
 * be taken for a secret's and its value removed on the way out.
 */
const openFinding = z.strictObject({
  severity: z.enum(severities),
  reason: z.string(),
  sinceMs: atMs,
  announced: z.enum(severities).exactOptional(),
  // Absent in a document of the release before.
  heardBy: z.array(z.enum(severities)).readonly().exactOptional(),
});

const offsetMark = z.strictObject({
  atMs,
  topicId: z.string().exactOptional(),
  ends: z.array(z.tuple([z.string(), z.string().regex(/^-?\d{1,20}$/)])).readonly(),
});

const openAlarm = z.strictObject({ rule: z.string(), wokenAtMs: atMs });

export const stateDocument = z.strictObject({
  version: z.literal(1),
  runId: z.string(),
  atMs,
  open: z.array(z.tuple([z.string(), openFinding])).readonly(),
  // Absent in a document of the release before.
  judged: z
    .array(z.tuple([z.string(), atMs]))
    .readonly()
    .exactOptional(),
  // A document of the release before does not say which runs counted.
  streaks: z
    .array(
      z.union([
        z.tuple([z.string(), z.int().positive()]),
        z.tuple([z.string(), z.int().positive(), z.array(z.string()).readonly()]),
      ]),
    )
    .readonly(),
  offsets: z.array(z.tuple([z.string(), offsetMark])).readonly(),
  // Absent in a document of the release before.
  alarms: z
    .array(z.tuple([z.string(), openAlarm]))
    .readonly()
    .exactOptional(),
  mayWakesWait: z.boolean().exactOptional(),
  halfHourJudgedToMs: atMs.exactOptional(),
  announcing: z
    .strictObject({
      atMs,
      openBefore: z.array(z.union([z.tuple([z.string()]), z.tuple([z.string(), openFinding])])).readonly(),
    })
    .exactOptional(),
});

type StateDocument = z.infer<typeof stateDocument>;

/** The state as the bucket keeps it: nothing is dropped, and `decodeState` gives the same state back. */
export const encodeState = (state: HealthState): StateDocument => ({
  version: 1,
  runId: state.runId,
  atMs: state.atMs,
  open: Object.entries(state.openByKey),
  judged: Object.entries(state.judgedAtMsByCheck),
  streaks: Object.entries(state.unknownStreaks).map(([key, { runs, lastRunIds }]) => [key, runs, lastRunIds]),
  offsets: Object.entries(state.offsetsByTopic).map(([topic, { atMs, topicId, latestByPartition }]) => [
    topic,
    { atMs, ends: Object.entries(latestByPartition), ...(topicId !== undefined && { topicId }) },
  ]),
  alarms: Object.entries(state.openAlarms),
  mayWakesWait: state.mayWakesWait,
  ...(state.halfHourJudgedToMs !== undefined && { halfHourJudgedToMs: state.halfHourJudgedToMs }),
  ...(state.announcing !== undefined && {
    announcing: {
      atMs: state.announcing.atMs,
      openBefore: state.announcing.openBefore.map(([key, open]): [string] | [string, OpenFinding] =>
        open === undefined ? [key] : [key, open],
      ),
    },
  }),
});

/** The state that a document holds. Its shape was judged by `stateDocument` when it was read, so this cannot fail. */
export const decodeState = (document: StateDocument): HealthState => ({
  version: 1,
  runId: document.runId,
  atMs: document.atMs,
  openByKey: Object.fromEntries(document.open),
  judgedAtMsByCheck: Object.fromEntries(document.judged ?? []),
  unknownStreaks: Object.fromEntries(
    document.streaks.map(([key, runs, lastRunIds = []]) => [key, { runs, lastRunIds }] as const),
  ),
  offsetsByTopic: Object.fromEntries(
    document.offsets.map(([topic, { atMs, topicId, ends }]): [string, OffsetMark] => [
      topic,
      { atMs, latestByPartition: Object.fromEntries(ends), ...(topicId !== undefined && { topicId }) },
    ]),
  ),
  openAlarms: Object.fromEntries(document.alarms ?? []),
  mayWakesWait: document.mayWakesWait ?? false,
  ...(document.halfHourJudgedToMs !== undefined && { halfHourJudgedToMs: document.halfHourJudgedToMs }),
  ...(document.announcing !== undefined && { announcing: document.announcing }),
});
