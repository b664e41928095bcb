import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { colored, joined, shown, shownJson, tamed } from '../../../../infra/terminal/shown.ts';
import { columns, indented } from '../../../../infra/terminal/table.ts';
import { widthOf, wrapped } from '../../../../infra/terminal/width.ts';
import { cases } from '../../../support/depth.ts';
import { hostile, hostileName, hostileText } from '../../../support/hostile.ts';

const plain = { hasColors: false };

test('columns stand beneath each other as they are seen, whatever is in them', () => {
  expect(
    columns(
      [
        ['日本', 'a', 'x'],
        [{ text: 'ok', color: 'green' }, 'büro', 'y'],
      ],
      { hasColors: true },
    ),
  ).toEqual(['日本  a     x', '\u001b[32mok\u001b[39m    büro  y']);
});

test('a cell cannot be left unescaped: neither with a colour nor without', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hostileText, hostileText, hostileText), { maxLength: 5 }), (rows) => {
      for (const hasColors of [false, true]) {
        const told = columns(
          rows.map(([first, second, third]) => [first, { text: second, color: 'red' }, third]),
          { hasColors, columns: 80 },
        );
        expect(told).toHaveLength(rows.length);
        for (const row of told)
          for (const line of row.split('\n')) expect(stripVTControlCharacters(line)).not.toMatch(hostile);
      }
    }),
    cases(200, 5_000),
  );
});

test('on a terminal a long value is broken within its column: no line of its making begins at the left edge', () => {
  const rows = [
    ['  plan', `expand ${'. '.repeat(60)}  plan  none: nothing will be changed`],
    ['  x', `${'長'.repeat(100)}plan`],
  ];
  for (const row of columns(rows, { hasColors: false, columns: 60 })) {
    const [first = '', ...others] = row.split('\n');
    expect(others.length).toBeGreaterThan(0);
    for (const line of [first, ...others]) expect(widthOf(line)).toBeLessThanOrEqual(60);
    for (const line of others) expect(line).toMatch(/^ {8}\S/);
  }
});

test('what is broken comes together again, and no line is wider than was asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.integer({ min: 2, max: 40 }), (text, width) => {
      const lines = wrapped(text, width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
    { ...cases(300, 5_000), examples: [['\u3000', 2]] },
  );
});

test('a cell that is longer than any honest one is cut, and says so', () => {
  const [row = ''] = columns([['a', 'x'.repeat(5_000)]], plain);
  expect(row).toMatch(/^a {2}x{2000}… \(3000 characters more\)$/);
});

test('a line of ours shows values of somebody else escaped, and JSON by the letter', () => {
  const name = hostileName('bob');
  const line = joined([colored(shown`${name} is damaged`, 'red', false), indented(shown`why: `, name, plain)], '\n');
  expect(line.split('\n')).toHaveLength(2);
  expect(line.replaceAll('\n', '')).not.toMatch(hostile);
  const json = shownJson({ [name]: name }, 2);
  expect(json.replaceAll('\n', '')).not.toMatch(hostile);
  expect(JSON.parse(json)).toEqual({ [name]: name });
});

test('the stream itself lets through our colours and lines, and nothing else that a terminal obeys', () => {
  expect(tamed('a\n\u001b[33mb\u001b[39m\n')).toBe('a\n\u001b[33mb\u001b[39m\n');
  expect(tamed(`${shown`${'\u001b'}`}`)).toBe('\\u{1b}');
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(stripVTControlCharacters(tamed(text)).replaceAll('\n', '')).not.toMatch(hostile);
    }),
    cases(300, 5_000),
  );
});
