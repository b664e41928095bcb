import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { scenarios } from '../../../local/drill/scenarios/scenarios.ts';
import {
  anchorsOf,
  commentsOf,
  documentPaths,
  filesOf,
  linkedFile,
  linksOf,
  pathsOf,
  problemOfLink,
  readDocument,
  root,
  scriptsOf,
} from '../../support/documents.ts';

const packageFile: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const scriptNames = (): readonly string[] => {
  const scripts: unknown =
    typeof packageFile === 'object' && packageFile !== null && Reflect.get(packageFile, 'scripts');
  return typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : [];
};

describe.each(documentPaths)('%s', (path) => {
  const text = readDocument(path);

  test('every link leads to a file and a heading that are there', () => {
    expect(linksOf(text).flatMap((target) => problemOfLink(path, target) ?? [])).toEqual([]);
  });

  test('every path in backticks is there', () => {
    expect(pathsOf(text).filter((named) => !existsSync(join(root, named)))).toEqual([]);
  });

  test('every npm script, command of mskeeper and drill that it tells to run is there', () => {
    const names = scriptNames();
    expect(scriptsOf(text).filter((script) => !names.includes(script))).toEqual([]);
    const asked = [...text.matchAll(/npm run mskeeper -- ([a-z]+)/g)].map(([, command = '']) => command);
    expect(asked.filter((command) => !Object.hasOwn(commands, command))).toEqual([]);
    const drills = [...text.matchAll(/npm run drill -- ([a-z][a-z-]*)/g)].map(([, drill = '']) => drill);
    expect(drills.filter((drill) => scenarios.every(({ name }) => name !== drill))).toEqual([]);
  });
});

test('every document is reached from README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const target of linksOf(readDocument(path))) {
      const linked = linkedFile(path, target);
      if (linked.endsWith('.md') && existsSync(join(root, linked))) reached.add(linked);
    }
  }
  expect(documentPaths.filter((path) => !reached.has(path))).toEqual([]);
});

describe('comments', () => {
  const sources = globSync('{functions,shared,infra,cli,local,bench,test}/**/*.ts', { cwd: root });
  const names = new Set([...sources, ...documentPaths].map((path) => basename(path)));

  test('name no file that is gone', () => {
    const gone = sources.flatMap((path) =>
      commentsOf(readDocument(path)).flatMap((comment) =>
        filesOf(comment)
          .filter((file) => (file.includes('/') ? !existsSync(join(root, file)) : !names.has(file)))
          .map((file) => `${path}: ${file}`),
      ),
    );
    expect(sources.length).toBeGreaterThan(500);
    expect(gone).toEqual([]);
  });
});

describe('the reader of documents', () => {
  const page = [
    '# A person’s yes: *why*?',
    '',
    'See [there](docs/glossary.md), [here](#same), [out](https://example.org/#x) and `[no](link.md)`.',
    '',
    '```',
    '# no heading, [no link](nowhere.md), `docs/nowhere.md`',
    '```',
    '',
    '## Same',
    '## Same',
    '`shared/core/units.ts`, `functions/<domain>/`, `presets/*.yml`, `mskeeper.yml`, `handler.ts`, `a / b`, `s3/key.json`',
  ].join('\n');

  test('names headings as GitHub does', () => {
    expect(anchorsOf(page)).toEqual(['a-persons-yes-why', 'same', 'same-1']);
  });

  test('finds links within the repository, and none in code', () => {
    expect(linksOf(page)).toEqual(['docs/glossary.md', '#same']);
  });

  test('finds paths, and leaves placeholders, globs and names of any folder out', () => {
    expect(pathsOf(page)).toEqual(['shared/core/units.ts', 'mskeeper.yml']);
  });

  test('finds the files that comments name, whole paths and bare names, and none in code', () => {
    const source =
      "import { a } from './gone.ts';\n/** See shared/core/units.ts\n * and retry.ts. */\nconst b = 1; // docs/deploy.md\n";
    expect(commentsOf(source).flatMap(filesOf)).toEqual(['shared/core/units.ts', 'retry.ts', 'docs/deploy.md']);
  });

  test('says what is wrong with a link', () => {
    expect(problemOfLink('README.md', 'docs/nowhere.md')).toBe('README.md: docs/nowhere.md leads to no file');
    expect(problemOfLink('docs/runbook/acting.md', '../deploy.md#nowhere')).toBe(
      'docs/runbook/acting.md: ../deploy.md#nowhere leads to no heading',
    );
    expect(problemOfLink('docs/runbook/acting.md', '../deploy.md#approvals')).toBeUndefined();
  });
});
