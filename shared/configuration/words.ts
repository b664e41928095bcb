import * as z from 'zod';

const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
const noControls = 'must have no control characters and no halves of characters';

/** A name, or a pattern of names, as others chose it: anything but what no terminal, alarm or file shows. */
export const anyNameSchema = (most: number) => z.string().min(1).max(most).refine(isPlain, noControls);

/** Words for people; a space alone is none. */
export const wordsSchema = (most: number) =>
  anyNameSchema(most).refine((text) => text.trim() !== '', 'must not be blank');
