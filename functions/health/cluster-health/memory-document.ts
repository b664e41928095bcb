import * as z from 'zod';
import { type Finding, findingKey, severities, sources } from '../../../shared/core/finding.ts';
import { namesIn } from '../../../shared/text/names.ts';
import { atMs, namedFacts } from '../../../shared/text/plain-schemas.ts';
import { redactText } from '../../../shared/text/redaction.ts';
import type { HealthState, OffsetMark, OpenFinding, UntoldChange } from './core/memory.ts';

/**
 * The state as it is kept in the bucket. Collections are lists of pairs: a topic's name as a key (`payment-tokens`) would
 * be taken for a secret's and its value removed on the way out.
 */
const finding = z.strictObject({
  check: z.string(),
  subject: z.string(),
  severity: z.enum(severities),
  reason: z.string(),
  message: z.string(),
  sources: z.array(z.enum(sources)).readonly(),
  evidence: namedFacts,
});

const openFinding = z.strictObject({
  severity: z.enum(severities),
  reason: z.string(),
  sinceMs: atMs,
  announced: z.enum(severities).exactOptional(),
  // Absent in a document of the release before.
  finding: finding.exactOptional(),
  // Of the release before: the topics whose people heard of it.
  heardBy: z.array(z.enum(severities)).readonly().exactOptional(),
});

const untoldChange = z.strictObject({
  kind: z.enum(['opened', 'worse', 'eased', 'closed']),
  severity: z.enum(severities),
  sinceMs: atMs,
  atMs,
  finding,
  offer: z.strictObject({ runId: z.string(), atMs }).exactOptional(),
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
  // These are absent in a document of the release before.
  untold: z.array(untoldChange).readonly().exactOptional(),
  judged: z
    .array(z.tuple([z.string(), atMs]))
    .readonly()
    .exactOptional(),
  judgedWhole: z
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
  names: z.array(z.string()).readonly().exactOptional(),
  // Of the release before: what was being told to topics, each with what people knew before.
  announcing: z
    .strictObject({
      atMs,
      openBefore: z.array(z.union([z.tuple([z.string()]), z.tuple([z.string(), openFinding])])).readonly(),
    })
    .exactOptional(),
});

type StateDocument = z.infer<typeof stateDocument>;

/**
 * The state as the bucket keeps it: `decodeState` gives the same state back. All of it are identifiers and numbers, but for the
 * texts of findings: they are kept as the bus would have them, without secrets.
 */
export const encodeState = (state: HealthState): StateDocument => ({
  version: 1,
  runId: state.runId,
  atMs: state.atMs,
  open: Object.entries(state.openByKey).map(([key, open]) => [key, redactOpen(open, state)]),
  untold: Object.values(state.untoldByKey).map((change) => ({
    ...change,
    finding: redactFinding(change.finding, state),
  })),
  judged: Object.entries(state.judgedAtMsByCheck),
  judgedWhole: Object.entries(state.judgedWholeAtMsByCheck),
  streaks: Object.entries(state.unknownStreaks).map(([key, { runs, lastRunIds }]) => [key, runs, lastRunIds]),
  offsets: Object.entries(state.offsetsByTopic).map(([topic, { atMs, topicId, latestByPartition }]) => [
    topic,
    { atMs, ends: Object.entries(latestByPartition), ...(topicId !== undefined && { topicId }) },
  ]),
  alarms: Object.entries(state.openAlarms),
  mayWakesWait: state.mayWakesWait,
  ...(state.halfHourJudgedToMs !== undefined && { halfHourJudgedToMs: state.halfHourJudgedToMs }),
  ...(state.names !== undefined && { names: state.names }),
});

type Named = Pick<HealthState, 'names'>;

const redactOpen = ({ finding, ...open }: OpenFinding, state: Named): OpenFinding =>
  finding === undefined ? open : { ...open, finding: redactFinding(finding, state) };

function redactFinding(finding: Finding, { names = [] }: Named): Finding {
  const spared = namesIn({ finding, names });
  const evidence = Object.entries(finding.evidence).map(
    ([name, value]) => [name, typeof value === 'string' ? redactText(value, spared) : value] as const,
  );
  return { ...finding, message: redactText(finding.message, spared), evidence: Object.fromEntries(evidence) };
}

/** The state that a document holds. Its shape was judged by `stateDocument` when it was read, so this cannot fail. */
export const decodeState = (document: StateDocument): HealthState => ({
  version: 1,
  runId: document.runId,
  atMs: document.atMs,
  openByKey: openOf(document),
  untoldByKey: Object.fromEntries(
    (document.untold ?? []).map((change): [string, UntoldChange] => [findingKey(change.finding), change]),
  ),
  judgedAtMsByCheck: Object.fromEntries(document.judged ?? []),
  judgedWholeAtMsByCheck: Object.fromEntries(document.judgedWhole ?? []),
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
  ...(document.names !== undefined && { names: document.names }),
});

/**
 * What the release before announced stays announced. What it was announcing, and never confirmed, is as it was before: an
 * opening counts as not announced, a closing as open, so that it is told now.
 */
function openOf({ open, announcing }: StateDocument): HealthState['openByKey'] {
  const before = new Map<string, OpenFinding | undefined>(announcing?.openBefore.map(([key, one]) => [key, one]));
  const entries = [...new Map([...before, ...open])].flatMap(([key, found]): [string, OpenFinding][] => {
    if (found === undefined) return [];
    const { severity, reason, sinceMs, finding } = found;
    const announced = before.has(key) ? before.get(key)?.announced : found.announced;
    const known = { severity, reason, sinceMs, ...(announced !== undefined && { announced }) };
    return [[key, { ...known, ...(finding !== undefined && { finding }) }]];
  });
  return Object.fromEntries(entries);
}
