import { secretShapes } from './secret-shapes.ts';

/**
 * Removes what must not leave a run: tokens, passwords, PEM blocks, AWS keys, Authorization headers, SASL messages,
 * telephone numbers and e-mail addresses. Applied to every log line, event, notification, report, backup and error.
 * It works by the name of a key and by the shape of a text, so an unknown secret without name or shape passes: secrets
 * are kept out in the first place, this is the second lock. A record keyed by names from the cluster loses the value of
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
 * @param names identifiers that are left as they are wherever they stand; see `namesIn`
 */
export function redactText(text: string, names: readonly string[] = []): string {
  const [name, ...others] = names;
  if (name !== undefined && text.includes(name)) {
    return text
      .split(name)
      .map((piece) => redactText(piece, others))
      .join(name);
  }
  if (name !== undefined) return redactText(text, others);
  if (text.length < 6) return text;
  let redacted = text;
  for (const { pattern, replacement } of secretShapes)
    if (replacement !== undefined) redacted = redacted.replace(pattern, replacement);
  return redacted;
}

/**
 * A copy of plain data without secrets: objects, arrays, maps and sets (as objects and arrays), errors (as name,
 * message, cause). Numbers, bigints and booleans are kept, except under a sensitive name. Circles become `[circular]`,
 * bytes their length. Keys are redacted too; two keys that become equal are told apart by a number.
 */
export function redactValue(value: unknown): unknown {
  return redactAt(value, [], namesIn(value));
}

/** As redactValue, for a record at the top. */
export const redactRecord = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  redactEntries(Object.entries(record), [record], namesIn(record));

/** What a subject is about, where Kafka lets its users choose the name: the subject of a finding, or of a change's key. */
const namedSubject = /^(?:[a-z-]+\|)?(?:topic|group) (?<name>.+)$/s;

/** Fields that hold names which Kafka's users chose, in the target of an act, in evidence, in a request for approval. */
const nameField = /^(?:topic|group|topicName|groupId|clientId|principal)s?$/;

/**
 * Names of topics and groups that a document is about, as far as redaction would take them for secrets: names are
 * identifiers, which people and programs must find again by the letter. They are read where documents say what they are
 * about (`subject`, `key`, and fields for names), never guessed from a text; the longest first, since one may begin as
 * another does.
 */
export function namesIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  collectNames(value, names, []);
  return [...names].toSorted((left, right) => right.length - left.length);
}

function collectNames(value: unknown, names: Set<string>, ancestors: readonly object[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Verbatim || ancestors.includes(value)) return;
  const path = [...ancestors, value];
  const items: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? [...value] : value instanceof Set ? [...value].entries().toArray() : Object.entries(value);
  for (const [key, item] of items) {
    if (typeof item === 'object') collectNames(item, names, path);
    for (const name of namesAt(key, item)) if (isTakenForSecret(name, item)) names.add(name);
  }
}

function namesAt(key: unknown, item: unknown): readonly string[] {
  if (typeof key !== 'string') return [];
  if (nameField.test(key)) return [item].flat().filter((name) => typeof name === 'string');
  if (typeof item !== 'string' || (key !== 'subject' && key !== 'key')) return [];
  const name = namedSubject.exec(item)?.groups?.name;
  return name === undefined ? [] : [name];
}

/** By itself, or with the words before it. */
const isTakenForSecret = (name: string, item: unknown): boolean =>
  name !== '' && (redactText(name) !== name || (typeof item === 'string' && redactText(item) !== item));

function redactAt(value: unknown, ancestors: readonly object[], names: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, names);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Verbatim) return value.value;
  if (ancestors.includes(value)) return '[circular]';
  const path = [...ancestors, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redactAt(item, path, names));
  if (value instanceof Set) return [...value].map((item) => redactAt(item, path, names));
  if (value instanceof Map)
    return redactEntries(
      [...value].map(([key, item]) => [String(key), item]),
      path,
      names,
    );
  if (value instanceof Error) return redactAt(describeError(value), path, names);
  if (value instanceof URL) return redactText(value.href);
  return redactEntries(Object.entries(value), path, names);
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

/** An error as plain data: name, message, what our errors know (`call`, `failure`), code, and its causes. */
export function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: 'NotAnError', message: String(error) };
  const described: Record<string, unknown> = { name: error.name, message: error.message };
  for (const key of ['call', 'failure', 'code']) {
    const known: unknown = Reflect.get(error, key);
    if (typeof known === 'string') described[key] = known;
  }
  if (error.cause !== undefined && depth < 5) described.cause = describeError(error.cause, depth + 1);
  return described;
}
