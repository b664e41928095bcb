import type { Finding } from '../../../shared/core/finding.ts';
import type { RunEnd } from '../../../shared/durable/episode.ts';
import type { RunEndedWake } from '../../../shared/events/intake.ts';

const slug = 'storage-scaling';

/** Nothing is to be mended: the next episode's document lies there by now. But somebody wrote the one before. */
export const aheadFinding = (executionName: string, openedAtMs: number, cluster: string): Finding => ({
  check: 'episode',
  subject: `run ${executionName}`,
  severity: 'warning',
  reason: 'opened-ahead',
  message:
    `The document of the episode before (state/${slug}/${cluster}.json in the bucket) said that it was opened at ` +
    `${new Date(openedAtMs).toISOString()}, which is still to come: ${executionName} takes its place. Look at the object's ` +
    'versions who wrote it: nobody but mskeeper may.',
  sources: ['mskeeper'],
  evidence: { openedAt: new Date(openedAtMs).toISOString() },
});

/** The count of episodes goes on, and the run is the next one: what is lost is who opened the one before, and when. */
export const unreadableFinding = (executionName: string): Finding => ({
  check: 'episode',
  subject: `run ${executionName}`,
  severity: 'warning',
  reason: 'unreadable',
  message:
    `The document of the newest episode could not be read and was set aside in the bucket (state/${slug}/<cluster>/unreadable/); ` +
    `the episode of ${executionName} is kept in its place. Look who wrote it: nobody but mskeeper may.`,
  sources: ['mskeeper'],
  evidence: {},
});

type BadStatus = Exclude<RunEnd['status'], 'RUNNING' | 'SUCCEEDED'>;
const badEnds = {
  FAILED: { reason: 'failed', words: 'failed' },
  TIMED_OUT: { reason: 'timed-out', words: 'timed out' },
  STOPPED: { reason: 'stopped', words: 'was stopped by somebody' },
} as const satisfies Record<BadStatus, object>;

/** A run that ended badly, by Lambda's own word; one that did all, and could only not tell it, left nothing to watch. */
export const badEndFinding = (
  { executionName, executionArn }: RunEndedWake,
  { status, startedAtMs, endedAtMs, why, doneAs }: RunEnd & { readonly status: BadStatus },
): Finding => ({
  check: 'durable-run',
  subject: `run ${executionName}`,
  severity: 'critical',
  reason: doneAs === undefined ? badEnds[status].reason : 'done-untold',
  message:
    doneAs === undefined
      ? `The run ${executionName} ${badEnds[status].words} before it was done: nobody watches what ` +
        `it began.${why === undefined ? '' : ` It ended with: ${why}.`} Look at its last transition in the log and at the cluster, then wake the procedure again.`
      : `The run ${executionName} did all that it was to do (${doneAs}), and people or the bus could not be told of all of it: ${why}. ` +
        'Nothing is left to watch: read what it did with npm run mskeeper -- history, and mend what keeps it from telling.',
  sources: ['mskeeper'],
  evidence: {
    executionArn,
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
    ...(endedAtMs !== undefined && startedAtMs !== undefined && { durationMs: endedAtMs - startedAtMs }),
  },
});
