import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { LocatedMistake, Mistake } from './mistake.ts';

/** Far above any real file: a hundred clusters with a hundred topics each stay below it. */
const maxCharacters = 1_000_000;
const maxAliases = 100;
/** One unclosed bracket makes hundreds of errors; after the first few they tell nothing. */
const maxSyntaxMistakes = 20;

export type YamlText = {
  /** Plain data; undefined where the text is no YAML. Of a key that stands twice, the last. */
  readonly data: unknown;
  readonly mistakes: readonly LocatedMistake[];
  readonly locate: (mistake: Mistake) => LocatedMistake;
};

const unreadable = (message: string): YamlText => {
  const locate = (mistake: Mistake) => ({ ...mistake, line: 1, column: 1 });
  return { data: undefined, mistakes: [locate({ path: [], message })], locate };
};

type PairsByMap = WeakMap<YAMLMap, Map<string, Pair>>;
type Problem = { readonly message: string; readonly offset: number };

const offsetOf = (node: unknown): number | undefined =>
  isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));

/** The pairs of every map by key, and the keys that stand twice; the parser's own check takes a minute on a long file. */
const indexPairs = (document: Document.Parsed): { pairsByMap: PairsByMap; repeated: Problem[] } => {
  const pairsByMap: PairsByMap = new WeakMap();
  const repeated: Problem[] = [];
  visit(document, {
    Map: (_, map) => {
      const pairs = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = keyOf(pair);
        if (pairs.has(key))
          repeated.push({ message: 'a key stands twice in one map', offset: offsetOf(pair.key) ?? 0 });
        else pairs.set(key, pair);
      }
      pairsByMap.set(map, pairs);
    },
  });
  return { pairsByMap, repeated };
};

/** Where the path's last key stands, or the nearest thing above it that is there. */
const findOffset = (contents: unknown, path: Mistake['path'], pairsByMap: PairsByMap): number => {
  let node = contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = pairsByMap.get(node)?.get(String(key));
      if (pair === undefined) break;
      offset = offsetOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = offsetOf(node) ?? offset;
    } else break;
  }
  return offset;
};

const describe = (error: unknown): string => {
  if (error instanceof RangeError) return 'is nested too deeply';
  if (error instanceof ReferenceError) {
    return `has too many aliases (more than ${maxAliases}), or one without its anchor`;
  }
  return `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`;
};

/** Reads YAML 1.2 of one document. Never throws: what is wrong with the text is in `mistakes`. */
export const readYaml = (text: string): YamlText => {
  if (text.length > maxCharacters) return unreadable(`is longer than ${maxCharacters} characters`);
  try {
    const lineCounter = new LineCounter();
    const options = { lineCounter, prettyErrors: false, stringKeys: true, uniqueKeys: false };
    const document = parseDocument(text, options);
    const place = (offset: number) => {
      const { line, col } = lineCounter.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, offset: pos[0] }));
    // The parser catches its own overflow, and calls it an error of the text.
    if (broken.some(({ message }) => message.includes('call stack'))) return unreadable('is nested too deeply');
    const { pairsByMap, repeated } = indexPairs(document);
    const locate = (mistake: Mistake) => ({
      ...mistake,
      ...place(findOffset(document.contents, mistake.path, pairsByMap)),
    });
    const tell = (problems: readonly Problem[]): LocatedMistake[] =>
      problems.slice(0, maxSyntaxMistakes).map(({ message, offset }) => ({ path: [], message, ...place(offset) }));
    if (broken.length > 0) return { data: undefined, mistakes: tell(broken), locate };
    const data: unknown = document.toJS({ maxAliasCount: maxAliases });
    if (data === null || data === undefined) return unreadable('is empty');
    return { data, mistakes: tell(repeated), locate };
  } catch (error) {
    return unreadable(describe(error));
  }
};
