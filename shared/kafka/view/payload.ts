import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { ClusterView } from '../../core/cluster-view.ts';
import { DependencyError } from '../../core/errors.ts';
import { leaveOutInTurn } from './leave-out.ts';
import { UnknownReferenceError, viewOfRows } from './of-rows.ts';
import { rowsOf } from './rows.ts';
import { rowsSchema } from './rows-schema.ts';
import { areTopicRows } from './topic-rows.ts';

/** Of the answer and of the rows in it. Raised when either changes its shape after a release. */
const payloadVersion = 1;

/** Answer of kafka/read, version 1: a ClusterView as rows, in JSON, gzip, base64. */
export type ViewPayload = {
  readonly version: typeof payloadVersion;
  readonly encoding: 'gzip+base64';
  readonly body: string;
  readonly uncompressedBytes: number;
  /** What a log line says of the view at either end. */
  readonly counts: ViewCounts;
};

type ViewCounts = {
  readonly brokers: number;
  readonly brokersWithProblem: number;
  readonly topics: number;
  readonly groups: number;
  readonly problems: number;
  readonly requests: number;
  readonly durationMs: number;
};

const countsOf = (view: ClusterView): ViewCounts => ({
  brokers: view.brokers.length,
  brokersWithProblem: view.brokers.filter(({ problem }) => problem !== undefined).length,
  topics: view.topics.length,
  groups: view.groups?.length ?? 0,
  problems: view.problems.length,
  requests: Object.values(view.requestCountByApi).reduce((sum, count) => sum + count, 0),
  durationMs: view.durationMs,
});

/** Lambda's limit for a synchronous answer is 6 MiB (6,291,556 bytes); the JSON around the body is below 1 kB. */
export const maximumBodyBytes = 6 * 1024 * 1024 - 2_048;

/** What is unpacked at most: some twenty times the largest view that was measured, and a fraction of a function's memory. */
export const maximumUncompressedBytes = 64 * 1024 * 1024;

const envelope = z.object({
  version: z.literal(payloadVersion),
  encoding: z.literal('gzip+base64'),
  body: z.base64(),
  uncompressedBytes: z.int().positive().max(maximumUncompressedBytes),
});

type Room = { readonly bodyBytes: number; readonly uncompressedBytes: number };

const lambdaAnswer: Room = { bodyBytes: maximumBodyBytes, uncompressedBytes: maximumUncompressedBytes };

/** V8 makes no longer text, and says so with a RangeError. */
const jsonOf = (view: ClusterView): Buffer | undefined => {
  try {
    return Buffer.from(JSON.stringify(rowsOf(view)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/**
 * Packs a view for Lambda's synchronous answer. Of one that does not fit as much is left out as need be, in the order of
 * `leaveOutInTurn`: what is missing, the view says itself.
 *
 * @throws DependencyError `failed` where not even brokers and topics fit into 6 MiB, saying how large they are
 */
export const encodeClusterView = (view: ClusterView, room: Room = lambdaAnswer): ViewPayload => {
  let size = '';
  let left = view;
  for (const leaveOut of [undefined, ...leaveOutInTurn]) {
    const next = leaveOut?.(left) ?? left;
    if (leaveOut !== undefined && next === left) continue;
    left = next;
    const json = jsonOf(left);
    if (json === undefined || json.length > room.uncompressedBytes) {
      size = json === undefined ? 'more than a text can hold' : `${json.length} bytes unpacked`;
      continue;
    }
    // Level 6 halves the size of level 1 on offsets; beyond it costs time without gain.
    const body = gzipSync(json, { level: 6 }).toString('base64');
    if (body.length <= room.bodyBytes)
      return {
        version: payloadVersion,
        encoding: 'gzip+base64',
        body,
        uncompressedBytes: json.length,
        counts: countsOf(left),
      };
    size = `${body.length} bytes packed, ${json.length} unpacked`;
  }
  const words = `brokers and topics alone are too large for one Lambda answer (${size})`;
  throw new DependencyError('kafka/read answer', 'failed', words);
};

const badAnswer = (message: string, cause?: unknown): DependencyError =>
  new DependencyError('kafka/read answer', 'bad-answer', message, { cause });

const deployedApart =
  'kafka-read and who asked it were deployed at different times. While a deploy is under way the next run is understood; else deploy the stack again';

/** An answer that says itself that it is another one's: no list of its fields tells more. */
const requireVersion = (value: unknown): void => {
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  if (typeof version === 'number' && version !== payloadVersion)
    throw badAnswer(`is of version ${version}, and version ${payloadVersion} is read here: ${deployedApart}`);
};

const unpack = (body: string): Buffer => {
  try {
    return gunzipSync(Buffer.from(body, 'base64'), { maxOutputLength: maximumUncompressedBytes });
  } catch (cause) {
    throw badAnswer(`cannot be unpacked: ${cause instanceof Error ? cause.message : 'unknown'}`, cause);
  }
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw badAnswer('is not JSON', cause);
  }
};

/** Where one row is odd, 80,000 may be. */
const firstLines = (text: string): string => text.split('\n').slice(0, 20).join('\n');

/** Everything but the rows of topics, which are most of it and are checked apart. */
const otherRows = rowsSchema.omit({ topics: true });

const parseRows = (told: unknown) => {
  const topics: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, 'topics') : undefined;
  // What is wrong, and where, the schema says.
  if (!areTopicRows(topics)) return rowsSchema.safeParse(told);
  const others = otherRows.safeParse(told);
  return others.success ? { ...others, data: { ...others.data, topics } } : others;
};

/**
 * Unpacks an answer of kafka/read.
 *
 * @throws DependencyError `bad-answer` for another version, another shape, bytes that are no gzip, more than 64 MiB
 *   unpacked, or a size other than the one told
 */
export const decodeClusterView = (payload: unknown): ClusterView => {
  requireVersion(payload);
  const parsed = envelope.safeParse(payload);
  if (!parsed.success) throw badAnswer(`has another shape:\n${z.prettifyError(parsed.error)}`);
  const json = unpack(parsed.data.body);
  if (json.length !== parsed.data.uncompressedBytes) {
    throw badAnswer(`unpacks to ${json.length} bytes instead of ${parsed.data.uncompressedBytes}`);
  }
  const told = parseJson(json);
  requireVersion(told);
  const rows = parseRows(told);
  if (!rows.success) {
    const words = `holds no view of version ${payloadVersion}; maybe ${deployedApart}`;
    throw badAnswer(`${words}:\n${firstLines(z.prettifyError(rows.error))}`);
  }
  try {
    return viewOfRows(rows.data);
  } catch (cause) {
    if (cause instanceof UnknownReferenceError) throw badAnswer(cause.message, cause);
    throw cause;
  }
};
