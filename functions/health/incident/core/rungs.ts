import type { PagingSeverity } from './words.ts';

/**
 * One step of a ladder (I3).
 *
 * @property raisesTo the incident is at least so bad from then on, and that severity's endpoints are paged
 * @property level whom of the contacts it calls
 * @property endpoints whom else, by name
 */
export type Rung = {
  readonly afterMinutes: number;
  readonly raisesTo?: 'critical' | 'emergency';
  readonly level?: 'management' | 'executives';
  readonly endpoints?: readonly string[];
};

export type Ladders = Readonly<Record<PagingSeverity, readonly Rung[]>>;
