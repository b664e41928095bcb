import { styleText } from 'node:util';
import { redactText } from '../shared/text/redaction.ts';

type Color = 'green' | 'yellow' | 'red' | 'gray';

/** The word in a colour where the output shows colours. */
export const colored = (text: string, color: Color, hasColors: boolean): string =>
  hasColors ? styleText(color, text, { validateStream: false }) : text;

/** What AWS said is shown without secrets and addresses, on one line. @param names of what is shown, left by the letter */
export const onOneLine = (text: string, names: readonly string[] = []): string =>
  redactText(text, names).replaceAll(/\s+/g, ' ').trim();

/** Each column as wide as its widest cell, the last one free. `widthOf` counts what is seen, without colour codes. */
export const columns = (rows: readonly (readonly { readonly text: string; readonly shown?: string }[])[]): string[] => {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach(({ text }, index) => {
      widths[index] = Math.max(widths[index] ?? 0, text.length);
    });
  return rows.map((row) =>
    row
      .map(({ text, shown = text }, index) =>
        index === row.length - 1 ? shown : `${shown}${' '.repeat((widths[index] ?? 0) - text.length)}`,
      )
      .join('  ')
      .trimEnd(),
  );
};
