import { expect, test } from 'vitest';
import { procedures } from '../../../infra/procedures.ts';
import { scenarios } from '../../../local/drill/scenarios/scenarios.ts';
import type { Deployment } from '../../../shared/deployment/deployment.ts';
import { deployment as added } from '../../fixtures/functions/health/disk-review/deployment.ts';
import { readDocument } from '../../support/documents.ts';

const rows = [...readDocument('docs/rows.md').matchAll(/^\| ([IHCDM]\d+) \| (.+) \|$/gm)].map(
  ([, name = '', asks = '']) => ({
    name,
    asks,
  }),
);
const names: ReadonlySet<string> = new Set(rows.map(({ name }) => name));

test('each row has a name and a sentence of its own, in order', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(names.size).toBe(rows.length);
  expect(new Set(rows.map(({ asks }) => asks)).size).toBe(rows.length);
  for (const letter of 'IHCDM') {
    const numbers = rows.flatMap(({ name }) => (name.startsWith(letter) ? [Number(name.slice(1))] : []));
    expect(numbers, letter).toEqual(numbers.map((_, index) => index + 1));
  }
});

test('what a procedure answers is a row that there is', () => {
  const all: Readonly<Record<string, Deployment>> = { ...procedures, added };
  for (const [folder, { answers }] of Object.entries(all)) {
    expect(answers.length, folder).toBeGreaterThan(0);
    expect(
      answers.filter((name) => !names.has(name)),
      folder,
    ).toEqual([]);
  }
});

test('what a drill shows is a row that there is', () => {
  for (const { name, runbookRows } of scenarios) {
    expect(runbookRows.length, name).toBeGreaterThan(0);
    expect(
      runbookRows.filter((row) => !names.has(row)),
      name,
    ).toEqual([]);
  }
});
