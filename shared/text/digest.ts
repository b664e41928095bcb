import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/** A SHA-256 in lower-case hex, as `digestOf` makes it. */
export const digestPattern = /^[0-9a-f]{64}$/;

/**
 * SHA-256 over canonical JSON: the same for the same data, whatever the order of its keys. What two sides compare is made by
 * this function on both.
 *
 * @throws TypeError for what is no plain JSON: it must not look equal to anything
 */
export function digestOf(value: unknown): string {
  const text = canonicalJson(value);
  if (text === undefined) throw new TypeError('a digest is of plain JSON, and this is not');
  return createHash('sha256').update(text).digest('hex');
}
