const encoder = new TextEncoder();

/** Bytes of the text in UTF-8, which is how AWS counts its limits. */
export const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The beginning of a text, of so many UTF-16 units at most; no character is broken. */
export const beginningOf = (text: string, maxUnits: number): string => {
  const cut = text.slice(0, maxUnits);
  return cut.length < text.length ? cut.replace(/[\uD800-\uDBFF]$/, '') : cut;
};

const cutMark = '… [truncated]';

/** The text where it fits, else its beginning with a visible mark; no character is broken. */
export function fitUtf8(text: string, maxBytes: number): string {
  if (utf8Bytes(text) <= maxBytes) return text;
  const keptBytes = Math.max(0, maxBytes - utf8Bytes(cutMark));
  const { read } = encoder.encodeInto(text, new Uint8Array(keptBytes));
  const kept = text.slice(0, read);
  return keptBytes === 0 ? '' : `${kept}${cutMark}`;
}
