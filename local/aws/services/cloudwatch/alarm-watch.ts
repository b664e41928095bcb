import type { Clock, Timer } from '../../../clock.ts';
import type { Alarm, AlarmState, AlarmValue, CompositeAlarm, MetricAlarm, WatchedAlarm } from './alarm.ts';
import { evaluateDatapoints, evaluationRangePeriods } from './alarm-evaluation.ts';
import { alarmsOfRule, isRuleTrue, parseAlarmRule } from './alarm-rule.ts';
import { awsTimestamp, explainVerdict } from './alarm-text.ts';
import { alarmDatapoints } from './alarm-window.ts';
import type { MetricStore } from './metric-store.ts';
import { type Cadence, cadenceSecondsOf, cadencesSeconds, type PeriodScale } from './period-scale.ts';

export type AlarmWatch = {
  readonly alarms: ReadonlyMap<string, WatchedAlarm>;
  /** Creates an alarm, or replaces one of the same name; a composite is judged at once. */
  put(alarm: Alarm): Promise<void>;
  /** Moves an alarm, runs its actions and judges the composites above it. */
  transition(name: string, state: Omit<AlarmState, 'updatedMs'>): Promise<void>;
  /** Judges the metric alarms on the periods that end at `atMs`: all, or those of one cadence. */
  evaluateAt(atMs: number, cadenceSeconds?: Cadence): Promise<void>;
  start(): void;
  stop(): void;
};

/**
 * Evaluates metric alarms at every full minute (every 10 s where the period is shorter than a minute), each on the
 * periods that end there: User Guide, "Alarm evaluation window", SlidingWindow. Composites follow their children.
 */
export function createAlarmWatch(options: {
  readonly clock: Clock;
  readonly store: MetricStore;
  readonly scale: PeriodScale;
  readonly onTransition: (watched: WatchedAlarm, previous: AlarmState) => Promise<void>;
}): AlarmWatch {
  const { clock, store, scale, onTransition } = options;
  const alarms = new Map<string, WatchedAlarm>();
  const timers = new Map<Cadence, Timer>();

  const transition: AlarmWatch['transition'] = async (name, next) => {
    const watched = alarms.get(name);
    if (watched === undefined) throw new RangeError(`no alarm ${name}`);
    const previous = watched.state;
    watched.state = { ...next, updatedMs: clock.nowMs() };
    if (previous.value === next.value) return;
    watched.transitionedMs = watched.state.updatedMs;
    await onTransition(watched, previous);
    for (const { alarm } of [...alarms.values()]) {
      if (alarm.kind === 'composite' && alarmsOfRule(parseAlarmRule(alarm.rule)).includes(name)) {
        await judgeComposite(alarm, watched);
      }
    }
  };

  const judgeComposite = async (alarm: CompositeAlarm, cause: WatchedAlarm | undefined): Promise<void> => {
    const rule = parseAlarmRule(alarm.rule);
    const stateOf = (name: string): AlarmValue => alarms.get(name)?.state.value ?? 'INSUFFICIENT_DATA';
    const value = isRuleTrue(rule, stateOf) ? 'ALARM' : 'OK';
    if (alarms.get(alarm.name)?.state.value === value) return;
    const triggering = alarmsOfRule(rule).flatMap((name) => alarms.get(name) ?? []);
    await transition(alarm.name, {
      value,
      reason:
        cause === undefined
          ? `${alarm.arn} was created and its alarm rule evaluates to ${value}`
          : `${cause.alarm.arn} transitioned to ${cause.state.value} at ${spokenTime(cause.state.updatedMs)}`,
      reasonData: JSON.stringify({
        triggeringAlarms: triggering
          .filter((child) => child.state.value !== 'OK')
          .map(({ alarm: { arn }, state, transitionedMs }) => ({
            arn,
            state: { value: state.value, timestamp: awsTimestamp(transitionedMs) },
          })),
      }),
    });
  };

  const judgeMetric = async (alarm: MetricAlarm, configuredMs: number, atMs: number): Promise<void> => {
    if (clock.nowMs() < configuredMs + scale.periodMs(alarm.warmUpMinutes * 60)) return;
    const range = alarmDatapoints(alarm, store, atMs, evaluationRangePeriods(alarm.evaluationPeriods), scale);
    const verdict = evaluateDatapoints(
      range.map(({ value }) => value),
      alarm,
    );
    if (verdict.value === 'retain' || alarms.get(alarm.name)?.state.value === verdict.value) return;
    await transition(alarm.name, { value: verdict.value, ...explainVerdict(alarm, range, verdict, clock.nowMs()) });
  };

  const watch: AlarmWatch = {
    alarms,
    async put(alarm) {
      const nowMs = clock.nowMs();
      const state: AlarmState = {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        reasonData: undefined,
        updatedMs: nowMs,
      };
      alarms.set(alarm.name, { alarm, state, transitionedMs: nowMs, configuredMs: nowMs });
      if (alarm.kind === 'composite') await judgeComposite(alarm, undefined);
    },
    transition,
    async evaluateAt(atMs, cadenceSeconds) {
      for (const { alarm, configuredMs } of [...alarms.values()]) {
        if (alarm.kind !== 'metric') continue;
        const isDue = cadenceSeconds === undefined || cadenceSeconds === cadenceSecondsOf(alarm.periodSeconds);
        if (isDue) await judgeMetric(alarm, configuredMs, atMs);
      }
    },
    start() {
      watch.stop();
      const arm = (cadence: Cadence): void => {
        const atMs = scale.nextTickMs(clock.nowMs(), cadence);
        const evaluate = async () => {
          arm(cadence);
          await watch.evaluateAt(atMs, cadence);
        };
        timers.set(cadence, clock.schedule(atMs, evaluate));
      };
      for (const cadence of cadencesSeconds) arm(cadence);
    },
    stop() {
      for (const timer of timers.values()) timer.cancel();
    },
  };
  return watch;
}

/** `Friday 04 December, 2020 16:13:00 UTC` */
function spokenTime(atMs: number): string {
  const date = new Date(atMs);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(date);
  const day = part({ day: '2-digit' });
  return `${part({ weekday: 'long' })} ${day} ${part({ month: 'long' })}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}
