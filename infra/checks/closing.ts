import type { PartResult } from './run-parts.ts';

const mostSlowest = 10;

const secondsOf = (seconds: number | undefined): string => (seconds === undefined ? '' : `${seconds.toFixed(1)} s`);

const tableOf = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** A part that fails without a failed test, as by a crash, counts as one: `0 failed` is never said of a failed check. */
const failedIn = ({ exitCode, tests }: PartResult): number => {
  const failedCount = tests?.failedCount ?? 0;
  return exitCode !== 0 && failedCount === 0 ? 1 : failedCount;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const describePart = (result: PartResult): readonly string[] => [
  result.name,
  secondsOf(result.tookSeconds),
  secondsOf(result.cpuSeconds),
  result.tests === undefined ? '' : `${result.tests.passedCount} passed`,
  failedIn(result) === 0 ? '' : `${failedIn(result)} failed`,
];

const totalOf = (results: readonly PartResult[], tookSeconds: number): readonly string[] => [
  'all',
  secondsOf(tookSeconds),
  results.some(({ cpuSeconds }) => cpuSeconds === undefined)
    ? ''
    : secondsOf(sum(results.map(({ cpuSeconds = 0 }) => cpuSeconds))),
];

const slowestOf = (results: readonly PartResult[]): readonly string[] => {
  const slowest = results
    .flatMap(({ tests }) => tests?.timed ?? [])
    .toSorted((left, right) => right.seconds - left.seconds)
    .slice(0, mostSlowest);
  if (slowest.length === 0) return [];
  return ['', 'The slowest:', ...slowest.map(({ name, seconds }) => `${secondsOf(seconds).padStart(9)}  ${name}`)];
};

/**
 * What is said at the end: how long each part took, the ten slowest tests, what failed. The last line is for
 * programs: `<n> passed, <n> failed`, of the tests of all parts.
 *
 * @property left names of the parts that did not run
 * @property tookSeconds of the whole, which is less than its parts together where they run side by side
 */
export const renderClosing = (
  results: readonly PartResult[],
  {
    left,
    seed,
    tookSeconds,
  }: { readonly left: readonly string[]; readonly seed: number; readonly tookSeconds: number },
): readonly string[] => {
  const failed = results.filter(({ exitCode }) => exitCode !== 0);
  return [
    ...tableOf([
      ['part', 'took', 'CPU', '', ''],
      ...results.map(describePart),
      ...(results.length > 1 ? [totalOf(results, tookSeconds)] : []),
    ]),
    ...slowestOf(results),
    '',
    `seed ${seed}: --seed ${seed} draws the same again`,
    ...failed.map(({ name, exitCode }) => `${name} failed: it ended with ${exitCode}`),
    ...(left.length === 0 ? [] : [`not run: ${left.join(', ')}`]),
    `${sum(results.map(({ tests }) => tests?.passedCount ?? 0))} passed, ${sum(results.map(failedIn))} failed`,
  ];
};
