import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, visit, type YAMLMap } from 'yaml';
import type { Mistake } from './mistake.ts';

/** Something wrong with the text itself, where it stands. */
export type Problem = { readonly message: string; readonly offset: number };

/** Which path stands where in a text, and what only the tree of the text shows. */
export type Places = {
  /** Where the path's last key stands, or the nearest thing above it that is there. */
  readonly offsetOf: (path: Mistake['path']) => number;
  /** The innermost setting that reaches over an offset; empty outside of all. */
  readonly pathAt: (offset: number) => Mistake['path'];
  readonly repeated: readonly Problem[];
  /** Aliases that name nothing: where one stands there are no data. */
  readonly anchorless: readonly Problem[];
};

type PairsByMap = WeakMap<YAMLMap, Map<string, Pair>>;

const rangeOf = (node: unknown): readonly number[] =>
  (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined) ?? [];

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));

const findOffset = (contents: unknown, path: Mistake['path'], pairsByMap: PairsByMap): number => {
  let node = contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = pairsByMap.get(node)?.get(String(key));
      if (pair === undefined) break;
      offset = rangeOf(pair.key)[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = rangeOf(node)[0] ?? offset;
    } else break;
  }
  return offset;
};

/** From the key, or the item, to the end of the value. */
const reachesOver = (offset: number, start: readonly number[], value: readonly number[]): boolean => {
  const [from = Number.POSITIVE_INFINITY] = start;
  return offset >= from && offset <= (value[1] ?? start[1] ?? from);
};

const findPath = (contents: unknown, offset: number): Mistake['path'] => {
  const path: (string | number)[] = [];
  let node = contents;
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.find((one) => reachesOver(offset, rangeOf(one.key), rangeOf(one.value)));
      if (pair === undefined) return path;
      path.push(keyOf(pair));
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findIndex((item) => reachesOver(offset, rangeOf(item), rangeOf(item)));
      if (index < 0) return path;
      path.push(index);
      node = node.items[index];
    } else return path;
  }
};

/** Indexes the pairs of every map by key; the parser's own check for keys that stand twice takes a minute on a long file. */
export const indexDocument = (document: Document.Parsed): Places => {
  const pairsByMap: PairsByMap = new WeakMap();
  const repeated: Problem[] = [];
  const anchorless: Problem[] = [];
  const anchors = new Set<string>();
  const note = (node: { readonly anchor?: string | undefined }): void => {
    if (node.anchor !== undefined) anchors.add(node.anchor);
  };
  visit(document, {
    // An alias sees the anchors above it alone, and the visit goes in the text's order.
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return;
      anchorless.push({ message: 'is an alias (*) without its anchor (&) above it', offset: rangeOf(alias)[0] ?? 0 });
    },
    Scalar: (_, scalar) => note(scalar),
    Seq: (_, seq) => note(seq),
    Map: (_, map) => {
      note(map);
      const pairs = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = keyOf(pair);
        if (pairs.has(key)) repeated.push({ message: 'stands twice in one map', offset: rangeOf(pair.key)[0] ?? 0 });
        else pairs.set(key, pair);
      }
      pairsByMap.set(map, pairs);
    },
  });
  return {
    offsetOf: (path) => findOffset(document.contents, path, pairsByMap),
    pathAt: (offset) => findPath(document.contents, offset),
    repeated,
    anchorless,
  };
};
