import type { Alarm } from '../../../../shared/deployment/alarm.ts';

/**
 * What one alarm is, in words short enough to hold against the runbook: the signal with each metric's statistic, the
 * condition, how many of the last periods must breach, what silence means, and the source of all that.
 */
export type AlarmRow = {
  readonly alarm: string;
  readonly signal: string;
  readonly condition: string;
  readonly window: string;
  readonly silence: string;
  readonly source: string;
};

/** Rows out of a table of six columns, one alarm a line. */
export const alarmTable = (text: string): readonly AlarmRow[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [alarm, signal, condition, window, silence, source, ...others] = line.split('|').map((cell) => cell.trim());
      const isWhole = alarm && signal && condition && window && silence && source && others.length === 0;
      if (!isWhole) throw new Error(`a row has six cells: ${line}`);
      return { alarm, signal, condition, window, silence, source };
    });

const comparisons = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
} as const satisfies Record<Alarm['comparison'], string>;

/** `CpuUser Average + CpuSystem Average`; `SUM(3 × MessagesInPerSec Average)` where brokers are added up. */
const shownSignal = ({ signal }: Alarm): string => {
  switch (signal.kind) {
    case 'metric':
      return `${signal.metric.name} ${signal.metric.statistic}`;
    case 'math': {
      const seriesById = Object.entries(signal.metricById).map(
        ([id, { name, statistic }]) => [id, `${name} ${statistic}`] as const,
      );
      const kinds = [...new Set(seriesById.map(([, series]) => series))];
      return seriesById
        .reduce((text, [id, series]) => text.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), series), signal.expression)
        .replace('METRICS()', `${seriesById.length} × ${kinds.join(' and ')}`);
    }
    case 'query':
      return signal.query;
    default:
      return signal satisfies never;
  }
};

/** Subjects are brokers, topics or groups, all alike; mskeeper's own parts are not, so theirs is in the name. */
export const rowNameOf = ({ owner, slug, severity, subject }: Alarm): string =>
  owner === 'self' ? `${slug} ${severity} ${subject}` : `${slug} ${severity}`;

/** An alarm as its row should be. */
export const rowOf = (alarm: Alarm): Omit<AlarmRow, 'source'> => ({
  alarm: rowNameOf(alarm),
  signal: shownSignal(alarm),
  condition: `${comparisons[alarm.comparison]} ${alarm.threshold}`,
  window: `${alarm.datapointsToAlarm ?? alarm.evaluationPeriods} of ${alarm.evaluationPeriods} × ${alarm.periodSeconds} s`,
  silence: alarm.missing.treatment,
});
