import { printableLines } from '../../shared/text/printable.ts';

const entityByCharacter: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of a cluster (names, messages) as HTML or SVG text: never as markup, and nothing in it unseen or turned around. */
export const escapeMarkup = (text: string): string =>
  printableLines(text).replace(/[&<>"']/g, (character) => entityByCharacter[character] ?? character);
