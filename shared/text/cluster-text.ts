/**
 * Text that came from the cluster or from outside (names of topics and groups, messages of brokers), made safe to stand in
 * a notification: it cannot start a line, a link, a mention, a tag or a formatting of any of the channels. What is
 * dangerous is written as `\u{…}`, so that the name can still be told exactly.
 */

/**
 * Control characters, line and paragraph separators, invisible and direction-changing characters, lone surrogates, and what
 * is no character at all: SNS takes no message with U+FFFE or U+FFFF.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu;
/** Tags and Slack's `<!here>`, entities, mentions, code and bold marks, table and link marks. */
const active = /[<>&@`*|[\]\\]/g;
/** What mail programs and chats turn into links by themselves. */
const linkStart = /:(?=\/\/)|\b(?:mailto|tel|javascript|data):|\bwww\./gi;

const asCode = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** One line without anything active, at most `maxCharacters` long. */
export function escapeClusterText(text: string, maxCharacters = 2_000): string {
  const escaped = text
    .replaceAll(active, asCode)
    .replaceAll(invisible, asCode)
    .replaceAll(linkStart, (start) => `${start.slice(0, -1)}${asCode(start.slice(-1))}`);
  if (escaped.length <= maxCharacters) return escaped;
  return `${wholeCharacters(escaped, maxCharacters - 1)}…`;
}

/** The first `units` UTF-16 units without half of a surrogate pair or of an escape. */
function wholeCharacters(text: string, units: number): string {
  const cut = text.slice(0, units);
  return cut.replace(/\\(?:u(?:\{[0-9a-f]*)?)?$/, '').replace(/[\uD800-\uDBFF]$/, '');
}
