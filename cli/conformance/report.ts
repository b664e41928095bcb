import { colored, columns, onOneLine } from '../table.ts';
import type { Assumption, Outcome } from './assumption.ts';

/** An assumption and what the account shows of it. */
export type Judged = { readonly assumption: Assumption; readonly outcome: Outcome };

/** Worst first: what is wrong in the code, what nobody knows, what holds. */
const verdicts = ['refuted', 'not-seen', 'proved'] as const;
const colorOf = { refuted: 'red', 'not-seen': 'yellow', proved: 'green' } as const;

/** A table, worst first; under what is refuted, the code that relies on it. */
export const renderJudged = (judged: readonly Judged[], unlisted: readonly string[], hasColors: boolean): string => {
  const sorted = verdicts.flatMap((verdict) => judged.filter(({ outcome }) => outcome.verdict === verdict));
  const rows = columns(
    sorted.map(({ assumption, outcome }) => [
      { text: outcome.verdict, shown: colored(outcome.verdict, colorOf[outcome.verdict], hasColors) },
      { text: assumption.id },
      { text: `${assumption.claim}: ${onOneLine(outcome.evidence)}` },
    ]),
  );
  const lines = rows.flatMap((row, index) => {
    const one = sorted[index];
    return one?.outcome.verdict === 'refuted'
      ? [row, `         → relied on by ${one.assumption.reliesOn.join(', ')}`]
      : [row];
  });
  const counts = verdicts.map(
    (verdict) => `${judged.filter(({ outcome }) => outcome.verdict === verdict).length} ${verdict.replace('-', ' ')}`,
  );
  return [
    ...lines,
    '',
    ...(unlisted.length === 0
      ? []
      : [`Metrics that CloudWatch lists and mskeeper does not know: ${unlisted.join(', ')}`]),
    counts.join(', '),
    '',
  ].join('\n');
};
