/**
 * Why MSK refused an update, read from its sentence, since it says them all as BadRequestException. `storage-optimizing`
 * is the lock after an earlier storage change (AWS's words); the others are sentences that users of MSK have published.
 */
export type UpdateRefusal = 'storage-optimizing' | 'version-moved' | 'not-updatable' | 'other';

const signs = [
  ['storage-optimizing', /optimi[sz]ing/i],
  ['version-moved', /version of the cluster isn't current|current ?version/i],
  ['not-updatable', /can't update|cluster in \w+ state|not in (?:the )?ACTIVE/i],
] as const satisfies readonly (readonly [UpdateRefusal, RegExp])[];

/** Of an error's message, in any wording around AWS's own; `other` where it is none of these. */
export const classifyUpdateRefusal = (message: string): UpdateRefusal =>
  signs.find(([, sign]) => sign.test(message))?.[0] ?? 'other';
