import type { World } from '../world/world.ts';

/** What the worst case is made of, in seconds of the world's clock (the check: real ones). */
export type WorstCaseParts = {
  readonly scheduleSeconds: number;
  readonly checkSeconds: number;
  readonly alarmSeconds: number;
};

/** From a broker's death just after a check, to the finding and to the alarm; no faster fault path is counted on. */
export const worstCaseSentence = ({ scheduleSeconds, checkSeconds, alarmSeconds }: WorstCaseParts): string => {
  const named = scheduleSeconds + checkSeconds;
  return (
    `Worst case by schedule: a broker that dies just after a light check is named ${round(named)} s later ` +
    `(${round(scheduleSeconds)} s until the next check, ${round(checkSeconds)} s for the check, the longest in this run), ` +
    `and its alarm fires after at most ${round(alarmSeconds)} s more (its period of datapoints): ${round(named + alarmSeconds)} s in all.`
  );
};

const round = (seconds: number): string => String(Math.round(seconds * 10) / 10);

const secondsByUnit: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** @throws RangeError for a schedule without a fixed period */
export const rateSeconds = (expression: string): number => {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitSeconds = secondsByUnit[unit];
  if (count === undefined || unitSeconds === undefined) throw new RangeError(`${expression} is no rate`);
  return Number(count) * unitSeconds;
};

/** Reads the deployed schedule, the deployed alarm, and the invocations of this run. */
export const worstCaseParts = ({ standIn }: World): WorstCaseParts => {
  const light = standIn.scheduler.schedules().find(({ name }) => name.endsWith('light'));
  if (light === undefined) throw new Error('the stack has no schedule for the light check');
  const watched = [...standIn.cloudWatch.alarms.values()].find(({ alarm }) =>
    alarm.name.includes('brokers-unreachable'),
  );
  if (watched?.alarm.kind !== 'metric') throw new Error('the stack has no alarm on unreachable brokers');
  const { periodSeconds, datapointsToAlarm } = watched.alarm;
  const checks = standIn.lambda.invocations.filter(({ functionName }) => functionName.endsWith('-cluster-health'));
  return {
    scheduleSeconds: rateSeconds(light.expression),
    checkSeconds: Math.max(...checks.map(({ durationMs, initMs = 0 }) => durationMs + initMs)) / 1000,
    alarmSeconds: periodSeconds * datapointsToAlarm * standIn.cloudWatch.alarmPeriodScale,
  };
};
