/**
 * The alphabet of text messages, GSM 03.38 (3GPP TS 23.038, section 6.2.1): one letter outside of it, and a part holds 70
 * characters instead of 160. Line ends and the escape to the extension are left out: what we send is one line.
 */
const basic = new Set(
  '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each of these is sent as two: an escape, and a letter. */
const extension = new Set('^{}\\[~]|€');

/** What one part of a text message holds. */
export const partSeptets = 160;

/** Septets that a text of the alphabet takes. */
export const septetsOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + (extension.has(character) ? 2 : 1), 0);

/** Whether a telephone gets the text as it is, in letters of 7 bits. */
export const isGsm = (text: string): boolean =>
  Array.from(text).every((character) => basic.has(character) || extension.has(character));

/** Signs of prose that have a plain one. Letters lose their marks: `č` is `c`. */
const plainOf: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '•': '-',
  '·': '.',
  '×': 'x',
  '÷': '/',
  '→': '->',
  '≤': '<=',
  '≥': '>=',
  '`': "'",
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  œ: 'oe',
  Œ: 'OE',
  þ: 'th',
  ð: 'd',
};

/** What escaped text writes for a character that must not stand there (shared/text/printable.ts). */
const escaped = /\\u\{[0-9a-f]{1,6}\}/g;

/**
 * The text in the alphabet: a letter without its marks, a sign in its plain form, and one `?` for each run of characters
 * that have neither.
 */
export const toGsm = (text: string): string =>
  Array.from(text.replaceAll(escaped, '\uFFFD'), gsmOf)
    .join('')
    .replaceAll(/\uFFFD+/g, '?');

function gsmOf(character: string): string {
  if (isGsm(character)) return character;
  const plain = Object.hasOwn(plainOf, character) ? plainOf[character] : undefined;
  const bare = plain ?? character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return bare !== '' && isGsm(bare) ? bare : '\uFFFD';
}

/** A text of the alphabet, cut to so many septets, with three dots where something is missing. */
export function fitGsm(text: string, septets: number): string {
  if (septetsOf(text) <= septets) return text;
  const kept: string[] = [];
  let room = septets - cutMark.length;
  for (const character of text) {
    room -= septetsOf(character);
    if (room < 0) break;
    kept.push(character);
  }
  return `${kept.join('')}${cutMark}`.slice(0, Math.max(0, septets));
}

const cutMark = '...';
