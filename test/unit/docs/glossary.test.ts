import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pathsOf, readDocument, root } from '../../support/documents.ts';

/** Rows of the tables: the word, what it means, and the files that show it. */
const rows = [...readDocument('docs/glossary.md').matchAll(/^\| ([^|]+) \| (.+) \| ([^|]+) \|$/gm)]
  .map(([, word = '', meaning = '', see = '']) => ({ word, meaning, see }))
  .filter(({ word }) => word !== 'word');

test('no word stands there twice', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.map(({ word }) => word)).toEqual([...new Set(rows.map(({ word }) => word))]);
});

describe.each(rows)('$word', ({ word, meaning, see }) => {
  test('is said in one breath, and shown by files that are there', () => {
    expect(meaning.length).toBeLessThanOrEqual(300);
    const files = pathsOf(see);
    expect(see).toBe(files.map((file) => `\`${file}\``).join(', '));
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('is a word that one of these files uses', () => {
    const pattern = new RegExp(word.replaceAll(/[- ]/g, '[- ]?').replaceAll(',[- ]?', '|'), 'i');
    expect(pathsOf(see).some((file) => pattern.test(readDocument(file)))).toBe(true);
  });
});
