import type * as z from 'zod';
import { atMs } from '../../../shared/text/plain-schemas.ts';

/** Where a time stands in a document: names, places of a tuple, and `*` for every item of a list. */
type TimePath = readonly (string | number)[];

export const showPath = (path: TimePath): string => path.join('.');

/** As Zod keeps what a schema was made of: the parts that may hold another schema. */
type Made = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly items?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
};
const madeOf = (schema: z.ZodType): Made => schema.def as unknown as Made;

/**
 * Every time that a document of a schema may hold.
 *
 * @returns `strangers` are numbers called a time whose schema is another one than `atMs`: no sweep would find them
 */
export function timesOf(schema: z.ZodType): {
  readonly times: readonly TimePath[];
  readonly strangers: readonly TimePath[];
} {
  const times: TimePath[] = [];
  const strangers: TimePath[] = [];
  const walk = (one: z.ZodType, path: TimePath): void => {
    if (one === atMs) {
      times.push(path);
      return;
    }
    const { type, shape, element, innerType, in: input, options = [], items = [], valueType } = madeOf(one);
    const name = path.findLast((step) => typeof step === 'string' && step !== '*');
    if (type === 'number' && typeof name === 'string' && /(?:^at|At|[sS]ince|From|To|[uU]ntil)Ms$/.test(name))
      strangers.push(path);
    for (const [key, value] of Object.entries(shape ?? {})) walk(value, [...path, key]);
    if (element !== undefined) walk(element, [...path, '*']);
    if (valueType !== undefined) walk(valueType, [...path, '*']);
    if (innerType !== undefined) walk(innerType, path);
    if (input !== undefined) walk(input, path);
    for (const option of options) walk(option, path);
    for (const [place, item] of items.entries()) walk(item, [...path, place]);
  };
  walk(schema, []);
  return { times: unique(times), strangers: unique(strangers) };
}

/** The options of a union may hold the same one. */
const unique = (paths: readonly TimePath[]): readonly TimePath[] => [
  ...new Map(paths.map((path) => [showPath(path), path])).values(),
];

/** The document with another time at a path, wherever it is there; undefined where it is nowhere. */
export function forge(document: unknown, path: TimePath, timeMs: number): unknown {
  let count = 0;
  const at = (value: unknown, depth: number): unknown => {
    const step = path[depth];
    if (step === undefined) {
      if (typeof value === 'number') count += 1;
      return typeof value === 'number' ? timeMs : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value))
      return value.map((item, index) => (step === '*' || step === index ? at(item, depth + 1) : item));
    const named = Object.entries(value);
    return Object.fromEntries(
      named.map(([key, item]) => [key, step === '*' || step === key ? at(item, depth + 1) : item]),
    );
  };
  const forged = at(document, 0);
  return count === 0 ? undefined : forged;
}
