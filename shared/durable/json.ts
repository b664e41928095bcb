import { isDeepStrictEqual } from 'node:util';

/**
 * What a step gives back is kept as JSON. What JSON would change without a word (a bigint, a date, a map, NaN, a class) is
 * a defect of the step, found at its first run and not at a replay weeks later. A property that is undefined may go.
 *
 * @param where the step's name, for the error
 * @returns the value as every replay will see it
 * @throws TypeError naming the step
 */
export function keepAsJson<Value>(where: string, value: Value): Value {
  if (value === undefined) return value;
  const refused = () => new TypeError(`${where}: a step's value must be plain JSON, and this one is not`);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(refused().message, { cause });
  }
  if (text === undefined) throw refused();
  const kept: unknown = JSON.parse(text);
  if (!isDeepStrictEqual(withoutUndefined(value), kept)) throw refused();
  // The comparison above is the proof that this is the value's own shape.
  return kept as Value;
}

/** Plain objects lose what is undefined; anything else stays what it is, so that the comparison sees it. */
function withoutUndefined(value: unknown): unknown {
  // Zero below nothing is zero, and JSON says so; no step's caller asks for more.
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])),
  );
}
