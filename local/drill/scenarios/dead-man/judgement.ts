import type { Heard } from '../../people/heard.ts';

/** Two severities that may not wait for anybody to mend mskeeper. */
export const severities = ['critical', 'emergency'] as const;
export type Severity = (typeof severities)[number];

const minuteMs = 60_000;
/** From incident's death to a telephone. */
export const toldWithinMinutes = 5;

/** Minutes after a moment at which a telephone got CloudWatch's own text of this severity; undefined while it did not. */
export function minutesUntilText(heard: readonly Heard[], severity: Severity, sinceMs: number): number | undefined {
  const found = heard.find(
    (one) => one.by === 'sms' && one.clockMs >= sinceMs && one.text.includes(`/self/nobody-told/${severity}"`),
  );
  return found === undefined ? undefined : (found.clockMs - sinceMs) / minuteMs;
}

/** What people got more than once of one kind: a text of CloudWatch's names its alarm. */
export function repeatedTexts(heard: readonly Heard[], sinceMs: number): readonly string[] {
  const texts = heard.flatMap((one) =>
    one.by === 'sms' && one.clockMs >= sinceMs ? (/"([^"]+)"/.exec(one.text)?.[1] ?? one.text) : [],
  );
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
