import { styleText } from 'node:util';
import {
  asCode,
  printable,
  printableBeginning,
  printableJson,
  printableLines,
  withUnseen,
} from '../../shared/text/printable.ts';

declare const isShown: unique symbol;
/**
 * What may be printed as it is: our own words, with everything of somebody else escaped. Made in this folder alone, so that
 * a command cannot print what nobody escaped: its output takes nothing else.
 */
export type Shown = string & { readonly [isShown]: true };

export type Color = 'green' | 'yellow' | 'red' | 'gray';

/** The one place that says so, for this folder alone: what it is called with was escaped, or is a literal of ours. */
export const asShown = (text: string): Shown => text as Shown;

/** A text of anybody on one line. @param maxCharacters what is longer is cut, and says so */
export const escaped = (text: string, maxCharacters = Number.POSITIVE_INFINITY): Shown =>
  asShown(printableBeginning(text, maxCharacters));

/** The template's own words as they are, and each value on one line, escaped. */
export const shown = (words: TemplateStringsArray, ...values: readonly (string | number)[]): Shown =>
  asShown(words.map((word, index) => (index === 0 ? word : `${printable(String(values[index - 1]))}${word}`)).join(''));

/** A text of ours of several lines, such as a stack or one mistake in each: its lines stay, each is escaped. */
export const shownLines = (text: string): Shown => asShown(printableLines(text));

/** In a colour, where the output shows colours. */
export const colored = (text: Shown, color: Color, hasColors: boolean): Shown =>
  hasColors ? asShown(styleText(color, text, { validateStream: false })) : text;

/** Several of them as one. */
export const joined = (parts: readonly Shown[], separator: '' | ' ' | '\n' | '\n\n' = ''): Shown =>
  asShown(parts.join(separator));

/** JSON on several lines, or on one, which reads back the same by the letter. */
export const shownJson = (value: unknown, indent?: number): Shown =>
  asShown(printableJson(JSON.stringify(value, null, indent) ?? 'null'));

/** What `colored` writes around a word, and nothing else that a terminal obeys. */
const ownColors = new RegExp(`${String.fromCharCode(0x1b)}\\[(?:2|22|3[1236]|39|90)m`, 'g');

/**
 * The second lock, at the stream itself: whatever reaches it keeps its lines and our colours, and nothing else in it can be
 * obeyed by a terminal. What was escaped before is left as it is.
 */
export const tamed = (text: string): Shown => {
  const colors = text.match(ownColors) ?? [];
  const parts = text.split(ownColors).map((part) => withUnseen(part, (each) => (each === '\n' ? each : asCode(each))));
  return asShown(parts.map((part, index) => `${part}${colors[index] ?? ''}`).join(''));
};
