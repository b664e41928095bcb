import { joined, type Shown, shown } from '../../infra/terminal/shown.ts';
import { columns, indented, type Look, onOneLine } from '../../infra/terminal/table.ts';
import type { Assumption, Outcome } from './assumption.ts';

/** An assumption and what the account shows of it. */
export type Judged = { readonly assumption: Assumption; readonly outcome: Outcome };

/** Worst first: what is wrong in the code, what nobody knows, what holds. */
const verdicts = ['refuted', 'not-seen', 'proved'] as const;
const colorOf = { refuted: 'red', 'not-seen': 'yellow', proved: 'green' } as const;

/** A table, worst first; under what is refuted, the code that relies on it. */
export const renderJudged = (
  judged: readonly Judged[],
  unlisted: readonly string[],
  hasColors: boolean,
  width?: number,
): Shown => {
  const look: Look = { hasColors, columns: width };
  const sorted = verdicts.flatMap((verdict) => judged.filter(({ outcome }) => outcome.verdict === verdict));
  const rows = columns(
    sorted.map(({ assumption, outcome }) => [
      { text: outcome.verdict, color: colorOf[outcome.verdict] },
      assumption.id,
      `${assumption.claim}: ${onOneLine(outcome.evidence)}`,
    ]),
    look,
  );
  const lines = rows.flatMap((row, index) => {
    const one = sorted[index];
    return one?.outcome.verdict === 'refuted'
      ? [row, indented(shown`         → relied on by `, one.assumption.reliesOn.join(', '), look)]
      : [row];
  });
  const counts = verdicts.map(
    (verdict) => `${judged.filter(({ outcome }) => outcome.verdict === verdict).length} ${verdict.replace('-', ' ')}`,
  );
  return joined(
    [
      ...lines,
      shown``,
      ...(unlisted.length === 0
        ? []
        : [indented(shown`Metrics that CloudWatch lists and mskeeper does not know: `, unlisted.join(', '), look)]),
      shown`${counts.join(', ')}`,
      shown``,
    ],
    '\n',
  );
};
