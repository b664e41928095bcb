import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { listIssues } from '../text/issues.ts';
import { toJson } from '../text/json.ts';
import { redactValue } from '../text/redaction.ts';

/** Unpacked documents are read up to this size, so that a small object cannot fill the memory, and are written up to it. */
export const documentBytes = 64 * 1024 * 1024;

/**
 * A document as it is kept: JSON, bigints as decimal strings, secrets removed. It is read back at once by the schema of whoever
 * will read it, since an odd value that gets in would stop every later run.
 *
 * @throws DependencyError `bad-answer` that names the key and what is wrong: nothing was written
 */
export function encodeDocument(key: string, value: unknown, schema: z.ZodType): Buffer {
  const refuse = (why: string, cause?: unknown) =>
    new DependencyError('s3:PutObject', 'bad-answer', `not written: ${key} could not be read again: ${why}`, { cause });
  const kept = redactValue(value);
  let text: string;
  try {
    text = toJson(kept);
  } catch (cause) {
    throw refuse('it is no plain data', cause);
  }
  if (text === undefined) throw refuse('it is no plain data');
  const again: unknown = JSON.parse(text);
  const parsed = schema.safeParse(again);
  if (!parsed.success) throw refuse(listIssues(parsed.error.issues).join('; '));
  if (!isDeepStrictEqual(asWritten(kept), again)) throw refuse('JSON would change a value of it (NaN, a gap)');
  const bytes = Buffer.from(text);
  if (bytes.length > documentBytes) throw refuse(`it has ${bytes.length} bytes, more than ${documentBytes}`);
  return bytes;
}

/** Without what is undefined, bigints as their digits, zero below nothing as zero: all that JSON may change. */
function asWritten(value: unknown): unknown {
  // A rounding makes one, and nobody may forget for its sake what people were told, or not act.
  if (Object.is(value, -0)) return 0;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, asWritten(item)]])),
  );
}
