import { printable, printableJson } from '../../shared/text/printable.ts';

/** One thing wrong in a configuration file, at a path of keys and indexes. `message` never repeats the value. */
export type Mistake = { readonly path: readonly (string | number)[]; readonly message: string };

/** A mistake with its place in the text; lines and columns count from 1. */
export type LocatedMistake = Mistake & { readonly line: number; readonly column: number };

/** `clusters.orders.topics.critical[0].name`; the whole file is `(file)`. */
export const formatPath = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = /^[\w-]+$/.test(key) ? key : printableJson(JSON.stringify(key));
    return text === '' ? name : `${text}.${name}`;
  }, '') || '(file)';

/** `mskeeper.yml:12:5  clusters.orders.region  is not the Region of its ARN`, one a line, in the file's order. */
export const formatMistakes = (file: string, mistakes: readonly LocatedMistake[]): string =>
  mistakes
    .map(({ path, message, line, column }) => `${file}:${line}:${column}  ${formatPath(path)}  ${printable(message)}`)
    .join('\n');
