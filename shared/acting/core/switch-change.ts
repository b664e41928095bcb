import type { Finding } from '../../core/finding.ts';
import { dayMs } from '../../core/units.ts';

/** One version of the kill switch's parameter. What it says is told as a word: somebody may have put a secret there. */
export type SwitchVersion = {
  readonly version: number;
  readonly says: 'on' | 'off' | 'neither on nor off';
  readonly changedAtMs?: number;
  /** An ARN. */
  readonly changedBy?: string;
};

const meaning = {
  on: 'nothing acts from now on',
  off: 'what is in mode act may act from now on',
  'neither on nor off': 'nothing acts, since it says neither on nor off',
} as const satisfies Record<SwitchVersion['says'], string>;

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

/**
 * What a change of the kill switch comes to.
 *
 * @property isFault nothing acts, and nobody said so: it lasts until the parameter says one of its two words again. Else it is a
 *   report of what somebody did
 * @property key for a report: two changes are two words
 */
export type SwitchNews = { readonly isFault: boolean; readonly key: string; readonly finding: Finding };

/** What the kill switch is to findings: the same whatever happens to it. */
const switchSubject = (parameter: string): string => `kill switch ${parameter}`;

/**
 * What people hear of a changed kill switch (I11), by what Parameter Store keeps of it: an event wakes and proves nothing, and
 * none of its words is told.
 *
 * @param versions newest first, none where the parameter is gone; a text says why they could not be read
 * @param occasion which event it was, where the parameter itself has no number for what was done: two of them are two pages
 * @returns undefined where nothing was changed within a day
 */
export function judgeSwitchChange(
  parameter: string,
  versions: readonly SwitchVersion[] | string,
  occasion: string,
  nowMs: number,
): SwitchNews | undefined {
  const name = switchSubject(parameter);
  const news = (
    isFault: boolean,
    key: string,
    reason: string,
    message: string,
    evidence: Finding['evidence'],
  ): SwitchNews => ({
    isFault,
    key,
    finding: {
      check: 'kill-switch',
      subject: name,
      severity: 'critical',
      reason,
      message,
      sources: ['mskeeper'],
      evidence,
    },
  });
  if (typeof versions === 'string') {
    const message = `An event says that the ${name} was changed, and nobody can tell whether it was, what it says now or who did it (${versions}): look at it, and at CloudTrail.`;
    return news(false, `event ${occasion}`, 'changed-unread', message, {});
  }
  const [newest, before] = versions;
  if (newest === undefined) {
    const message = `The ${name} does not exist any more, so nothing acts: CloudTrail says who deleted it (DeleteParameter). Make it again with the value off or on.`;
    return news(true, `event ${occasion}`, 'deleted', message, {});
  }
  const { version, says, changedAtMs, changedBy } = newest;
  if (changedAtMs !== undefined && changedAtMs < nowMs - dayMs) return undefined;
  const by = changedBy ?? 'somebody whom Parameter Store does not name';
  const at = changedAtMs === undefined ? 'at a time that it does not tell' : `at ${timeOf(changedAtMs)}`;
  const evidence = { version, says, ...(before !== undefined && { said: before.says }), changedBy: by };
  const from = before === undefined ? 'was made and says' : `was changed from ${before.says} to`;
  const message = `The ${name} ${from} ${says} by ${by} ${at}: ${meaning[says]}.`;
  return news(says === 'neither on nor off', `version ${version}`, 'changed', message, evidence);
}
