import { beginningOf } from './utf8.ts';

/**
 * Text of somebody else (names of Kafka's and AWS's users, answers, documents of the bucket, mskeeper.yml), made safe to be
 * printed anywhere: one line, in which nothing moves the cursor, turns the direction of reading, hides itself or covers
 * what stands beside it. What does so is written as `\u{1b}`, so that a person sees what was there, and two texts never
 * come out the same. What it cannot do is tell letters apart that merely look alike (`а` of Cyrillic, `a` of Latin): what
 * must be nobody else's is limited to ASCII where it comes in. Letters that are written from right to left stay; they turn
 * their own words and what stands between them, never what stands before.
 */

/**
 * All that is no letter, mark, digit, sign or plain space: controls (escape sequences begin with one), formats (bidi,
 * zero-width, tags), what nobody may use or Unicode leaves free, halves of characters, separators, other spaces; and what
 * Unicode calls ignorable (variation selectors, fillers) or draws as nothing at all.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
/** An escape that was there before ours. */
const escapeMark = /\\(?=u\{)/g;
/** Marks that enclose or strike out what they stand on: no script writes so. */
const covering = /\p{Me}|[\u0334-\u0338]|[\u20d0-\u20f0]/u;
/** No script puts more marks on one letter. */
const mostMarks = 4;

/** `\u{1b}` */
export const asCode = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** One line on which every character is seen for what it is; a harmless text comes out as it was. */
export const printable = (text: string): string => withUnseen(text.replaceAll(escapeMark, asCode));

/**
 * As `printable`, for a text whose backslashes are escaped already.
 *
 * @param write how a character is written that must not stand there itself
 */
export const withUnseen = (text: string, write = asCode): string =>
  text
    .replaceAll(unseen, write)
    // Marks belong on letters, a few on each: hundreds reach over the lines above and below.
    .replaceAll(/\p{M}+/gu, (marks, offset: number, whole: string) => {
      const isOnLetter = /\p{L}$/u.test(whole.slice(Math.max(0, offset - 2), offset));
      return Array.from(marks, (mark, index) =>
        isOnLetter && index < mostMarks && !covering.test(mark) ? mark : write(mark),
      ).join('');
    });

/**
 * The beginning of what `printable` or one like it made, of so many UTF-16 units at most; no character and no escape is
 * broken.
 */
export const beginningOfPrintable = (text: string, maxUnits: number): string => {
  const cut = beginningOf(text, maxUnits);
  return cut.length < text.length ? cut.replace(/\\(?:u(?:\{[0-9a-f]*)?)?$/, '') : cut;
};

/** As `printable`; of a text that is longer, its beginning and how much was left out. */
export const printableBeginning = (text: string, maxUnits: number): string => {
  const whole = printable(text);
  if (whole.length <= maxUnits) return whole;
  const kept = beginningOfPrintable(whole, maxUnits);
  return `${kept}… (${whole.length - kept.length} characters more)`;
};

/** A few lines of somebody else, such as a stack: each made printable, their number and order kept. */
export const printableLines = (text: string): string => text.split(/\r?\n/).map(printable).join('\n');

/**
 * The same JSON in letters that every terminal and log shows for what they are: whatever `printable` would escape is
 * escaped as JSON does it, so that what is read back is the same by the letter. Line feeds and spaces between its parts stay.
 */
export const printableJson = (json: string): string =>
  withUnseen(json, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, unit) => jsonEscape(character.charCodeAt(unit))).join(''),
  );

const jsonEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
