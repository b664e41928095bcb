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

/** What the look judges in the place of an alarm, by the name that the alarm would have. */
export type LookRow = {
  readonly rule: string;
  readonly condition: string;
  readonly window: string;
  readonly source: string;
};

/** Rows out of a table of four columns, one rule a line. */
export const lookTable = (text: string): readonly LookRow[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [rule, condition, window, source, ...others] = line.split('|').map((cell) => cell.trim());
      if (!(rule && condition && window && source && others.length === 0))
        throw new Error(`a row has four cells: ${line}`);
      return { rule, condition, window, source };
    });

const comparisons = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
} as const satisfies Record<Alarm['comparison'], string>;

type Math = Extract<Alarm['signal'], { kind: 'math' }>;

/** Ids and steps in the place of which the metrics with their statistics stand; a list of alike items is counted. */
const shownMath = ({ expression, stepById = {}, metricById }: Math): string => {
  const seriesById = Object.entries(metricById).map(
    ([id, { name, statistic }]) => [id, `${name} ${statistic}`] as const,
  );
  const named = (text: string, words: readonly (readonly [string, string])[]) =>
    words.reduce((shown, [id, word]) => shown.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), word), text);
  const steps = Object.entries(stepById).map(([id, text]) => [id, named(text, seriesById)] as const);
  const kinds = [...new Set(seriesById.map(([, series]) => series))];
  return named(named(expression, steps), seriesById)
    .replace('METRICS()', `${seriesById.length} × ${kinds.join(' and ')}`)
    .replace(/\[(.+)\]/, (_all, list: string) => {
      const items = list.split(', ');
      return `${items.length} × ${[...new Set(items)].join(' and ')}`;
    });
};

/** `MAX(3 × CpuUser Average + CpuSystem Average)` where the worst broker counts, `SUM(3 × …)` where brokers are added up. */
const shownSignal = ({ signal }: Alarm): string => {
  switch (signal.kind) {
    case 'metric':
      return `${signal.metric.name} ${signal.metric.statistic}`;
    case 'math':
      return shownMath(signal);
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
