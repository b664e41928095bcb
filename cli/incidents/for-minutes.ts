import { UsageError } from '../../infra/command-line.ts';
import { mostForMinutes } from '../../shared/core/incident-command.ts';

/**
 * The minutes that `--for` means: `30m`, `2h`.
 *
 * @throws UsageError for anything else, and for more than holds
 */
export const parseForMinutes = (text: string): number => {
  const { count, unit } = /^(?<count>[1-9]\d{0,3})(?<unit>[mh])$/.exec(text)?.groups ?? {};
  const minutes = Number(count) * (unit === 'h' ? 60 : 1);
  if (minutes >= 1 && minutes <= mostForMinutes) return minutes;
  throw new UsageError(
    `--for ${JSON.stringify(text)} is no time from 1m to ${mostForMinutes / 60}h, such as 30m or 2h`,
  );
};
