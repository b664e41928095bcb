import { dayMs } from '../../../../shared/core/units.ts';
import { causeKey } from './causes.ts';
import type { Ended, Incident } from './document.ts';
import { causeAlone, isExplainedBy } from './explain.ts';
import { hear, isLive, type Member, missedBy, overlookedBy } from './member.ts';
import type { AlarmRoster, Look, Word } from './words.ts';
import type { Work } from './works.ts';

/** A finding that is older was judged anew since, and its judge's word about it comes with the sweep. */
const staleMs = 2 * dayMs;

export type Listened = {
  readonly incidents: readonly Incident[];
  /** What is so and of no incident yet. */
  readonly fresh: readonly Member[];
};

/**
 * What was heard, with no word, look or work of what is to come: a clock that runs ahead must not make a word count for longer than
 * the one after it.
 */
export const punctual = <
  Said extends {
    readonly words: readonly Word[];
    readonly looks: readonly Look[];
    readonly works: readonly Work[];
  },
>(
  said: Said,
  nowMs: number,
): Said => ({
  ...said,
  works: said.works.map((work) => {
    const sinceMs = Math.min(work.sinceMs, nowMs);
    return { ...work, sinceMs, untilMs: work.untilMs <= work.sinceMs ? sinceMs : work.untilMs };
  }),
  words: said.words.map((word) => notAhead(word, nowMs)),
  looks: said.looks.map((look) => ({ ...look, atMs: Math.min(look.atMs, nowMs) })),
});

const notAhead = (word: Word, nowMs: number): Word => {
  const atMs = Math.min(word.atMs, nowMs);
  return { ...word, atMs, sinceMs: Math.min(word.sinceMs, atMs) };
};

/**
 * What the words make of the members that there are, and which words are about none of them.
 *
 * @param ended faults that ended within a day
 * @param checksOfRule the checks by which a look judges an alarm
 */
export function listen(
  incidents: readonly Incident[],
  ended: readonly Ended[],
  heard: { readonly words: readonly Word[]; readonly looks: readonly Look[]; readonly roster?: AlarmRoster },
  checksOfRule: (procedure: string, rule: string) => readonly string[],
  nowMs: number,
): Listened {
  const known = new Map(incidents.flatMap(({ members }) => members.map((one) => [one.key, one] as const)));
  const byKey = new Map<string, Member>(known);
  for (const word of heard.words.toSorted((left, right) => left.atMs - right.atMs)) {
    const member = hear(byKey.get(word.key), word);
    const isNew = member !== undefined && !known.has(word.key);
    if (member !== undefined && !(isNew && isPast(word, member, ended, nowMs))) byKey.set(word.key, member);
  }
  for (const look of heard.looks) {
    for (const [key, member] of byKey) {
      byKey.set(key, overlookedBy(member, look, checksOfRule(member.procedure, member.check)));
    }
  }
  if (heard.roster !== undefined) {
    for (const [key, member] of byKey) byKey.set(key, missedBy(member, heard.roster));
  }
  return {
    incidents: incidents.map((one) => ({
      ...one,
      members: one.members.map((member) => byKey.get(member.key) ?? member),
    })),
    fresh: [...byKey.values()].filter((member) => !known.has(member.key) && isLive(member)),
  };
}

/**
 * Whether a word comes so late that it tells of a fault that is over: it was said before the proof of its end. If it still were
 * so, who judges it would say it anew.
 */
function isPast(word: Word, member: Member, ended: readonly Ended[], nowMs: number): boolean {
  if (word.isAsked === true) return false;
  if (word.by === 'finding' && nowMs - word.atMs >= staleMs) return true;
  const alone = causeKey(causeAlone(member));
  return ended.some(
    ({ cause, quietSinceMs }) =>
      word.atMs < quietSinceMs && (causeKey(cause) === alone || isExplainedBy(member, cause)),
  );
}
