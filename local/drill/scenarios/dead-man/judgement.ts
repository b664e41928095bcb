import type { Heard } from '../../people/heard.ts';

/** Two severities that may not wait for anybody to mend mskeeper. */
export const severities = ['critical', 'emergency'] as const;
export type Severity = (typeof severities)[number];

const minuteMs = 60_000;
/** From incident's death to a telephone. */
export const toldWithinMinutes = 5;

type Said = { readonly state: string; readonly alarm: string };

/** What a text of CloudWatch's says; undefined of any other. */
const saidIn = (one: Heard): Said | undefined => {
  const [, state, alarm] = (one.by === 'sms' && /\b(ALARM|OK): "([^"]+)"/.exec(one.text)) || [];
  return state === undefined || alarm === undefined ? undefined : { state, alarm };
};

/** Minutes after a moment at which a telephone got CloudWatch's own text of this severity; undefined while it did not. */
export function minutesUntilText(heard: readonly Heard[], severity: Severity, sinceMs: number): number | undefined {
  const found = heard.find(
    (one) =>
      one.clockMs >= sinceMs &&
      saidIn(one)?.state === 'ALARM' &&
      saidIn(one)?.alarm.endsWith(`/self/nobody-told/${severity}`) === true,
  );
  return found === undefined ? undefined : (found.clockMs - sinceMs) / minuteMs;
}

/** What tells its end by itself. Of the age of a queue the end would prove nothing. */
const endsAloud = /\/self\/(?:incident-silent|nobody-told)\//;

/**
 * Alarms that tell their end, of which a telephone heard the beginning after a moment and not the end, or the end and not the
 * beginning. The clock stands still while functions run: what came at that very moment came before it.
 */
export function withoutAllClear(heard: readonly Heard[], sinceMs: number): readonly string[] {
  const since = heard
    .filter(({ clockMs }) => clockMs > sinceMs)
    .flatMap((one) => saidIn(one) ?? [])
    .filter(({ alarm }) => endsAloud.test(alarm));
  const toldOf = (state: string) => new Set(since.filter((one) => one.state === state).map(({ alarm }) => alarm));
  return [...toldOf('ALARM').symmetricDifference(toldOf('OK'))];
}

/** What people got more than once of one kind after a moment: a text of CloudWatch's names its alarm, and says whether that begins or ends. */
export function repeatedTexts(heard: readonly Heard[], sinceMs: number): readonly string[] {
  const texts = heard.flatMap((one) => {
    if (one.by !== 'sms' || one.clockMs <= sinceMs) return [];
    const said = saidIn(one);
    return said === undefined ? one.text : `${said.state} ${said.alarm}`;
  });
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
