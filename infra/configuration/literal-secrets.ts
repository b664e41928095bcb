import { type SecretShape, secretShapes } from '../../shared/text/secret-shapes.ts';
import type { Mistake } from './mistake.ts';

/**
 * What must not stand in a file that is committed and travels in bundles: passwords, tokens, keys, telephone numbers and
 * addresses of people. The file names parameters and secrets instead.
 */
const refusedShapes = secretShapes.filter(({ isRefused }) => isRefused);

/** Names that only ever hold a secret itself. `secretId`, `secret` (of a channel) and `parameter` hold names. */
const secretNames =
  /^(?:pass(?:word|wd|phrase)?|pwd|token|.*(?:[Aa]ccess|[Aa]pi|[Pp]rivate|[Ii]ntegration)[_-]?[Kk]ey|.*[Pp]assword|.*Token)$/;

/** No setting is longer than half of this, and a pattern's time must not grow with the square of a hostile text. */
const maxSearchedCharacters = 4096;

const findForbidden = (text: string, shapes: readonly SecretShape[]): string | undefined => {
  const searched = text.slice(0, maxSearchedCharacters);
  return shapes.find(({ pattern }) => searched.search(pattern) >= 0)?.what;
};

/** Places of topics, groups and endpoints: `clusters.orders.topics.critical[0].name`. */
const isNamePlace = ([root, , part, ...rest]: Mistake['path']): boolean =>
  root === 'clusters' && (part === 'topics' || part === 'groups' || (part === 'endpoints' && rest.at(-1) === 'name'));
/** A name that Kafka takes, or a pattern of such names: it may look like any key or token, and is what it says. */
const legalName = /^[A-Za-z0-9._*?-]{1,249}$/;
/** Settings that hold the name of a parameter or of a secret. */
const namesOfSecrets: ReadonlySet<unknown> = new Set(['parameter', 'secret', 'secretId']);

const shapesAt = (path: Mistake['path'], value: string): readonly SecretShape[] => {
  if (isNamePlace(path) && legalName.test(value)) return [];
  return namesOfSecrets.has(path.at(-1)) ? refusedShapes.filter(({ mayBeName }) => mayBeName !== true) : refusedShapes;
};

const refusal = (what: string): string =>
  `looks like ${what}: keep it in Secrets Manager or as a parameter, and write its name here`;

/** Everywhere else a number is a count, an id or a threshold. */
const isTelephonePlace = ([root]: Mistake['path']): boolean => root === 'channels' || root === 'contacts';
/** Without quotes it is a number in YAML: E.164 has 15 digits at most. */
const isTelephoneNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 1e9 && value < 1e15;

const describeScalar = (path: Mistake['path'], value: string | number): string | undefined => {
  const key = path.at(-1);
  if (typeof key === 'string' && secretNames.test(key)) return 'a password, key or token';
  if (typeof value !== 'string')
    return isTelephonePlace(path) && isTelephoneNumber(value) ? 'a telephone number' : undefined;
  return findForbidden(value, shapesAt(path, value));
};

const walk = (value: unknown, path: readonly (string | number)[]): Mistake[] => {
  if (typeof value === 'string' || typeof value === 'number') {
    const what = describeScalar(path, value);
    return what === undefined ? [] : [{ path, message: refusal(what) }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key]));
};

/** Finds literal secrets in the values of parsed YAML, wherever they stand. Messages never repeat them. */
export const findLiteralSecrets = (data: unknown): Mistake[] => walk(data, []);

const plainShapes = refusedShapes.filter(({ isPlainly }) => isPlainly === true);

/**
 * Finds literal secrets in comments, which are committed too: the lines, counted from 1. A comment is prose, and a setting that
 * is commented out is no value: only what is a secret by its own letters counts (a PEM header, a key of AWS, a vendor's token).
 */
export const findSecretsInComments = (text: string): { readonly line: number; readonly message: string }[] =>
  text.split('\n').flatMap((line, index) => {
    const comment = /(?:^|\s)#(?<comment>.*)$/.exec(line)?.groups?.comment;
    const what = comment === undefined ? undefined : findForbidden(comment.trim(), plainShapes);
    return what === undefined ? [] : [{ line: index + 1, message: refusal(what) }];
  });
