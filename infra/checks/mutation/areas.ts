import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript-6';

/** What is measured together: a room's or a procedure's cores and flows, held by the unit tests that mirror its place. */
export type Area = {
  /** The procedure's slug or the room's name; a slug that two domains have would be said with its domain. */
  readonly name: string;
  /** Its folder, from the root. */
  readonly folder: string;
  /** Its sources, from the root. */
  readonly files: readonly string[];
  /** Its unit tests, from the root. */
  readonly tests: readonly string[];
};

/**
 * What is left out of an area: how ports are made on AWS (contract tests hold it), what AWS must know (the packaged template
 * is held by oracles), contracts that are types alone.
 */
const wiring = /(^|\/)(deployment|ports|door|[a-z-]+-ports|[a-z-]+-on-aws)\.ts$|\/alarms(\.ts$|\/)/;

/** Rooms that are cores as a whole: their rule is purity, whatever they are called. */
const pureRooms = ['shared/core', 'shared/text'];

/** What is one thing and lies in several folders, with the tests of each of its places; no other area has it. */
const scattered = [
  {
    name: 'approvals',
    folder: 'shared/durable',
    files: ['shared/durable/approval*.ts', 'functions/capacity/storage-scaling/approve.ts'],
    tests: [
      'test/unit/shared/durable/approval*.test.ts',
      'test/unit/functions/capacity/storage-scaling/{approve,run.approval,run.blind,run.denied,run.opener,run.principals}*.test.ts',
    ],
  },
];

/** Every area of the product, from its folders: each that holds a `core/`, the pure rooms, and what is scattered. */
export function findAreas(root: string): readonly Area[] {
  const named = scattered.map(({ files, tests, ...area }) => ({
    ...area,
    files: globSync(files, { cwd: root }).sort(),
    tests: globSync(tests, { cwd: root }).sort(),
  }));
  const taken = new Set(named.flatMap(({ files }) => files));
  const whole = areasOfFolders(root).map((area) => ({ ...area, files: area.files.filter((file) => !taken.has(file)) }));
  return [...whole, ...named];
}

function areasOfFolders(root: string): readonly Area[] {
  const holders = globSync(['functions/*/*/core', 'shared/*/core'], { cwd: root }).map((path) => dirname(path));
  return [...pureRooms, ...holders].sort().map((folder) => ({
    name: nameOf(folder),
    folder,
    files: globSync('**/*.ts', { cwd: join(root, folder) })
      .map((path) => `${folder}/${path}`)
      .filter((path) => !wiring.test(path))
      .sort(),
    tests: globSync(`test/unit/${folder}/**/*.test.ts`, { cwd: root }).sort(),
  }));
}

/** `shared/acting` is `shared/acting`, `functions/kafka/read` is `kafka/read`, a procedure is its slug. */
const nameOf = (folder: string): string => folder.replace(/^functions\/(?!kafka\/)[^/]+\/|^functions\//, '');

/** The tests of an area whose imports reach a file, by the files' own imports. */
export function openReach(root: string): (test: string) => ReadonlySet<string> {
  const importsByFile = new Map<string, readonly string[]>();
  const importsOf = (file: string): readonly string[] => {
    const found = importsByFile.get(file);
    if (found !== undefined) return found;
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
    const imported = importedFiles
      .filter(({ fileName }) => fileName.startsWith('.') && fileName.endsWith('.ts'))
      .map(({ fileName }) => normalize(join(dirname(file), fileName)))
      .filter((path) => existsSync(join(root, path)));
    importsByFile.set(file, imported);
    return imported;
  };
  return (test) => {
    const reached = new Set<string>();
    const open = [test];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      open.push(...importsOf(file));
    }
    return reached;
  };
}
