import { compareSeverities, type Finding, findingKey } from '../../../../shared/core/finding.ts';
import { type HealthState, isBeingTold, type Offer, openSinceMs, toldNow, type UntoldChange } from './memory.ts';

/** What the bus is told beside what is as it was: only what differs from what it was last told, until it took that. */
export type Change = Omit<UntoldChange, 'offer'> & { readonly key: string };

/** A finding that is as the bus knows it. */
export type Unchanged = { readonly finding: Finding; readonly sinceMs: number };

/**
 * What one look tells the bus.
 *
 * @property changes what this look offers, the worst first
 * @property unchanged from notice up, the worst first
 */
export type Offered = {
  readonly untoldByKey: HealthState['untoldByKey'];
  readonly changes: readonly Change[];
  readonly unchanged: readonly Unchanged[];
};

/**
 * What is found by this look and what was not told by others, but for what another look tells just now.
 *
 * @param found what this look found changed, by the finding's key
 * @param openByKey what is open after it
 */
export function planOffer(
  found: ReadonlyMap<string, UntoldChange>,
  findings: readonly Finding[],
  openByKey: HealthState['openByKey'],
  previous: HealthState | undefined,
  look: Offer,
): Offered {
  const untoldByKey: Record<string, UntoldChange> = {};
  const changes: Change[] = [];
  for (const [key, change] of new Map([...Object.entries(previous?.untoldByKey ?? {}), ...found])) {
    if (isBeingTold(change, look.atMs)) {
      untoldByKey[key] = change;
      continue;
    }
    const told = toldNow(change, look.atMs);
    untoldByKey[key] = { ...told, offer: look };
    changes.push({ ...told, key });
  }
  const changedKeys = new Set(changes.map(({ key }) => key));
  const unchanged = findings.flatMap((one): Unchanged[] => {
    const key = findingKey(one);
    const open = openByKey[key];
    const isTold = open !== undefined && compareSeverities(one.severity, 'notice') >= 0 && !changedKeys.has(key);
    return isTold ? [{ finding: one, sinceMs: openSinceMs(open, look.atMs) }] : [];
  });
  return {
    untoldByKey,
    changes: changes.toSorted((left, right) => compareSeverities(right.severity, left.severity)),
    unchanged: unchanged.toSorted(({ finding: left }, { finding: right }) =>
      compareSeverities(right.severity, left.severity),
    ),
  };
}
