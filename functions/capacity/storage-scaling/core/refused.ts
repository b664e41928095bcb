import type { UpdateRefusal } from '../../../../shared/core/msk-refusal.ts';
import type { LockState } from './facts.ts';
import type { StorageState } from './model.ts';

/** The world just after MSK said no: null and `unknown` where it could not be asked. */
export type SeenAfterRefusal = { readonly state: StorageState | null; readonly lock: LockState };

/**
 * What a refusal means, by what is to be seen and only then by MSK's sentence: a cluster that is busy, or another one than the
 * plan was made from, explains a refusal in whatever words; and while storage may still be locked, words that nobody knows are
 * no reason to give up.
 *
 * @param said as MSK's sentence was read
 */
export function judgeRefusal(said: UpdateRefusal, planned: StorageState, seen: SeenAfterRefusal): UpdateRefusal {
  if (said === 'storage-optimizing') return said;
  if (seen.state !== null) {
    const { state, activeOperationArn, currentVersion, volumeGiB } = seen.state;
    if (state !== 'ACTIVE' || activeOperationArn !== null) return 'not-updatable';
    if (currentVersion !== planned.currentVersion || volumeGiB !== planned.volumeGiB) return 'version-moved';
  }
  if (said !== 'other') return said;
  return seen.lock === 'held' || seen.lock === 'uncertain' ? 'storage-optimizing' : 'other';
}
