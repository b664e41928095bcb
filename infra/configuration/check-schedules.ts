import type { Configuration, Schedules } from '../../shared/core/configuration.ts';
import { minuteMs } from '../../shared/core/units.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { ScheduleError } from '../schedules/cron.ts';
import { lengthOf } from '../schedules/cron-runs.ts';
import { parseScheduleExpression } from '../schedules/schedule-expression.ts';
import { lookAhead, type Outlook, type ScheduleFrame } from '../schedules/schedule-outlook.ts';
import { minutesOfSilence, silencesOf } from '../schedules/schedule-silence.ts';
import { zoneNames } from '../schedules/zone-names.ts';
import type { Mistake } from './mistake.ts';

/** What a file says of schedules, some of which may be wrong and therefore absent. */
type Salvaged = { readonly schedules?: Schedules; readonly timeZone?: string };

/** CloudWatch counts minutes without a word of whoever tells people: one who speaks less often would be taken for dead. */
const findMinuteProblem = (schedule: string): string | undefined => {
  const parsed = parseScheduleExpression(schedule);
  return parsed.kind === 'rate' && parsed.minutes === 1
    ? undefined
    : 'must be rate(1 minute), or be left out: after three minutes without its word CloudWatch tells people that it is dead';
};

const findScheduleProblem = (schedule: string, frame: ScheduleFrame, isMinute: boolean): string | undefined => {
  try {
    if (lookAhead(schedule, frame).kind === 'runs') return isMinute ? findMinuteProblem(schedule) : undefined;
    return `never runs: no moment from today on is one that it names, in ${frame.timeZone}`;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
};

/**
 * What AWS would refuse only when the stack is deployed, what it would take and never run, and what the watch over whoever tells
 * people does not bear.
 *
 * @param nowMs the moment from which on a schedule must run again
 */
export const checkSchedules = (
  { schedules = {}, timeZone = 'UTC' }: Salvaged,
  functions: readonly FunctionDefinition[],
  nowMs: number,
): Mistake[] => {
  const frame = { timeZone: zoneNames.has(timeZone) ? timeZone : 'UTC', nowMs };
  // Its first: each other one does more, and more rarely.
  const minute = tellerOf({ functions })?.schedules[0]?.key;
  return Object.entries(schedules).flatMap(([name, schedule]): Mistake[] => {
    const problem = findScheduleProblem(schedule, frame, name === minute);
    return problem === undefined ? [] : [{ path: ['schedules', name], message: problem }];
  });
};

const minuteOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;

const wordsOfMinutes = (minutes: number): string => {
  if (minutes <= 180) return `${minutes} min`;
  return minutes <= 72 * 60 ? `${Math.ceil(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
};

const describeGap = (outlook: Extract<Outlook, { kind: 'runs' }>, timeZone: string): readonly string[] => {
  const { silence, withoutClockChanges } = silencesOf(outlook);
  const { longest } = outlook;
  if (longest === undefined)
    return silence === undefined ? ['has no heartbeat: CloudWatch looks back a week at most'] : [];
  const minutes = lengthOf(longest) / minuteMs;
  const gap = `does not run from ${minuteOf(longest.fromMs)} to ${minuteOf(longest.untilMs)}, ${wordsOfMinutes(minutes)}`;
  if (silence === undefined) return [`${gap}, and has no heartbeat: CloudWatch looks back a week at most`];
  if (withoutClockChanges !== undefined && minutes <= minutesOfSilence(withoutClockChanges)) return [];
  return [
    `${gap}, since the clock changes in ${timeZone}: its heartbeat waits ${wordsOfMinutes(minutesOfSilence(silence))}. ` +
      'Another time of day, UTC or a rate(…) is not touched by changes of the clock',
  ];
};

/**
 * Schedules that run, and not as somebody may think who wrote them: that end, whose runs stay away for longer than a heartbeat
 * can wait, or than it would wait if no clock changed. Each names the date.
 */
export const findScheduleWarnings = (
  { schedules, timeZone }: Pick<Configuration, 'schedules' | 'timeZone'>,
  nowMs: number,
): Mistake[] =>
  Object.entries(schedules).flatMap(([name, schedule]) => {
    const outlook = lookAhead(schedule, { timeZone, nowMs });
    if (outlook.kind === 'never') return [];
    const { lastMs } = outlook;
    const messages = [
      ...(lastMs === undefined ? [] : [`runs for the last time at ${minuteOf(lastMs)}, and never again`]),
      ...describeGap(outlook, timeZone),
    ];
    return messages.map((message) => ({ path: ['schedules', name], message }));
  });
