import { expect, test } from 'vitest';
import { applyMutant, compileMutants } from '../../../../../infra/checks/mutation/mutants.ts';

/** Every text that a line can become, in the order of the places in it. */
const changed = (source: string): readonly string[] =>
  compileMutants(source)
    .map((mutant) => applyMutant(source, mutant))
    .sort();

test.each<[string, string, readonly string[]]>([
  ['a bound moves, and turns round', 'a < b;', ['a <= b;', 'a >= b;', ';']],
  ['equality turns round', 'a === b;', ['a !== b;', ';']],
  ['both becomes either', 'a && b;', ['((a) || (b));', ';']],
  ['a fallback goes, or is all there is', 'a ?? b;', ['(a);', '(b);', ';']],
  ['arithmetic turns round', 'a + b;', ['a - b;', ';']],
  ['texts that are joined stay joined', "x(a + '!');", ["x(a + '');", ';']],
  ['a number moves by one', 'x(16_384);', ['x((16384 + 1));', 'x((16384 - 1));', ';']],
  ['a unit is doubled', 'const keptMs = dayMs;', ['const keptMs = (2 * dayMs);']],
  ['yes becomes no', 'x(true);', ['x(false);', ';']],
  ['a condition is forced', 'if (a) x();', ['if (true) x();', 'if (false) x();', 'if (a) ;']],
  ['a choice is forced', 'y = a ? b : c;', ['y = true ? b : c;', 'y = false ? b : c;', ';']],
  ['a loop never begins', 'while (a) x();', ['while (false) x();', 'while (a) ;']],
  ['a negation goes', 'x(!a);', ['x((a));', ';']],
  ['a value is not returned', 'const f = () => a;', ['const f = () => undefined;']],
  ['an element goes with its comma', 'x([a, ...b]);', ['x([ ...b]);', 'x([a, ]);', ';']],
  ['a part that may be there goes', 'x({ a, ...b });', ['x({ a,  });', ';']],
  ['a word goes', "x('critical');", ["x('');", ';']],
  ['some becomes every', 'a.some(b);', ['a.every(b);', ';']],
])('%s', (_name, source, expected) => {
  expect(changed(source)).toEqual(expected.toSorted());
});

test.each([
  ['a sentence for people', "const a = 'The kill switch is on.';"],
  ['a sentence with values in it', 'const a = `Broker $' + '{id + 1} is full.`;'],
  ['an import', "import { a } from './b.ts';"],
  ['a type', "type A = 'b' | 3; const c: A | undefined = d;"],
  ['a key', "const a = { 'b-c': d, 1: e };"],
  ['what no value reaches', 'const f = (a) => { switch (a) { default: return a satisfies never; } };'],
  ['a comment', '/** At most 3. */ // true'],
])('%s is left as it is', (_name, source) => {
  expect(changed(source)).toEqual([]);
});

test('a mutant knows its line', () => {
  expect(compileMutants('const a = b;\nconst c = 1;\n').map(({ line, kind }) => [line, kind])).toEqual([
    [2, 'number'],
    [2, 'number'],
  ]);
});
