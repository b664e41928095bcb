import { textShapes } from './redaction-shapes.ts';

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

/** The text without secrets; the same text where there is none. Applying it twice changes nothing more. */
export function redactText(text: string): string {
  if (text.length < 6) return text;
  let redacted = text;
  for (const { pattern, replacement } of textShapes) redacted = redacted.replace(pattern, replacement);
  return redacted;
}

/**
 * A copy of plain data without secrets: objects, arrays, maps and sets (as objects and arrays), errors (as name,
 * message, cause). Numbers, bigints and booleans are kept, except under a sensitive name. Circles become `[circular]`,
 * bytes their length. Keys are redacted too; two keys that become equal are told apart by a number.
 */
export function redactValue(value: unknown): unknown {
  return redactAt(value, []);
}

/** As redactValue, for a record at the top. */
export const redactRecord = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  redactEntries(Object.entries(record), [record]);

function redactAt(value: unknown, ancestors: readonly object[]): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  const path = [...ancestors, value];
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redactAt(item, path));
  if (value instanceof Set) return [...value].map((item) => redactAt(item, path));
  if (value instanceof Map)
    return redactEntries(
      [...value].map(([key, item]) => [String(key), item]),
      path,
    );
  if (value instanceof Error) return redactAt(describeError(value), path);
  if (value instanceof URL) return redactText(value.href);
  return redactEntries(Object.entries(value), path);
}

function redactEntries(
  entries: readonly (readonly [string, unknown])[],
  path: readonly object[],
): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    const name = freeName(redactText(key), redacted);
    // Object.defineProperty, since a plain assignment to `__proto__` would vanish.
    Object.defineProperty(redacted, name, {
      value: isSensitiveKey(key) && !isHarmless(item) ? mark : redactAt(item, path),
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
