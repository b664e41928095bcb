/**
 * JSON text that is the same for the same data: keys sorted, properties without a value left out, the order of lists kept.
 *
 * @returns undefined for what is no plain JSON (NaN, bigint, Date, Map, function …): it must not look equal to anything
 */
export function canonicalJson(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (Array.isArray(value)) return join(value.map(canonicalJson), '[', ']');
  if (typeof value !== 'object' || !isPlain(value)) return undefined;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return join(
    entries.map(([key, item]) => {
      const text = canonicalJson(item);
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
    }),
    '{',
    '}',
  );
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const join = (parts: readonly (string | undefined)[], open: string, close: string): string | undefined =>
  parts.includes(undefined) ? undefined : `${open}${parts.join(',')}${close}`;
