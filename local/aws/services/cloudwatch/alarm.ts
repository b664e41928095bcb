import type { MetricQuery } from './metric-query.ts';

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type ComparisonOperator =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export type MissingDataTreatment = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** `reasonData` is JSON in a string, or absent. */
export type AlarmState = {
  readonly value: AlarmValue;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly updatedMs: number;
};

type AlarmBase = {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly isActionsEnabled: boolean;
  readonly actions: Readonly<Record<AlarmValue, readonly string[]>>;
};

export type MetricAlarm = AlarmBase & {
  readonly kind: 'metric';
  /** One metric, or a math expression with its metrics; exactly one is returned. */
  readonly queries: readonly MetricQuery[];
  readonly isMath: boolean;
  /** Of the one metric, or the longest of the math's metrics. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly missingData: MissingDataTreatment;
  /** After it was made or changed, in which it is not judged; 0 without a warm-up. */
  readonly warmUpMinutes: number;
};

export type CompositeAlarm = AlarmBase & {
  readonly kind: 'composite';
  readonly rule: string;
};

export type Alarm = MetricAlarm | CompositeAlarm;

/** The stand-in knows an alarm's configuration, its state and when `value` last changed. */
export type WatchedAlarm = {
  readonly alarm: Alarm;
  state: AlarmState;
  transitionedMs: number;
  readonly configuredMs: number;
};

export type HistoryItem = {
  readonly alarmName: string;
  readonly alarmKind: Alarm['kind'];
  readonly atMs: number;
  readonly itemType: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON in a string. */
  readonly data: string;
};
