import * as z from 'zod';

const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
const noControls = 'must have no control characters and no halves of characters';

/** A name, or a pattern of names, as others chose it: anything but what no terminal, alarm or file shows. */
export const anyNameSchema = (most: number) => z.string().min(1).max(most).refine(isPlain, noControls);

/** The name of a parameter: Systems Manager takes at most fifteen parts, none of them empty (PutParameter). */
export const parameterName = z
  .string()
  .max(1_011)
  .regex(/^(?:\/[A-Za-z0-9_.-]+){1,15}$/, 'must be the name of a parameter, /like/this');

/** A name of `channels.endpoints`: it becomes part of names of topics, and the value by which SNS filters. */
export const endpointName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case words with hyphens');

/** Words for people; a space alone is none. */
export const wordsSchema = (most: number) =>
  anyNameSchema(most).refine((text) => text.trim() !== '', 'must not be blank');
