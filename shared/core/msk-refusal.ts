import { wordsOf } from './words-of.ts';

/**
 * Why MSK refused an update. `storage-optimizing` is the lock after an earlier storage change (AWS's words); the others are
 * sentences that users of MSK have published.
 */
const updateRefusals = ['storage-optimizing', 'version-moved', 'not-updatable', 'other'] as const;
export type UpdateRefusal = (typeof updateRefusals)[number];

type Words = readonly string[];

const has = (words: Words, ...wanted: readonly string[]): boolean => wanted.some((word) => words.includes(word));

/** States in which MSK takes no update, those that are a word by themselves nowhere else. */
const busyStates = ['creating', 'deleting', 'healing', 'maintenance', 'rebooting', 'rebooting_broker', 'updating'];
const refusing = ['cant', 'cannot', 'not', 'isnt', 'unable'];

const signs: readonly (readonly [UpdateRefusal, (words: Words) => boolean])[] = [
  ['storage-optimizing', (words) => words.some((word) => /^optimi[sz]/.test(word))],
  [
    'version-moved',
    (words) =>
      has(words, 'currentversion') || (has(words, 'version') && has(words, 'current', 'latest', 'stale', 'outdated')),
  ],
  [
    'not-updatable',
    (words) =>
      has(words, 'state', 'status', ...busyStates) ||
      (has(words, 'active') && has(words, ...refusing)) ||
      (has(words, 'update') && has(words, 'cant', 'cannot', 'unable') && has(words, 'cluster')),
  ],
];

/**
 * Read from the words of MSK's own sentence, since MSK says them all as BadRequestException. No more than a guess: who acts by
 * it reads the cluster's state again.
 */
export const classifyUpdateRefusal = (sentence: string): UpdateRefusal => {
  const words = wordsOf(sentence);
  return signs.find(([, isSaid]) => isSaid(words))?.[0] ?? 'other';
};

/** A refusal out of an error or a record; what none of us wrote there, or nobody, is `other`. */
export const readUpdateRefusal = (refusal: string | undefined): UpdateRefusal =>
  updateRefusals.find((known) => known === refusal) ?? 'other';
