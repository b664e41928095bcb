import { compareSeverities, type Severity } from '../../../../shared/core/finding.ts';
import type { AlarmRoster, Look, Word } from './words.ts';

/**
 * One symptom, as the newest word about it left it.
 *
 * @property worst the worst that was ever said of it while it was a member
 * @property sinceMs the earliest beginning that anybody named since it last was gone
 * @property heardAtMs of the newest word: an older one that comes late changes nothing
 * @property goneAtMs since when it is known to be over; absent while it may still be so
 * @property goneBy how that is known, where no look proved it: by CloudWatch's own OK, asked for; since CloudWatch has the alarm no
 *   more; by a person's word, while nobody could prove anything
 */
export type Member = {
  readonly key: string;
  readonly by: Word['by'];
  readonly procedure: string;
  readonly check: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly worst: Severity;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly brokers: readonly string[];
  readonly names?: readonly string[];
  readonly sinceMs: number;
  readonly heardAtMs: number;
  readonly isUnproven: boolean;
  readonly goneAtMs?: number;
  readonly goneBy?: 'alarm' | 'no-alarm' | 'person';
};

const worse = (left: Severity, right: Severity): Severity => (compareSeverities(left, right) >= 0 ? left : right);

/** Of two words of one moment the one that keeps a fault open counts; a proof counts more than that nobody knows. */
const rankOf = { live: 2, gone: 1, unproven: 0 } as const satisfies Record<Word['says'], number>;

const saysOf = (member: Member): Word['says'] =>
  member.goneAtMs !== undefined ? 'gone' : member.isUnproven ? 'unproven' : 'live';

const isNews = (member: Member, word: Word): boolean => {
  if (word.atMs !== member.heardAtMs) return word.atMs > member.heardAtMs;
  const order = rankOf[word.says] - rankOf[saysOf(member)];
  return order > 0 || (order === 0 && compareSeverities(word.severity, member.severity) > 0);
};

/**
 * What a word makes of a symptom: whatever the order in which words come, and however often, the newest counts.
 *
 * @returns undefined where there is nothing to remember: a word of an end, or of nothing certain, about nothing known
 */
export function hear(member: Member | undefined, word: Word): Member | undefined {
  if (member === undefined) return word.says === 'live' ? opened(word) : undefined;
  if (!isNews(member, word)) return member;
  switch (word.says) {
    case 'live':
      return member.goneAtMs === undefined
        ? {
            ...opened(word),
            ...withNames(member, word),
            worst: worse(member.worst, word.severity),
            sinceMs: Math.min(member.sinceMs, word.sinceMs),
          }
        : opened(word);
    case 'unproven':
      return { ...member, heardAtMs: word.atMs, isUnproven: true };
    case 'gone':
      if (member.goneAtMs !== undefined) return { ...member, heardAtMs: word.atMs, isUnproven: false };
      return {
        ...member,
        heardAtMs: word.atMs,
        isUnproven: false,
        goneAtMs: word.atMs,
        ...(word.by === 'alarm' && { goneBy: 'alarm' }),
      };
    default:
      return word.says satisfies never;
  }
}

/** A sweep repeats what was found without the names that its event had. */
const withNames = ({ names: before }: Member, { names }: Word): Pick<Member, 'names'> => {
  const kept = names ?? before;
  return kept === undefined ? {} : { names: kept };
};

const opened = (word: Word): Member => {
  const { says: _live, isAsked: _how, isWorse: _news, atMs, ...said } = word;
  return { ...said, worst: word.severity, heardAtMs: atMs, isUnproven: false };
};

/**
 * What a whole look makes of a symptom that it did not name: gone, where it judged that check of every subject, and the
 * symptom was heard of before the look began.
 *
 * @param checks the checks of that look by which an alarm is judged; empty for a finding
 */
export function overlookedBy(member: Member, look: Look, checks: readonly string[]): Member {
  if (member.goneAtMs !== undefined || member.procedure !== look.procedure || member.heardAtMs >= look.atMs)
    return member;
  const judging = member.by === 'finding' ? [member.check] : checks;
  const isJudged = judging.length > 0 && judging.every((check) => look.judgedChecks.includes(check));
  // An alarm that still fires is no matter of a look's: only what it said itself, that it is over, lets a look end it.
  const mayEnd = member.by === 'finding' || member.isUnproven;
  return isJudged && mayEnd ? { ...member, isUnproven: false, goneAtMs: look.atMs } : member;
}

/**
 * What a list of all alarms makes of one that is not on it: gone, since it was deleted or has another name by now, and no event
 * tells of that. Where it fires all the same, the next list that has it says so.
 */
export function missedBy(member: Member, { atMs, keys }: AlarmRoster): Member {
  const isMissed = member.by === 'alarm' && member.heardAtMs < atMs && !keys.has(member.key);
  return isMissed && isLive(member) ? { ...member, isUnproven: false, goneAtMs: atMs, goneBy: 'no-alarm' } : member;
}

export const isLive = ({ goneAtMs }: Member): boolean => goneAtMs === undefined;

/** What still is, and more than a notice: it alone keeps a fault open. What eased to a notice is nobody's page any more (P3). */
export const isPressing = (member: Member): boolean =>
  isLive(member) && compareSeverities(member.severity, 'warning') >= 0;
