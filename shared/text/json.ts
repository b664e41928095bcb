import * as z from 'zod';

/** JSON text in which a bigint is its decimal digits in a string, since a JSON number loses offsets above 2^53. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item), indent);

/** Reads back what `toJson` made of a bigint. */
export const decimalBigint = z
  .string()
  .regex(/^-?\d{1,40}$/, 'Invalid input: expected an integer as decimal digits')
  .transform((digits) => BigInt(digits));
