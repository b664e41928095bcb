import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toJson } from '../../../../shared/text/json.ts';
import { printable, printableBeginning, printableJson } from '../../../../shared/text/printable.ts';
import { cases } from '../../../support/depth.ts';
import { hostile, hostileText } from '../../../support/hostile.ts';

describe('text of somebody else', () => {
  test.each([
    ['an escape sequence', 'bob\u001b[2K\u001b[1G', 'bob\\u{1b}[2K\\u{1b}[1G'],
    ['one in a single character', 'a\u009b2Kb', 'a\\u{9b}2Kb'],
    ['a link of a terminal', '\u001b]8;;https://evil.example\u0007x', '\\u{1b}]8;;https://evil.example\\u{7}x'],
    ['a deleted character', 'a\u007f\bb', 'a\\u{7f}\\u{8}b'],
    [
      'a new line in any way',
      'a\nb\rc\u0085d\u2028e\u2029f\vg\fh',
      'a\\u{a}b\\u{d}c\\u{85}d\\u{2028}e\\u{2029}f\\u{b}g\\u{c}h',
    ],
    ['a turned text', 'a\u202eb\u2066c\u2069d\u200fe', 'a\\u{202e}b\\u{2066}c\\u{2069}d\\u{200f}e'],
    ['what nobody sees', 'a\u200bb\u2060c\ufeffd\u00ade\u034ff', 'a\\u{200b}b\\u{2060}c\\u{feff}d\\u{ad}e\\u{34f}f'],
    ['fillers and blanks', 'a\u3164b\uffa0c\u2800d\u00a0e\u3000f', 'a\\u{3164}b\\u{ffa0}c\\u{2800}d\\u{a0}e\\u{3000}f'],
    ['tags', 'a\u{e0062}\u{e007f}', 'a\\u{e0062}\\u{e007f}'],
    ['variation selectors', 'a\ufe0fb\u{e0100}', 'a\\u{fe0f}b\\u{e0100}'],
    ['half a character', '\ud83dx\ude00', '\\u{d83d}x\\u{de00}'],
    ['struck digits', '5\u03360\u03360', '5\\u{336}0\\u{336}0'],
    ['a mark on nothing', '\u0301 \u0301', '\\u{301} \\u{301}'],
    ['a heap of marks', `e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(4)}\\u{301}\\u{301}`],
    ['an escape of its own', '\\u{1b}', '\\u{5c}u{1b}'],
    ['a path of Windows', 'C:\\users', 'C:\\users'],
    ['words of any script', 'büro-日本 قائمة הזמנות क्षि đặt hàng', 'büro-日本 قائمة הזמנות क्षि đặt hàng'],
  ])('%s is seen for what it is', (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('whatever it holds, one harmless line comes out, and two texts never look the same', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (left, right) => {
        expect(printable(left)).not.toMatch(hostile);
        if (left !== right) expect(printable(left)).not.toBe(printable(right));
      }),
      cases(500, 20_000),
    );
  });

  test('its beginning breaks no escape and says how much is missing', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (text, most) => {
        const whole = printable(text);
        const beginning = printableBeginning(text, most);
        if (whole.length <= most) {
          expect(beginning).toBe(whole);
          return;
        }
        const [, kept = '', missing] = /^(.*)… \((\d+) characters more\)$/.exec(beginning) ?? [];
        expect(whole.startsWith(kept)).toBe(true);
        expect(kept.length + Number(missing)).toBe(whole.length);
        expect(kept).not.toMatch(/\\u\{[0-9a-f]*$/);
        expect(kept.isWellFormed()).toBe(true);
      }),
      cases(300, 5_000),
    );
  });

  test('what JSON takes for harmless without looking closer is so', () => {
    for (let code = 0; code < 0x30_00; code += 1) {
      const text = `a${String.fromCharCode(code)}b`;
      expect(toJson(text)).toBe(printableJson(JSON.stringify(text)));
    }
  });

  test('as JSON it reads back by the letter, and no letter of it is hostile', () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, hostileText), (record) => {
        for (const indent of [0, 2]) {
          const json = printableJson(JSON.stringify(record, null, indent));
          expect(json.replaceAll('\n', '')).not.toMatch(hostile);
          expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(record));
        }
      }),
      cases(300, 5_000),
    );
  });
});
