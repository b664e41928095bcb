import { compareSeverities } from '../../../../shared/core/finding.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Incident } from './document.ts';
import type { Ladders, Rung } from './rungs.ts';
import type { PagingSeverity } from './words.ts';

/**
 * What a pager says of an incident at this moment. It is asked before each rung and never remembered: what lapsed or was taken
 * back is gone (I3).
 */
export type PagerWord = { readonly status: 'triggered' | 'acknowledged' | 'resolved'; readonly by?: string };

/** Whether somebody deals with it at a severity that is as bad as now: an acknowledgement of less is of another fault. */
const isOfNow = (said: { readonly severity: PagingSeverity }, { severity }: Incident): boolean =>
  compareSeverities(said.severity, severity) >= 0;

/** Whether people said that they deal with it, or that it is over: paging stops, the clock does not. */
export function isAnswered(incident: Incident, pager: PagerWord | undefined, nowMs: number): boolean {
  const { acknowledgement, resolution } = incident;
  if (pager !== undefined && pager.status !== 'triggered') return true;
  if (resolution !== undefined && isOfNow(resolution, incident)) return true;
  return acknowledgement !== undefined && nowMs < acknowledgement.untilMs && isOfNow(acknowledgement, incident);
}

/** When a rung is due: absolute, from the opening, on whatever ladder the incident is by then. */
const atMsOf = (openedAtMs: number, { afterMinutes }: Rung): number => openedAtMs + afterMinutes * minuteMs;

/**
 * The rungs that are due now (I3): of those whose time has passed since the last look the latest ones, once.
 *
 * @returns none where none is due, or it is quiet
 */
export function dueRungs(incident: Incident, ladders: Ladders, nowMs: number): readonly Rung[] {
  const { openedAtMs, climbedToMs, quietSinceMs } = incident;
  if (openedAtMs === undefined || quietSinceMs !== undefined) return [];
  const passed = ladders[incident.severity].filter((rung) => {
    const atMs = atMsOf(openedAtMs, rung);
    return atMs <= nowMs && atMs > climbedToMs;
  });
  const latest = Math.max(...passed.map(({ afterMinutes }) => afterMinutes));
  return passed.filter(({ afterMinutes }) => afterMinutes === latest);
}

/** When the next rung is due; undefined where the ladder is climbed. */
export const nextRungAtMs = ({ openedAtMs, climbedToMs, severity }: Incident, ladders: Ladders): number | undefined =>
  openedAtMs === undefined
    ? undefined
    : ladders[severity]
        .map((rung) => atMsOf(openedAtMs, rung))
        .filter((atMs) => atMs > climbedToMs)
        .toSorted((left, right) => left - right)[0];
