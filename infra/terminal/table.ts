import { redactText } from '../../shared/text/redaction.ts';
import { asShown, type Color, colored, escaped, type Shown } from './shown.ts';
import { trimBlanks, widthOf, wrapped } from './width.ts';

/** How an output looks: whether it shows colours, and of how many columns it is where it is a terminal. */
export type Look = { readonly hasColors: boolean; readonly columns?: number | undefined };

/** A text of anybody, or one with a colour. */
export type Cell = string | { readonly text: string; readonly color: Color };

/** Of one cell: what is longer pushes away what a person has to read. `--json` has the whole. */
const mostCharacters = 2_000;
/** The last column keeps so many, even where the terminal is too narrow for them. */
const leastColumns = 20;
const gap = '  ';

/** A sentence whose line breaks and indents mean nothing. */
export const foldSpace = (text: string): string => text.replaceAll(/[ \t\r\n]+/g, ' ').trim();

/** A sentence of AWS or of ours, without secrets and addresses, its white space folded. @param names left by the letter */
export const onOneLine = (text: string, names: readonly string[] = []): string => foldSpace(redactText(text, names));

/**
 * Rows of cells, each column as wide as its widest cell as it is seen. Every cell is escaped here and cut visibly where it
 * is longer than any honest one. The last column is free; on a terminal it is broken within itself, so that no text of
 * somebody else ever begins a line.
 *
 * @returns one element a row
 */
export const columns = (rows: readonly (readonly Cell[])[], look: Look): readonly Shown[] => {
  const cells = rows.map((row) => row.map(cellOf));
  const widths: number[] = [];
  for (const row of cells)
    row.slice(0, -1).forEach(({ text }, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(text));
    });
  return cells.map((row) => {
    const lead = row.slice(0, -1).map(({ text, color }, index) => {
      const blank = ' '.repeat((widths[index] ?? 0) - widthOf(text));
      return `${paint(text, color, look)}${blank}${gap}`;
    });
    const from = widths.slice(0, row.length - 1).reduce((total, width) => total + width + gap.length, 0);
    const last = row.slice(-1).map(({ text, color }) => paint(brokenAt(from, text, look), color, look));
    return asShown(trimBlanks([...lead, ...last].join('')));
  });
};

type SafeCell = { readonly text: Shown; readonly color?: Color };

const cellOf = (cell: Cell): SafeCell =>
  typeof cell === 'string'
    ? { text: escaped(cell, mostCharacters) }
    : { text: escaped(cell.text, mostCharacters), color: cell.color };

const paint = (text: Shown, color: Color | undefined, { hasColors }: Look): Shown =>
  color === undefined ? text : colored(text, color, hasColors);

const brokenAt = (from: number, text: Shown, look: Look): Shown =>
  look.columns === undefined
    ? text
    : asShown(wrapped(text, Math.max(leastColumns, look.columns - from)).join(`\n${' '.repeat(from)}`));

/** A line of ours with what somebody else said in it, beneath a row. */
export const indented = (lead: Shown, text: string, look: Look): Shown => {
  const safe = escaped(text, mostCharacters);
  return asShown(`${lead}${brokenAt(widthOf(lead), safe, look)}`);
};
