import { LineCounter, parseDocument } from 'yaml';
import type { LocatedMistake, Mistake } from './mistake.ts';
import { indexDocument, type Problem } from './yaml-places.ts';

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

const describe = (error: unknown): string => {
  if (error instanceof RangeError) return 'is nested too deeply';
  // What has no anchor was found before.
  if (error instanceof ReferenceError) return `has too many aliases (more than ${maxAliases})`;
  return `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`;
};

/**
 * Reads YAML 1.2 of one document. Never throws: what is wrong with the text is in `mistakes`.
 */
export const readYaml = (text: string): YamlText => {
  if (text.length > maxCharacters) return unreadable(`is longer than ${maxCharacters} characters`);
  if (text.includes('\0')) return unreadable('has NUL characters: must be saved as UTF-8, and looks like UTF-16');
  try {
    const lineCounter = new LineCounter();
    const options = {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      resolveKnownTags: false,
    };
    const document = parseDocument(text, options);
    const place = (offset: number) => {
      const { line, col } = lineCounter.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, offset: pos[0] }));
    // The parser catches its own overflow, and calls it an error of the text.
    if (broken.some(({ message }) => message.includes('call stack'))) return unreadable('is nested too deeply');
    const { offsetOf, pathAt, repeated, anchorless } = indexDocument(document);
    const locate = (mistake: Mistake) => ({ ...mistake, ...place(offsetOf(mistake.path)) });
    const tell = (problems: readonly Problem[]): LocatedMistake[] =>
      problems
        .slice(0, maxSyntaxMistakes)
        .map(({ message, offset }) => ({ path: pathAt(offset), message, ...place(offset) }));
    if (broken.length > 0) return { data: undefined, mistakes: tell(broken), locate };
    if (anchorless.length > 0) return { data: undefined, mistakes: tell(anchorless), locate };
    const data: unknown = document.toJS({ maxAliasCount: maxAliases });
    if (data === null || data === undefined) return unreadable('is empty');
    return { data, mistakes: tell(repeated), locate };
  } catch (error) {
    return unreadable(describe(error));
  }
};
