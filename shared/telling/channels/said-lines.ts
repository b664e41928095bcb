import type { Said, Some } from './said.ts';

/** What a line is about, and what it says. */
export type Labelled = readonly [label: string, text: string];

/** `[P1 closed] orders: broker 2 is down` */
export const headlineOf = ({ label, cluster, title }: Said): string => `[${label}] ${cluster}: ${title}`;

/** How bad, where, since when, until when, by which step, and which incident: what every channel tells beside its sentence. */
export const circumstancesOf = (said: Said): readonly Labelled[] => [
  ['How bad', `${said.priority} (${said.severity})`],
  ['Where', `${said.cluster} in ${said.region}, account ${said.accountId}`],
  ['Since', said.since.text],
  ...one('Paged since', said.openedAt?.text),
  ...one('Answer by', said.answerBy?.text),
  ...one('Ladder', said.rung && `${said.rung.afterMinutes} min without an answer: ${said.rung.whom}`),
  ...one('Again', said.endedBefore && `the same ended at ${said.endedBefore.text}`),
  ...one('Repeated', said.isRepeated ? 'an earlier sending of this message may have arrived' : undefined),
  said.kind === 'notice' ? ['Told', `at ${said.at.text}`] : ['Incident', `${said.incident}, told at ${said.at.text}`],
];

/** What to do, whom to call, and where it is written. */
export const helpOf = ({ next, contacts, runbook }: Said): readonly Labelled[] => [
  ...one('What to do', next === '' ? undefined : next),
  ...one('Whom to call', contacts.shown.length === 0 ? undefined : linesOfSome(contacts, (role) => role).join(', ')),
  ['Runbook', runbook],
];

const one = (label: string, text: string | undefined): readonly Labelled[] =>
  text === undefined ? [] : [[label, text]];

export const labelledLine = ([label, text]: Labelled): string => `${label}: ${text}`;

/** The list as lines: `and 12 more` where some are left out. */
export const linesOfSome = <Item>(
  { shown, hiddenCount }: Some<Item>,
  lineOf: (item: Item) => string,
): readonly string[] => [...shown.map(lineOf), ...(hiddenCount === 0 ? [] : [`and ${hiddenCount} more`])];

/** `12,000 messages behind (brokers)` */
export const factLine = ({ text, source }: Said['facts']['shown'][number]): string => `${text} (${source})`;

/**
 * As many of a list as its lines fit, the rest counted: worst first, so that what is left out is the mildest.
 *
 * @param most of all lines together with their ends, as `sizeOf` counts
 */
export function fitSome<Item>(
  some: Some<Item>,
  lineOf: (item: Item) => string,
  most: number,
  sizeOf: (line: string) => number = (line) => line.length,
): readonly string[] {
  const sizes = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + sizeOf(line) + 1, 0);
  for (let count = some.shown.length; count > 0; count -= 1) {
    const lines = linesOfSome(firstOf(some, count), lineOf);
    if (sizes(lines) <= most) return lines;
  }
  return linesOfSome(firstOf(some, 0), lineOf);
}

/** Fewer of a list: what is left out is counted with what was left out before. */
export const firstOf = <Item>({ shown, hiddenCount }: Some<Item>, most: number): Some<Item> => ({
  shown: shown.slice(0, most),
  hiddenCount: hiddenCount + Math.max(0, shown.length - most),
});
