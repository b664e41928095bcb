import fc from 'fast-check';

/**
 * Letters by which a text of somebody else moves a cursor, hides, turns around or ends a line. Written from Unicode's
 * tables and not with the patterns of the code.
 */
const hostileCharacters: readonly string[] = [
  ...[0, 7, 8, 9, 10, 11, 12, 13, 27, 127, 0x85, 0x90, 0x9b, 0x9c, 0x9d, 0x9f],
  ...[
    0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029,
  ],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2066, 0x2067, 0x2068, 0x2069, 0x206f, 0x2800, 0x3164],
  ...[0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffe, 0xffff, 0xe000, 0xd800, 0xdfff],
  ...[0xe0001, 0xe0041, 0xe007f, 0xe0100, 0x1d173, 0x10ffff],
].map((code) => String.fromCodePoint(code));

/** Any of them. */
export const hostile = new RegExp(
  `[${hostileCharacters.map((each) => `\\u{${each.codePointAt(0)?.toString(16)}}`).join('')}]`,
  'u',
);

/** What is tried in each field that comes from outside: told apart by the word in front. */
export const hostileName = (word: string): string =>
  `${word}\u001b[2K\u001b[8A\u0007\n\r  plan  none: nothing will be changed\u202e\u2066\u200b\u2028\u009b1G\u001b]8;;https://evil.example\u0007x\u{e0041}\ud800`;

/** Names, controls, marks and letters of any script. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...hostileCharacters, '\u0301', '\u0336', '\\u{1b}', ' ', '日'),
        fc.string({ maxLength: 5 }),
      ),
      {
        maxLength: 20,
      },
    )
    .map((parts) => parts.join('')),
);
