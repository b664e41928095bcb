import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { ClusterView } from '../../core/cluster-view.ts';
import { DependencyError } from '../../core/errors.ts';
import { UnknownReferenceError, viewOfRows } from './of-rows.ts';
import { rowsOf } from './rows.ts';
import { rowsSchema } from './rows-schema.ts';

/** Answer of kafka/read, version 1: a ClusterView as rows, in JSON, gzip, base64. */
export type ViewPayload = {
  readonly version: 1;
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
  version: z.literal(1),
  encoding: z.literal('gzip+base64'),
  body: z.base64(),
  uncompressedBytes: z.int().positive().max(maximumUncompressedBytes),
});

/**
 * Packs a view for Lambda's synchronous answer.
 *
 * @throws DependencyError `failed` where the view does not fit into 6 MiB, saying how large it is
 */
export const encodeClusterView = (view: ClusterView): ViewPayload => {
  const json = Buffer.from(JSON.stringify(rowsOf(view)));
  // Level 6 halves the size of level 1 on offsets; beyond it costs time without gain.
  const body = gzipSync(json, { level: 6 }).toString('base64');
  if (body.length > maximumBodyBytes || json.length > maximumUncompressedBytes) {
    const size = `${body.length} bytes packed, ${json.length} unpacked`;
    const advice = 'ask for less at a time: without commits, or without ends';
    throw new DependencyError('kafka/read answer', 'failed', `too large for one Lambda answer (${size}): ${advice}`);
  }
  return { version: 1, encoding: 'gzip+base64', body, uncompressedBytes: json.length, counts: countsOf(view) };
};

const badAnswer = (message: string, cause?: unknown): DependencyError =>
  new DependencyError('kafka/read answer', 'bad-answer', message, { cause });

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

/**
 * Unpacks an answer of kafka/read.
 *
 * @throws DependencyError `bad-answer` for another version, another shape, bytes that are no gzip, more than 64 MiB
 *   unpacked, or a size other than the one told
 */
export const decodeClusterView = (payload: unknown): ClusterView => {
  const parsed = envelope.safeParse(payload);
  if (!parsed.success) throw badAnswer(`has another shape:\n${z.prettifyError(parsed.error)}`);
  const json = unpack(parsed.data.body);
  if (json.length !== parsed.data.uncompressedBytes) {
    throw badAnswer(`unpacks to ${json.length} bytes instead of ${parsed.data.uncompressedBytes}`);
  }
  const rows = rowsSchema.safeParse(parseJson(json));
  if (!rows.success) throw badAnswer(`holds no view of version 1:\n${z.prettifyError(rows.error)}`);
  try {
    return viewOfRows(rows.data);
  } catch (cause) {
    if (cause instanceof UnknownReferenceError) throw badAnswer(cause.message, cause);
    throw cause;
  }
};
