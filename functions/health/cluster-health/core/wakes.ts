import { isAhead } from '../../../../shared/core/clocks.ts';
import { compareSeverities, type Finding } from '../../../../shared/core/finding.ts';
import type { Known } from '../../../../shared/core/known.ts';
import { hourMs } from '../../../../shared/core/units.ts';
import { isBrokerRule } from './broker-rules.ts';
import { type HealthState, isUnjudged, type OpenAlarm } from './memory.ts';
import type { AlarmObservation, Depth, Wake } from './observation.ts';

/** What every light run judges anyway, alarm or not. */
const judgedAlways: readonly string[] = ['under-replicated'];
/** Where the check has another name than its rule: the brokers themselves are asked, too. */
const checkOf = (rule: string): string => (rule === 'under-min-isr' ? 'below-min-isr' : rule);
/** A broker that sends no metric keeps its rule open no longer than this, unless its alarm is in ALARM. */
const unprovenMs = 24 * hourMs;

/** Rules whose metrics are asked only when an alarm wakes a look. */
const isAskedOnWake = (rule: string): boolean => isBrokerRule(rule) && !judgedAlways.includes(rule);

/** The alarms that are open once these woke a look. */
export const openAlarmsWith = (
  open: HealthState['openAlarms'],
  wakes: readonly Wake[],
  nowMs: number,
): HealthState['openAlarms'] => ({
  ...open,
  ...Object.fromEntries(
    wakes.flatMap(({ alarmName, rule }): [string, OpenAlarm][] =>
      rule !== undefined && isAskedOnWake(rule) ? [[alarmName, { rule, wokenAtMs: nowMs }]] : [],
    ),
  ),
});

/**
 * The rules whose metrics this run asks of every broker, so that each broker of the alarm's group is named, and a second
 * one is not masked by the first. A full run also asks for what is still open without its alarm.
 */
export function planRules(depth: Depth, open: HealthState['openAlarms'], previous: HealthState | undefined) {
  const ofAlarms = Object.values(open).map(({ rule }) => rule);
  const openChecks = Object.keys(previous?.openByKey ?? {}).map((key) => key.split('|', 1)[0] ?? '');
  const ofFindings = depth === 'full' ? openChecks.filter(isAskedOnWake) : [];
  return [...new Set([...ofAlarms, ...ofFindings])].toSorted();
}

/**
 * The alarms that stay open for the next run. One is over when CloudWatch says that it left ALARM and this run, which asked
 * its metrics, finds nothing of its rule: an alarm of a group that is OK again is no proof by itself. One that wakes some day
 * woke now, so that it is kept for no longer than any other.
 *
 * @param alarms what CloudWatch says of this stack's alarms; where it does not answer, all of them stay open
 * @param askedRules the rules whose metrics this run asked
 */
export function planOpenAlarms(
  open: HealthState['openAlarms'],
  alarms: Known<readonly AlarmObservation[]>,
  askedRules: readonly string[],
  findings: readonly Finding[],
  nowMs: number,
): HealthState['openAlarms'] {
  const ringing = new Set(
    alarms.isKnown ? alarms.value.filter(({ state }) => state === 'ALARM').map(({ name }) => name) : [],
  );
  const isOver = (name: string, { rule, wokenAtMs }: OpenAlarm): boolean => {
    if (!alarms.isKnown || ringing.has(name) || !askedRules.includes(rule)) return false;
    // It woke another run after this look began.
    if (wokenAtMs > nowMs) return false;
    const ofRule = findings.filter(({ check }) => check === checkOf(rule));
    if (ofRule.some((one) => !isUnjudged(one) && compareSeverities(one.severity, 'warning') >= 0)) return false;
    const isProven = ofRule.length > 0 && !ofRule.some(isUnjudged);
    return isProven || nowMs - wokenAtMs > unprovenMs;
  };
  const kept = Object.entries(open).filter(([name, alarm]) => !isOver(name, alarm));
  return Object.fromEntries(
    kept.map(([name, alarm]) => [name, isAhead(alarm.wokenAtMs, nowMs) ? { ...alarm, wokenAtMs: nowMs } : alarm]),
  );
}
