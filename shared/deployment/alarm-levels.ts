import type { Limit } from '../core/policy.ts';
import { type AlarmSeverity, alarmSeverities } from './alarm.ts';

/** One threshold of a limit, as an alarm evaluates it: every one-minute datapoint of the time that the policy names. */
export type Level = {
  readonly severity: AlarmSeverity;
  readonly threshold: number;
  readonly periodSeconds: 60;
  readonly evaluationPeriods: number;
  /** ` for 15 min`, or nothing for at once. */
  readonly duration: string;
};

/** MSK sends a datapoint a minute, so a minute is the period, and a policy's minutes are the evaluation periods. */
export const levelsOf = (limit: Limit | undefined): readonly Level[] =>
  alarmSeverities.flatMap((severity) => {
    const threshold = limit?.[severity];
    if (threshold === undefined) return [];
    const minutes = Math.max(1, Math.ceil(limit?.[`${severity}ForMinutes`] ?? 0));
    return [
      {
        severity,
        threshold,
        periodSeconds: 60,
        evaluationPeriods: minutes,
        duration: minutes === 1 ? '' : ` for ${minutes} min`,
      } as const,
    ];
  });
