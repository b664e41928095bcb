import type { Finding } from './finding.ts';

/**
 * @property finding as last judged, with its texts; of a memory of the release before a sentence of ours, from nobody
 * @property seenAtMs when the look began that judged its check last
 */
type OpenFinding = {
  readonly key: string;
  readonly finding: Finding;
  readonly sinceMs: number;
  readonly seenAtMs: number;
};

/**
 * What a procedure that checks left open: the word of its newest looks together, check by check. Neither one look's report,
 * which leaves out what only other looks judge, nor the bus, which may lose. Times are as they were written: one that lies
 * ahead of now proves nothing.
 *
 * @property runId,atMs of the look that wrote it, and when that look began
 * @property open never what is ok; `unknown` where it was never judged
 * @property wholeAtMsByCheck by check, when the newest look began that judged it of every subject: what was heard of before,
 * and is not open, is over
 * @property names names that stand in the texts and could be taken for secrets
 */
export type OpenFindings = {
  readonly runId: string;
  readonly atMs: number;
  readonly open: readonly OpenFinding[];
  readonly wholeAtMsByCheck: ReadonlyMap<string, number>;
  readonly names: readonly string[];
};
