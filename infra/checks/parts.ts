import { UsageError } from '../command-line.ts';

/** One step of `npm run check`: a script of package.json, and what it is given. */
export type Part = {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** What counts its tests: Vitest by our reporter, a drill by its report. Absent where it has none. */
  readonly counts?: 'vitest' | 'drill';
};

export type Choice = {
  /** What is sampled is drawn from it: kill points, random histories, the second drill. */
  readonly seed: number;
  readonly isDeep: boolean;
  /** Names of parts; none means all. */
  readonly only: readonly string[];
};

/** Static checks in the order of what they cost, then tests from the quickest kind to the slowest. */
const partsOf = ({ seed, isDeep }: Pick<Choice, 'seed' | 'isDeep'>): readonly Part[] => [
  { name: 'types', script: 'check:types', args: [] },
  { name: 'style', script: 'check:style', args: [] },
  { name: 'arrows', script: 'check:arrows', args: [] },
  { name: 'dead', script: 'check:dead', args: [] },
  { name: 'configuration', script: 'check:configuration', args: [] },
  { name: 'template', script: 'check:template', args: [] },
  { name: 'unit', script: 'test:unit', args: [], counts: 'vitest' },
  { name: 'contract', script: 'test:contract', args: [], counts: 'vitest' },
  { name: 'brokers', script: 'test:brokers', args: [], counts: 'vitest' },
  { name: 'packaged', script: 'test:packaged', args: [], counts: 'vitest' },
  { name: 'world', script: 'test:world', args: [], counts: 'vitest' },
  { name: 'drills', script: 'drill', args: isDeep ? ['--all'] : ['--seed', String(seed)], counts: 'drill' },
  ...(isDeep ? [{ name: 'judges', script: 'check:judges', args: [] }] : []),
  ...(isDeep ? [{ name: 'mutation', script: 'mutation', args: ['--seed', String(seed)] }] : []),
];

/** @throws UsageError for a part that there is not */
export const chooseParts = (choice: Choice): readonly Part[] => {
  const parts = partsOf(choice);
  const names = parts.map(({ name }) => name);
  const unknown = choice.only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`no part is called ${unknown}; there are ${names.join(', ')}`);
  return choice.only.length === 0 ? parts : parts.filter(({ name }) => choice.only.includes(name));
};
