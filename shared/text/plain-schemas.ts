import * as z from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';

/**
 * Schemas for what documents keep by names that somebody else chose. `z.record` leaves out what is called `__proto__`, and
 * `z.json` with it: what was written must be read, whatever it is called.
 */

/** A moment of our era, in milliseconds: years have four digits, and with a run's or a budget's time added it is one still. */
export const atMs = z.int().min(0).max(Date.UTC(9999, 0));

/** Anything that JSON keeps as it is. */
export const plainJson: z.ZodType<unknown> = z.custom<unknown>((value) => canonicalJson(value) !== undefined, {
  error: 'Invalid input: expected plain JSON',
});

/** An object of values of one kind, by any names. */
export const namedValues = <Value>(schema: z.ZodType<Value>): z.ZodType<Readonly<Record<string, Value>>> =>
  z.custom<Readonly<Record<string, Value>>>(
    (named) =>
      typeof named === 'object' &&
      named !== null &&
      !Array.isArray(named) &&
      Object.values(named).every((value) => schema.safeParse(value).success),
    { error: 'Invalid input: expected an object of names and values' },
  );

/** Numbers, texts and flags: an act's target, and the evidence of a plan or a finding. */
export const namedFacts = namedValues(z.union([z.number(), z.string(), z.boolean()]));
