import type { Mistake } from './mistake.ts';

/**
 * What must not stand in a file that is committed and travels in bundles: passwords, tokens, keys, telephone numbers and
 * addresses of people. The file names parameters and secrets instead.
 */
const forbiddenTexts: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key or certificate', pattern: /-----BEGIN [A-Z ]+-----/ },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA)[A-Z0-9]{16}\b/ },
  {
    what: 'an AWS secret key',
    pattern: /(?<![\w/+=-])(?!\/)(?=[\w/+]*[a-z])(?=[\w/+]*[A-Z])(?=[\w/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/,
  },
  { what: 'a token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/ },
  { what: 'a token', pattern: /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|sk_live_|sk-|npm_)[\w-]{16,}/ },
  { what: 'a token', pattern: /\b[Bb]earer +[\w.~+/-]{8,}/ },
  { what: 'a webhook address, which is a token', pattern: /hooks\.slack\.com\/(?:services|workflows)\/\w+/ },
  { what: 'an integration key', pattern: /(?<![\w/-])[0-9a-f]{32,}(?![\w-])/i },
  { what: 'a password in an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i },
  {
    what: 'a password or token',
    pattern: /(?<![:\w])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key)\s*[=:]\s*[^\s=]/i,
  },
  { what: 'an e-mail address', pattern: /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/i },
  { what: 'a telephone number', pattern: /(?<![\w+])(?:\+|00)[1-9]\d{0,2}[\s().-]*\d(?:[\s().-]*\d){5,12}(?!\w)/ },
  { what: 'a telephone number', pattern: /^\(?\d{2,5}\)?[\s.-]\d{2,4}[\s.-]\d{3,5}(?:[\s.-]\d{2,5})?$/ },
];

/** Names that only ever hold a secret itself. `secretId`, `secret` (of a channel) and `parameter` hold names. */
const secretNames =
  /^(?:pass(?:word|wd|phrase)?|pwd|token|.*(?:[Aa]ccess|[Aa]pi|[Pp]rivate|[Ii]ntegration)[_-]?[Kk]ey|.*[Pp]assword|.*Token)$/;

/** No setting is longer than half of this, and a pattern's time must not grow with the square of a hostile text. */
const maxSearchedCharacters = 4096;

const findForbidden = (text: string): string | undefined => {
  const searched = text.slice(0, maxSearchedCharacters);
  return forbiddenTexts.find(({ pattern }) => pattern.test(searched))?.what;
};

const refusal = (what: string): string =>
  `looks like ${what}: keep it in Secrets Manager or as a parameter, and write its name here`;

const describeScalar = (path: Mistake['path'], value: string | number | bigint): string | undefined => {
  const key = path.at(-1);
  if (typeof key === 'string' && secretNames.test(key)) return 'a password, key or token';
  // A telephone number without quotes is a number in YAML; nothing but a threshold counts in billions here.
  if (typeof value !== 'string') return path[0] !== 'policy' && value >= 1e9 ? 'a telephone number' : undefined;
  return findForbidden(value);
};

const walk = (value: unknown, path: readonly (string | number)[]): Mistake[] => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    const what = describeScalar(path, value);
    return what === undefined ? [] : [{ path, message: refusal(what) }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key]));
};

/** Finds literal secrets in the values of parsed YAML, wherever they stand. Messages never repeat them. */
export const findLiteralSecrets = (data: unknown): Mistake[] => walk(data, []);

/** Finds literal secrets in comments, which are committed too: the lines, counted from 1. */
export const findSecretsInComments = (text: string): { readonly line: number; readonly message: string }[] =>
  text.split('\n').flatMap((line, index) => {
    const comment = /(?:^|\s)#(?<comment>.*)$/.exec(line)?.groups?.comment;
    const what = comment === undefined ? undefined : findForbidden(comment.trim());
    return what === undefined ? [] : [{ line: index + 1, message: refusal(what) }];
  });
