import { compareSeverities } from '../../../../shared/core/finding.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Acknowledgement, Incident, Resolution } from './document.ts';
import type { Ladders, Rung } from './rungs.ts';
import type { PagingSeverity } from './words.ts';

/**
 * What a pager says of an incident at this moment. It is asked before each rung and never remembered: what lapsed or was taken
 * back is gone (I3).
 *
 * @property atMs when it became so; where the pager does not say, when it was paged; absent where nobody knows
 * @property untilMs when the acknowledgement lapses; absent where it does not
 * @property isByNobody it is resolved, and no person did it: a pager ends by itself what is open for long
 */
export type PagerWord = {
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly by?: string;
  readonly atMs?: number;
  readonly untilMs?: number;
  readonly isByNobody?: true;
};

/** Whether a person said something there: what ended by itself was answered by nobody. */
export const isAnswer = ({ status, isByNobody }: PagerWord): boolean => status !== 'triggered' && isByNobody !== true;

/** Whether somebody deals with it at a severity that is as bad as now: an acknowledgement of less is of another fault. */
const isOfNow = (said: { readonly severity: PagingSeverity }, { severity }: Incident): boolean =>
  compareSeverities(said.severity, severity) >= 0;

/** Who said here that he deals with it, as long as that holds. */
export const standingAcknowledgement = (incident: Incident, nowMs: number): Acknowledgement | undefined => {
  const { acknowledgement: said } = incident;
  return said !== undefined && nowMs < said.untilMs && isOfNow(said, incident) ? said : undefined;
};

/** Who called it over, as long as it did not get worse. */
export const standingResolution = (incident: Incident): Resolution | undefined =>
  incident.resolution !== undefined && isOfNow(incident.resolution, incident) ? incident.resolution : undefined;

/** Whether a pager is answered, and not of less than it is now. */
export const isPagerAnswered = (pager: PagerWord | undefined, { severitySinceMs = 0 }: Incident): boolean =>
  pager !== undefined && isAnswer(pager) && (pager.atMs ?? severitySinceMs) >= severitySinceMs;

/** Whether people said that they deal with it, or that it is over: paging stops, the clock does not. */
export const isAnswered = (incident: Incident, pager: PagerWord | undefined, nowMs: number): boolean =>
  isPagerAnswered(pager, incident) ||
  standingResolution(incident) !== undefined ||
  standingAcknowledgement(incident, nowMs) !== undefined;

/** When a rung is due: absolute, from the opening, on whatever ladder the incident is by then. */
export const rungAtMs = (openedAtMs: number, { afterMinutes }: Rung): number => openedAtMs + afterMinutes * minuteMs;

/**
 * The rungs that are due now (I3): of those whose time has passed since the last look the latest ones, once.
 *
 * @returns none where none is due, or it is quiet
 */
export function dueRungs(incident: Incident, ladders: Ladders, nowMs: number): readonly Rung[] {
  const { openedAtMs, climbedToMs, quietSinceMs } = incident;
  if (openedAtMs === undefined || quietSinceMs !== undefined) return [];
  const passed = ladders[incident.severity].filter((rung) => {
    const atMs = rungAtMs(openedAtMs, rung);
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
        .map((rung) => rungAtMs(openedAtMs, rung))
        .filter((atMs) => atMs > climbedToMs)
        .toSorted((left, right) => left - right)[0];
