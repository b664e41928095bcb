import {
  attempt,
  entriesOfAny,
  entriesOfMap,
  isError,
  itemsOfAny,
  textAtKey,
  textOfAny,
  unreadable,
} from './any-value.ts';
import { maskNames, namesIn } from './names.ts';
import { secretShapes } from './secret-shapes.ts';

/**
 * Removes what must not leave a run: tokens, passwords, PEM blocks, AWS keys, Authorization headers, SASL messages,
 * telephone numbers and e-mail addresses. The words of others (AWS, Kafka, a person) pass it where they come in, without any
 * name that would be spared; every log line, event, notification, report and audit document once more as it leaves, with the
 * names that it says of itself. It works by the name of a key and by the shape of a text, so an unknown secret without name
 * or shape passes: secrets are kept out in the first place, this is the second lock. A record keyed by names from the cluster loses the value of
 * a topic called `payment-tokens`: keep such records as lists of pairs.
 */
const mark = '[redacted]';

const sensitiveName =
  /pass(word|wd|phrase|code)|^pwd$|secret|token|authorization|cookie|apikey|(access|private|routing|integration)key|credential|^sasl|jaas|phone|mobile|msisdn|e?mail(address)?$|^p8|pem$/;
/** Names of secrets, and numbers about them, are not secret. */
const aboutASecret =
  /(secret|token|credential|key|parameter|phone|mail)s?(id|ids|arn|name|count|ms|seconds|days|percent|kind|parameter|expiresat|rotatedat)$/;

const isSensitiveKey = (key: string): boolean => {
  const name = key.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  return sensitiveName.test(name) && !aboutASecret.test(name);
};

/** What `verbatim` marks. */
class Verbatim {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * Marks what is made of identifiers and numbers alone, so that redaction leaves it as it is: names of topics, groups and
 * brokers must be found again by the letter, and a name may look like any secret. Nothing with free text in it (messages
 * of AWS, of Kafka or of a person) may be marked.
 */
export const verbatim = (value: object): object => new Verbatim(value);

/**
 * The text without secrets; the same text where there is none. Applying it twice changes nothing more.
 *
 * @param names identifiers that are left where they stand whole, the longest first; see `namesIn`
 */
export function redactText(text: string, names: readonly string[] = []): string {
  const redacted = redactShapes(text);
  if (redacted === text || names.length === 0) return redacted;
  if (names.includes(text)) return text;
  const { masked, restore } = maskNames(text, names);
  return masked === text ? redacted : restore(redactShapes(masked));
}

/** Most keys and many values: no shape matches so few letters of which the first is a small one. */
const plainWord = /^[a-z][A-Za-z]{0,30}$/;

function redactShapes(text: string): string {
  if (text.length < 6 || plainWord.test(text)) return text;
  let redacted = text;
  for (const { pattern, replacement } of secretShapes)
    if (replacement !== undefined) redacted = redacted.replace(pattern, replacement);
  return redacted;
}

/**
 * Those of the names which redaction would take out of a document, or take for a part of a secret: what the document must
 * say of itself under `names`, so that it stays whole. Mostly none.
 *
 * @param names everything that the document's sentences may name
 */
export function namesToSay(document: unknown, names: readonly string[]): readonly string[] {
  const changed: string[] = [];
  attempt(() => collectChanged(document, changed, []));
  const isNeededIn = (name: string) => (text: string) =>
    text.includes(name) && redactText(text, [name]) !== redactText(text);
  return names.filter((name) => changed.some(isNeededIn(name)));
}

function collectChanged(value: unknown, changed: string[], ancestors: readonly object[]): void {
  if (typeof value === 'string' && redactText(value) !== value) changed.push(value);
  if (typeof value !== 'object' || value === null || ancestors.includes(value) || ancestors.length >= deepest) return;
  for (const [, item] of entriesOfAny(value)) collectChanged(item, changed, [...ancestors, value]);
}

/**
 * A copy of plain data without secrets: objects, arrays, maps and sets (as objects and arrays), errors (as name,
 * message, cause). Numbers, bigints and booleans are kept, except under a sensitive name. Circles become `[circular]`,
 * bytes their length. Keys are redacted too; two keys that become equal are told apart by a number. It never throws: what
 * cannot be read says so, and what lies deeper than any document of ours is left out.
 */
export function redactValue(value: unknown): unknown {
  return redactAt(value, [], namesIn(value));
}

/** As redactValue, for a record at the top. */
export const redactRecord = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  redactEntries(entriesOfAny(record), [record], namesIn(record));

/** No document of ours comes near. */
const deepest = 100;

const redactAt = (value: unknown, ancestors: readonly object[], names: readonly string[]): unknown =>
  attempt(() => redactAny(value, ancestors, names));

function redactAny(value: unknown, ancestors: readonly object[], names: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, names);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Verbatim) return value.value;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= deepest) return '[too deep]';
  const path = [...ancestors, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : redactText(value.toISOString());
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return itemsOfAny(value).map((item) => redactAt(item, path, names));
  if (value instanceof Set) return [...value].map((item) => redactAt(item, path, names));
  if (value instanceof Map) return redactEntries(entriesOfMap(value), path, names);
  if (value instanceof Error) return redactAt(describeError(value), path, names);
  if (value instanceof URL) return redactText(value.href);
  return redactEntries(entriesOfAny(value), path, names);
}

function redactEntries(
  entries: readonly (readonly [string, unknown])[],
  path: readonly object[],
  names: readonly string[],
): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    const name = freeName(redactText(key, names), redacted);
    // Object.defineProperty, since a plain assignment to `__proto__` would vanish.
    Object.defineProperty(redacted, name, {
      value: isSensitiveKey(key) && !isHarmless(item) ? mark : redactAt(item, path, names),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return redacted;
}

const isHarmless = (item: unknown): boolean => item === undefined || item === null || typeof item === 'boolean';

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  if (!Object.hasOwn(taken, wanted)) return wanted;
  let suffix = 2;
  while (Object.hasOwn(taken, `${wanted} #${suffix}`)) suffix += 1;
  return `${wanted} #${suffix}`;
}

/** An error as plain data: name, message, what our errors know (`call`, `failure`), code, and its causes. Never throws. */
export function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!isError(error)) return { name: 'NotAnError', message: textOfAny(error) };
  const described: Record<string, unknown> = {
    name: textAtKey(error, 'name') ?? 'Error',
    message: textAtKey(error, 'message') ?? unreadable,
  };
  for (const key of ['call', 'failure', 'code']) {
    const known = textAtKey(error, key);
    if (known !== undefined) described[key] = known;
  }
  const cause = attempt((): unknown => error.cause);
  if (cause !== undefined && depth < 5) described.cause = describeError(cause, depth + 1);
  return described;
}
