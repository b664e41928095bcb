import type { Policy } from '../../../../shared/core/policy.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Incident } from './document.ts';

type Escalation = Policy['escalation'];
export type Rung = Escalation['critical'][number];

/** Whether nothing climbs now: somebody said that they deal with it, or work under way does. The clock goes on. */
export const isHeldBack = ({ acknowledgement, dealing }: Incident, nowMs: number): boolean =>
  (acknowledgement !== undefined && nowMs < (acknowledgement.untilMs ?? Number.POSITIVE_INFINITY)) ||
  (dealing !== undefined && nowMs < dealing.untilMs);

/**
 * The rung that is due (I3): of those whose time has passed since the last look the highest, once. Times count from the
 * opening, also on a higher ladder that took over, and while somebody had acknowledged.
 *
 * @returns undefined where none is due, or nothing may climb now
 */
export function dueRung(incident: Incident, escalation: Escalation, nowMs: number): Rung | undefined {
  const { openedAtMs, climbedToMs, quietSinceMs } = incident;
  if (openedAtMs === undefined || quietSinceMs !== undefined || isHeldBack(incident, nowMs)) return undefined;
  const passed = escalation[incident.severity].filter(({ afterMinutes }) => {
    const atMs = openedAtMs + afterMinutes * minuteMs;
    return atMs <= nowMs && atMs > climbedToMs;
  });
  return passed.toSorted((left, right) => left.afterMinutes - right.afterMinutes).at(-1);
}

/** When the next rung is due, for whoever sleeps until then; undefined where the ladder is climbed. */
export const nextRungAtMs = (
  { openedAtMs, climbedToMs, severity }: Incident,
  escalation: Escalation,
): number | undefined =>
  openedAtMs === undefined
    ? undefined
    : escalation[severity]
        .map(({ afterMinutes }) => openedAtMs + afterMinutes * minuteMs)
        .filter((atMs) => atMs > climbedToMs)
        .toSorted((left, right) => left - right)[0];
