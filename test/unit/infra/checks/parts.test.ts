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

const partsNamed = (...names: readonly string[]) => names.map((name): Part => ({ name, script: name, args: [] }));

test('the first part that fails is the last that begins', async () => {
  const begun: string[] = [];
  const results = await runParts(partsNamed('first', 'second', 'third'), 1, async ({ name }) => {
    begun.push(name);
    return ended(name, name === 'second' ? 9 : 0);
  });
  expect(begun).toEqual(['first', 'second']);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 9]);
});

test('parts run side by side, never more than there are lanes, and are told in their order', async () => {
  const underWay = new Set<string>();
  const most: number[] = [];
  const turns: Readonly<Record<string, number>> = { first: 5, second: 1, third: 1, fourth: 3 };
  const results = await runParts(partsNamed(...Object.keys(turns)), 2, async ({ name }) => {
    underWay.add(name);
    most.push(underWay.size);
    for (let turn = 0; turn < (turns[name] ?? 0); turn += 1) await Promise.resolve();
    underWay.delete(name);
    return ended(name, 0);
  });
  expect(Math.max(...most)).toBe(2);
  expect(namesOf(results)).toEqual(Object.keys(turns));
});

test('a part that fails beside another lets that one come to its end, and none begins any more', async () => {
  const other = Promise.withResolvers<void>();
  const running = runParts(partsNamed('long', 'broken', 'third'), 2, async ({ name }) => {
    if (name === 'long') await other.promise;
    return ended(name, name === 'broken' ? 2 : 0);
  });
  await Promise.resolve();
  other.resolve();
  expect((await running).map(({ name, exitCode }) => [name, exitCode])).toEqual([
    ['long', 0],
    ['broken', 2],
  ]);
});
