/**
 * Reading a value of which nothing is known: what is thrown or rejected can be anything. A getter that throws, a proxy that
 * refuses or an object without `toString` is said, and ends no reading.
 */
export const unreadable = '[unreadable]';

/** What `read` gives, or that it cannot be read. */
export const attempt = <Value>(read: () => Value): Value | typeof unreadable => {
  try {
    return read();
  } catch {
    return unreadable;
  }
};

/** Any value in words, as `String` says it where it can. */
export const textOfAny = (value: unknown): string => attempt(() => String(value));

/** Whether it is an error: a proxy may refuse to say. */
export const isError = (value: unknown): value is Error => attempt(() => value instanceof Error) === true;

/** A text under a key of an object; undefined where there is none or it cannot be read. */
export const textAtKey = (value: object, key: string): string | undefined => {
  const text = attempt((): unknown => Reflect.get(value, key));
  return typeof text === 'string' ? text : undefined;
};

/** Longer lists of the same kind are mostly holes. */
const longestList = 1_000_000;

/** Items of a list, holes as undefined. */
export const itemsOfAny = (list: readonly unknown[]): readonly unknown[] =>
  list.length > longestList
    ? [`[a list of ${list.length}]`]
    : Array.from({ length: list.length }, (_, index) => attempt((): unknown => list[index]));

/** Keys and values of an object, in their order. */
export const entriesOfAny = (value: object): readonly (readonly [string, unknown])[] =>
  Object.keys(value).map((key) => [key, attempt((): unknown => Reflect.get(value, key))]);

/** Keys and values of a map, keys in words. */
export const entriesOfMap = (map: ReadonlyMap<unknown, unknown>): readonly (readonly [string, unknown])[] =>
  [...map].map(([key, item]) => [textOfAny(key), item]);
