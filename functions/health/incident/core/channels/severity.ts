import { isSurelyHeard, isWaking, type Reach } from '../reach.ts';
import { type PagingSeverity, pagingSeverities } from '../words.ts';
import type { Judged } from './judged.ts';

/** Whom a severity reaches so that it counts: who wakes somebody, and where there is nobody like that whoever hears at all. */
function countingAt(severity: PagingSeverity, reach: Reach): readonly string[] {
  const heard = reach.bySeverity(severity).filter((name) => isSurelyHeard({ endpoints: [name] }, reach));
  const waking = heard.filter((name) => isWaking(name, reach));
  return waking.length > 0 ? waking : heard;
}

/**
 * How bad it is that endpoints are broken: P2 while others hear what they do not, P1 where of a P0 or a P1 nobody would be woken.
 * And never so that only broken ones would hear of it: then it is as bad as what somebody hears.
 *
 * @returns by endpoint, of those that are broken
 */
export function severitiesOf(judged: readonly Judged[], reach: Reach): ReadonlyMap<string, PagingSeverity> {
  const broken = judged.filter(({ state }) => state === 'broken');
  const deaf = new Set(broken.flatMap((one) => (one.state === 'broken' && one.isDeaf ? [one.endpoint] : [])));
  const isDead = (severity: PagingSeverity): boolean => {
    const counting = countingAt(severity, reach);
    return counting.length > 0 && counting.every((name) => deaf.has(name));
  };
  const dead = (['emergency', 'critical'] as const).filter(isDead);
  const isHeardAt = (severity: PagingSeverity): boolean =>
    reach.bySeverity(severity).some((name) => !deaf.has(name) && isSurelyHeard({ endpoints: [name] }, reach));
  return new Map(
    broken.map(({ endpoint }) => {
      const least = dead.some((severity) => countingAt(severity, reach).includes(endpoint)) ? 'critical' : 'warning';
      const worse = pagingSeverities.slice(pagingSeverities.indexOf(least));
      return [endpoint, worse.find(isHeardAt) ?? least] as const;
    }),
  );
}
