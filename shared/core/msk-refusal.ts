/**
 * Why MSK refused an update. `storage-optimizing` is the lock after an earlier storage change (AWS's words); the others are
 * sentences that users of MSK have published.
 */
const updateRefusals = ['storage-optimizing', 'version-moved', 'not-updatable', 'other'] as const;
export type UpdateRefusal = (typeof updateRefusals)[number];

const signs = [
  ['storage-optimizing', /optimi[sz]ing/i],
  ['version-moved', /version of the cluster isn't current|current ?version/i],
  ['not-updatable', /can't update|cluster in \w+ state|not in (?:the )?ACTIVE/i],
] as const satisfies readonly (readonly [UpdateRefusal, RegExp])[];

/** Read from MSK's own sentence, in any wording around it, since MSK says them all as BadRequestException. */
export const classifyUpdateRefusal = (sentence: string): UpdateRefusal =>
  signs.find(([, sign]) => sign.test(sentence))?.[0] ?? 'other';

/** A refusal out of an error or a record; what none of us wrote there, or nobody, is `other`. */
export const readUpdateRefusal = (refusal: string | undefined): UpdateRefusal =>
  updateRefusals.find((known) => known === refusal) ?? 'other';
