import type { Finding } from './finding.ts';

/** For how many runs in a row, and which of them counted last: a run may look more than once. */
export type UnknownStreak = { readonly runs: number; readonly lastRunIds: readonly string[] };

/** How long each check of each subject has been `unknown`, by `check|subject`. Kept between runs. */
export type UnknownStreaks = Readonly<Record<string, UnknownStreak>>;

/** An absent answer is `unknown`, never healthy; when it stays absent for so many runs it becomes a warning. */
const runsUntilWarning = 3;
/** Between two looks of one run so many others may count. */
const mostRunIds = 5;

const keyOf = (finding: Finding): string => `${finding.check}|${finding.subject}`;

/** Findings with long unknowns raised to warnings, and the streaks to keep for the next run. */
export type StreakJudgement = { readonly findings: readonly Finding[]; readonly streaks: UnknownStreaks };

/**
 * Counts each `unknown` on from the run before. A streak ends when its subject is no longer unknown, or is gone while its
 * check was made whole. A check that this run did not make (a light run makes fewer) keeps its streaks as they were, and
 * one of which it left something out those of the subjects that it did not find. A run counts once, however
 * often it looks and finds the same unknown.
 *
 * @param runId the run whose findings they are
 * @param leftOut the checks of which the run left something out
 */
export function evaluateUnknownStreaks(
  findings: readonly Finding[],
  previous: UnknownStreaks,
  runId: string,
  leftOut: readonly Pick<Finding, 'check'>[] = [],
): StreakJudgement {
  const found = new Set(findings.map(keyOf));
  const wholeChecks = new Set(findings.map(({ check }) => check));
  for (const { check } of leftOut) wholeChecks.delete(check);
  const isKept = (key: string): boolean => !found.has(key) && !wholeChecks.has(key.split('|', 1)[0] ?? key);
  const streaks = new Map(Object.entries(previous).filter(([key]) => isKept(key)));
  for (const finding of findings) {
    if (finding.severity === 'unknown') streaks.set(keyOf(finding), countOn(previous, keyOf(finding), runId));
  }
  const judged = findings.map((finding) => {
    const runs = streaks.get(keyOf(finding))?.runs;
    return finding.severity !== 'unknown' || runs === undefined || runs < runsUntilWarning
      ? finding
      : raiseToWarning(finding, runs);
  });
  return { findings: judged, streaks: Object.fromEntries(streaks) };
}

/** What was kept may be damaged: a number that makes no sense counts as none. */
function countOn(previous: UnknownStreaks, key: string, runId: string): UnknownStreak {
  const before = Object.hasOwn(previous, key) ? previous[key] : undefined;
  if (before === undefined || !Number.isSafeInteger(before.runs) || before.runs <= 0) {
    return { runs: 1, lastRunIds: [runId] };
  }
  if (before.lastRunIds.includes(runId)) return before;
  return { runs: before.runs + 1, lastRunIds: [...before.lastRunIds, runId].slice(-mostRunIds) };
}

const raiseToWarning = (finding: Finding, unknownRuns: number): Finding => ({
  ...finding,
  severity: 'warning',
  reason: 'unknown-for-long',
  message: `${finding.message} It has been unknown for ${unknownRuns} runs.`,
  evidence: { ...finding.evidence, unknownRuns, unknownReason: finding.reason },
});
