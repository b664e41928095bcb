import type { Severity } from './finding.ts';

/**
 * What a procedure that checks left open: the word of its newest looks together, check by check. Neither one look's report,
 * which leaves out what only other looks judge, nor the bus, which may lose.
 *
 * @property seenAtMs when the look began that judged its check last
 */
export type OpenFinding = {
  readonly key: string;
  readonly check: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly reason: string;
  readonly sinceMs: number;
  readonly seenAtMs: number;
};

/**
 * Times are as they were written: one that lies ahead of now proves nothing.
 *
 * @property runId,atMs of the look that wrote it, and when that look began
 * @property open never what is ok; `unknown` where it was never judged
 * @property wholeAtMsByCheck by check, when the newest look began that judged it of every subject: what was heard of before,
 * and is not open, is over
 */
export type OpenFindings = {
  readonly runId: string;
  readonly atMs: number;
  readonly open: readonly OpenFinding[];
  readonly wholeAtMsByCheck: ReadonlyMap<string, number>;
};
