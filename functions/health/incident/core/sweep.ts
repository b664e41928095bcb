import { isAhead } from '../../../../shared/core/clocks.ts';
import type { OpenFindings } from '../../../../shared/core/open-findings.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { checksOfRule } from './judged-by.ts';
import { type AlarmSaid, type AlarmsSaid, wordOfAlarm, wordOfFinding } from './said.ts';
import { type AlarmRoster, alarmWordKey, type Look, type Word } from './words.ts';

/**
 * What a sweep finds: how each alarm stands, what a procedure's looks left open, and up to when each check was judged of every
 * subject. By it events that were lost, late, doubled or out of order end in the same state. A look that is still to come
 * judged nothing.
 */
export function sweepOf(
  alarms: readonly AlarmSaid[],
  left: readonly { readonly procedure: string; readonly found: OpenFindings }[],
  nowMs: number,
): { readonly words: readonly Word[]; readonly looks: readonly Look[] } {
  const ofAlarms = alarms.map((one) => wordOfAlarm(one, checksOfRule(one.owner, one.rule).length > 0, true));
  const ofFindings = left.flatMap(({ procedure, found }) =>
    found.open.map(
      ({ finding, sinceMs, seenAtMs }): Word => ({
        ...wordOfFinding({
          ...{ procedure, finding, sinceMs, isClosed: false },
          atMs: firstPast([seenAtMs, found.atMs, sinceMs], nowMs),
        }),
        isAsked: true,
      }),
    ),
  );
  const looks = left.flatMap(({ procedure, found }) =>
    [...found.wholeAtMsByCheck]
      .filter(([, atMs]) => !isAhead(atMs, nowMs))
      .map(([check, atMs]): Look => ({ procedure, atMs, judgedChecks: [check] })),
  );
  return { words: [...ofAlarms, ...ofFindings], looks };
}

/** A word of what is still to come would outdo what was heard since: it is as old as the newest time of it that was. */
const firstPast = (timesMs: readonly number[], nowMs: number): number =>
  timesMs.find((atMs) => !isAhead(atMs, nowMs)) ?? nowMs;

/**
 * Which alarms there are: what is not among them is gone for good.
 *
 * @param atMs when CloudWatch was asked
 * @returns undefined where one may have been left out
 */
export const rosterOf = ({ alarms, isWhole }: AlarmsSaid, atMs: number): AlarmRoster | undefined =>
  isWhole ? { atMs, keys: new Set(alarms.map(({ name }) => alarmWordKey(name))) } : undefined;

/** Whether a minute is one that sweeps. */
export const isSweepMinute = (nowMs: number): boolean => Math.floor(nowMs / minuteMs) % 5 === 0;
