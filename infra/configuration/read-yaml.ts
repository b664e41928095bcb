import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { LocatedMistake, Mistake } from './mistake.ts';

/** Far above any real file: a hundred clusters with a hundred topics each stay below it. */
const maxCharacters = 1_000_000;
const maxAliases = 100;

export type YamlText = {
  /** Plain data; undefined where the text is no YAML. */
  readonly data: unknown;
  readonly mistakes: readonly LocatedMistake[];
  readonly locate: (mistake: Mistake) => LocatedMistake;
};

const unreadable = (message: string): YamlText => {
  const locate = (mistake: Mistake) => ({ ...mistake, line: 1, column: 1 });
  return { data: undefined, mistakes: [locate({ path: [], message })], locate };
};

type Range = readonly [number, number, number] | null | undefined;

/** Where the path's last key stands, or the nearest thing above it that is there. */
const findOffset = (contents: unknown, path: readonly (string | number)[]): number => {
  let node = contents;
  let offset = 0;
  for (const key of path) {
    let range: Range;
    if (isMap(node)) {
      const pair = node.items.find(({ key: item }) => isScalar(item) && String(item.value) === String(key));
      if (pair === undefined) break;
      range = isScalar(pair.key) ? pair.key.range : undefined;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(key)];
      range = isScalar(item) || isMap(item) || isSeq(item) ? item.range : undefined;
      node = item;
    } else break;
    offset = range?.[0] ?? offset;
  }
  return offset;
};

const describe = (error: unknown): string => {
  if (error instanceof RangeError) return 'is nested too deeply';
  if (error instanceof ReferenceError)
    return `has too many aliases (more than ${maxAliases}), or one without its anchor`;
  return `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`;
};

/** Reads YAML 1.2 of one document. Never throws: what is wrong with the text is in `mistakes`. */
export const readYaml = (text: string): YamlText => {
  if (text.length > maxCharacters) return unreadable(`is longer than ${maxCharacters} characters`);
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const problems = [...document.errors, ...document.warnings];
    const place = (offset: number) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    const locate = (mistake: Mistake) => ({ ...mistake, ...place(findOffset(document.contents, mistake.path)) });
    if (problems.length > 0) {
      const mistakes = problems.map(({ message, pos }) => ({ path: [], message, ...place(pos[0]) }));
      return { data: undefined, mistakes, locate };
    }
    const data: unknown = document.toJS({ maxAliasCount: maxAliases });
    if (data === null || data === undefined) return unreadable('is empty');
    return { data, mistakes: [], locate };
  } catch (error) {
    return unreadable(describe(error));
  }
};
