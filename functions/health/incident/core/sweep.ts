import type { OpenFindings } from '../../../../shared/core/open-findings.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { checksOfRule } from './judged-by.ts';
import { type AlarmSaid, type AlarmsSaid, wordOfAlarm, wordOfFinding } from './said.ts';
import { type AlarmRoster, alarmWordKey, type Look, type Word } from './words.ts';

/**
 * What a sweep finds: how each alarm stands, what a procedure's looks left open, and up to when each check was judged of every
 * subject. By it events that were lost, late, doubled or out of order end in the same state.
 */
export function sweepOf(
  alarms: readonly AlarmSaid[],
  left: readonly { readonly procedure: string; readonly found: OpenFindings }[],
): { readonly words: readonly Word[]; readonly looks: readonly Look[] } {
  const ofAlarms = alarms.map((one) => wordOfAlarm(one, checksOfRule(one.owner, one.rule).length > 0, true));
  const ofFindings = left.flatMap(({ procedure, found }) =>
    found.open.map(
      ({ finding, sinceMs, seenAtMs }): Word => ({
        ...wordOfFinding({ procedure, atMs: seenAtMs, sinceMs, isClosed: false, finding }),
        isAsked: true,
      }),
    ),
  );
  const looks = left.flatMap(({ procedure, found }) =>
    [...found.wholeAtMsByCheck].map(([check, atMs]): Look => ({ procedure, atMs, judgedChecks: [check] })),
  );
  return { words: [...ofAlarms, ...ofFindings], looks };
}

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
