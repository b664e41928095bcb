import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Choice, chooseParts, type Part } from '../../../../infra/checks/parts.ts';
import { type PartResult, runParts } from '../../../../infra/checks/run-parts.ts';
import { UsageError } from '../../../../infra/command-line.ts';
import { parseCommandLine } from '../../../../local/drill/command-line.ts';
import { drills } from '../../../../local/drill/scenarios/scenarios.ts';

const choice = (more: Partial<Choice> = {}): Choice => ({ seed: 7, isDeep: false, only: [], ...more });
const namesOf = (parts: readonly { readonly name: string }[]) => parts.map(({ name }) => name);
const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
);

test('every part is a script of package.json, and no static check or kind of test is forgotten', () => {
  const used = chooseParts(choice({ isDeep: true })).map(({ script }) => script);
  for (const script of used) expect(scripts).toHaveProperty([script]);
  const wanted = Object.keys(scripts).filter((name) => /^(check|test):/.test(name));
  const runners = ['check:deep', 'check:busy'];
  expect(wanted.filter((name) => !runners.includes(name) && !used.includes(name))).toEqual([]);
});

test('the drills are those that the seed draws, and all of them in a deep check', () => {
  const drilled = (more: Partial<Choice>) => {
    const args = chooseParts(choice(more)).find(({ name }) => name === 'drills')?.args ?? [];
    const command = parseCommandLine(args, drills);
    return command.action === 'run' ? namesOf(command.scenarios) : [];
  };
  expect(drilled({ seed: 0 })).toEqual(['healthy', 'broker-loss']);
  expect(drilled({ seed: 1 })).toEqual(['broker-loss', 'disk-fill']);
  expect(drilled({ isDeep: true })).toEqual(namesOf(drills.all));
});

test('chosen parts keep their order; one that there is not is refused with those that there are', () => {
  expect(namesOf(chooseParts(choice({ only: ['unit', 'types'] })))).toEqual(['types', 'unit']);
  expect(() => chooseParts(choice({ only: ['nonsense'] }))).toThrow(UsageError);
  expect(() => chooseParts(choice({ only: ['nonsense'] }))).toThrow('no part is called nonsense; there are types, ');
});

const ended = (name: string, exitCode: number): PartResult => ({
  name,
  exitCode,
  tookSeconds: 1,
  cpuSeconds: 1,
  tests: undefined,
});

test('the first part that fails is the last that runs', async () => {
  const parts = ['first', 'second', 'third'].map((name): Part => ({ name, script: name, args: [] }));
  const begun: string[] = [];
  const results = await runParts(parts, async ({ name }) => {
    begun.push(name);
    return ended(name, name === 'second' ? 9 : 0);
  });
  expect(begun).toEqual(['first', 'second']);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 9]);
});
