import * as z from 'zod';
import { printableJson } from './printable.ts';

/**
 * JSON text in which a bigint is its decimal digits in a string, since a JSON number loses offsets above 2^53. Whoever looks
 * at it with a tool of his own sees every character for what it is, and reads back the same.
 */
export const toJson = (value: unknown, indent?: number): string => {
  const json = JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item),
    indent,
  );
  return isPlain.test(json) ? json : printableJson(json);
};

/** Mostly nothing has to be looked for: ASCII, and the dashes, quotes and dots of prose. */
const isPlain = /^[\n\x20-\x7e\u2010-\u2027]*$/;

/** What a text says as JSON; undefined for none, and for what is no JSON: whoever checks its shape refuses both alike. */
export function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads back what `toJson` made of a bigint. */
export const decimalBigint = z
  .string()
  .regex(/^-?\d{1,40}$/, 'Invalid input: expected an integer as decimal digits')
  .transform((digits) => BigInt(digits));
