import { createHash } from 'node:crypto';
import { mostLogicalIdCharacters } from './limits.ts';
import { pascalCase } from './template.ts';

/** Enough of a hash that two names of one account never meet by chance. */
const hashCharacters = 10;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, hashCharacters);

/**
 * A part as it stands in a name: the separator, the mark of an escape, control characters and halves of surrogate pairs
 * are written as `%2F`, so that parts that hold them stay apart and AWS takes the name; so are quotes and backslashes, since a
 * composite alarm's rule has names between quotes and knows no escape.
 */
const namePart = (part: string): string =>
  part.replaceAll(
    /[%/"'\\\p{Cc}\p{Cs}]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** Parts between slashes, one to one: `billing/orders` is group and topic, whatever letters they have. */
export const joinParts = (...parts: readonly string[]): string => parts.map(namePart).join('/');

/**
 * A name within AWS's limit: itself where it fits, else its readable beginning and a hash of the whole, so that two long
 * names which differ at their ends stay two.
 *
 * @param most characters that AWS takes
 */
export const fitName = (name: string, most: number): string => {
  if (name.length <= most) return name;
  const kept = name.slice(0, most - hashCharacters - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}-${hashOf(name)}`;
};

/** What `pascalCase` can be read back from: lower-case words, each beginning with a letter. */
const isPlainWords = (part: string): boolean => /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/.test(part);

/**
 * A logical id of letters and digits: `ClusterHealthRole` of `cluster-health` and the kind `Role`. Parts that other parts
 * could be folded into (`ops-2` and `ops2`, `orders.dlq` and `orders-dlq`, or more than one part that a user wrote) are
 * told apart by a hash of all of them; so are long ones.
 */
export const logicalIdOf = (kind: string, ...parts: readonly string[]): string => {
  const words = parts.map(pascalCase).join('');
  const isReadBack = parts.every(isPlainWords) && words.length + kind.length <= mostLogicalIdCharacters;
  if (isReadBack) return `${words}${kind}`;
  const hash = hashOf(JSON.stringify([kind, ...parts]));
  return `${words.slice(0, mostLogicalIdCharacters - kind.length - hashCharacters)}${hash}${kind}`;
};
