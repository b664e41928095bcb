import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileMutants } from '../../../../../infra/checks/mutation/mutants.ts';
import { renderScores, renderSurvivor, scoreOf } from '../../../../../infra/checks/mutation/report.ts';
import { marginPoints, takeSample } from '../../../../../infra/checks/mutation/sample.ts';

const source = 'const f = (a: number) =>\n  a < 3;\n';
const [mutant] = compileMutants(source)
  .filter(({ kind }) => kind === 'comparison')
  .map((one) => ({ ...one, file: 'shared/core/f.ts' }));
if (mutant === undefined) throw new TypeError('no mutant to report');
const tried = (['survived', 'failed', 'failed', 'over'] as const).map((outcome) => ({ mutant, outcome }));

test('a score counts what failed and what came to no end, and knows its floor', () => {
  const measured = { area: 'shared/core', mutantCount: 40, tried };
  expect(scoreOf(measured, 75)).toMatchObject({
    killed: 3,
    over: 1,
    sampled: 4,
    scorePercent: 75,
    isBelowFloor: false,
  });
  const whole = { ...measured, mutantCount: tried.length };
  expect(scoreOf(whole, 75.1)).toMatchObject({ floorPercent: 75.1, isBelowFloor: true, marginPoints: 0 });
  expect(scoreOf(whole, 75)).toMatchObject({ isBelowFloor: false });
  expect(scoreOf(measured, undefined)).toMatchObject({ isBelowFloor: false });
  expect(scoreOf(measured, undefined)).not.toHaveProperty('floorPercent');
});

test('a sample that falls short by less than the luck of its draw has shown nothing', () => {
  const many = Array.from(
    { length: 100 },
    (_, index) => ({ mutant, outcome: index < 78 ? 'failed' : 'survived' }) as const,
  );
  const measured = { area: 'shared/core', mutantCount: 10_000, tried: many };
  expect(scoreOf(measured, 80)).toMatchObject({ scorePercent: 78, isBelowFloor: false });
  expect(scoreOf(measured, 90)).toMatchObject({ scorePercent: 78, isBelowFloor: true });
});

test('the table has a line for each area', () => {
  const lines = renderScores([scoreOf({ area: 'shared/core', mutantCount: 4, tried }, 80)]).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^shared\/core\s+4\s+4\s+3\s+1\s+75\.0 %\s+± \d+\.\d\s+80 %\s+below its floor$/);
});

test('a survivor is shown with its place and the line before and after', () => {
  expect(renderSurvivor({ mutant }, source)).toBe('shared/core/f.ts:2 comparison\n  -   a < 3;\n  +   a <= 3;');
});

test('the same seed takes the same sample, another seed another, and each item once', () => {
  const items = Array.from({ length: 200 }, (_, index) => index);
  expect(takeSample(items, 20, 7)).toEqual(takeSample(items, 20, 7));
  expect(takeSample(items, 20, 7)).not.toEqual(takeSample(items, 20, 8));
  fc.assert(
    fc.property(fc.nat(300), fc.nat(), (count, seed) => {
      const sample = takeSample(items, count, seed);
      expect(sample).toHaveLength(Math.min(count, items.length));
      expect(new Set(sample).size).toBe(sample.length);
    }),
  );
});

test('the margin is that of a share: ten points of a hundred at a half, none where all were tried', () => {
  expect(marginPoints(50, 100, 1_000_000)).toBeCloseTo(9.8, 1);
  expect(marginPoints(50, 100, 100)).toBe(0);
  expect(marginPoints(0, 0, 100)).toBe(0);
});
