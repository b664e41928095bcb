import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every document of the repository, as a path from its root. */
export const documentPaths: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }).sort(),
];

export const readDocument = (path: string): string => readFileSync(join(root, path), 'utf8');

const withoutFences = (markdown: string): string => markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
const withoutCode = (markdown: string): string => withoutFences(markdown).replaceAll(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives to headings: lower case, spaces as hyphens, a number behind the second of a name. */
export const anchorsOf = (markdown: string): readonly string[] => {
  const seen = new Map<string, number>();
  return [...withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
};

/** What a document links to within the repository: `docs/deploy.md#approvals`, `#undo`. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));

const folders = 'bench|cli|docs|functions|infra|local|presets|shared|test';
const pathPattern = new RegExp(`^(?:(?:${folders})/[\\w@./-]*|[\\w.-]+\\.(?:md|ts|json|yml|cjs))$`);

/**
 * Paths of the repository in backticks: `shared/core/units.ts`, `mskeeper.yml`. Those with a placeholder or a glob are
 * left out, and files named without a folder unless they lie at the root.
 */
export const pathsOf = (markdown: string): readonly string[] =>
  [...withoutFences(markdown).matchAll(/`([^`\n]+)`/g)]
    .map(([, text = '']) => text)
    .filter((text) => pathPattern.test(text) && (text.includes('/') || isAtRoot(text)));

/** A name alone may be of any folder, so only those that the root is known for are held to it. */
const isAtRoot = (name: string): boolean => /^[A-Z]+\.md$|^mskeeper\.|^package\.json$|^\.dependency-cruiser/.test(name);

/** npm scripts that a document tells somebody to run: `check:types`. */
export const scriptsOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);

/** Comments of a TypeScript file: whole blocks, and what stands behind `//` on lines that hold no text with it. */
export const commentsOf = (source: string): readonly string[] =>
  [...source.matchAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/ [^'"`\n]*$/gm)].map(([comment]) => comment);

/** Files that a text names: `shared/core/units.ts`, `retry.ts`, `docs/deploy.md`. */
export const filesOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w./<>*-])(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:ts|md)\b/g)].map(([file]) => file);

/** The file that a link of the document at `path` leads to, from the root. */
export const linkedFile = (path: string, target: string): string => {
  const [file = ''] = target.split('#');
  return file === '' ? path : relative(root, resolve(root, dirname(path), file));
};

/** What is wrong with a link of the document at `path`: undefined where its file and anchor are there. */
export const problemOfLink = (path: string, target: string): string | undefined => {
  const [, anchor] = target.split('#');
  const linked = linkedFile(path, target);
  if (!existsSync(join(root, linked))) return `${path}: ${target} leads to no file`;
  if (anchor === undefined || !linked.endsWith('.md')) return undefined;
  return anchorsOf(readDocument(linked)).includes(anchor) ? undefined : `${path}: ${target} leads to no heading`;
};
