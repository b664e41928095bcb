import * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import { listIssues } from '../text/issues.ts';

/** Checks an answer's shape. @throws DependencyError `bad-answer` that lists what is wrong, values not quoted */
export function parseAnswer<Value>(call: string, schema: z.ZodType<Value>, answer: unknown): Value {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new DependencyError(call, 'bad-answer', `bad answer: ${listIssues(parsed.error.issues).join('; ')}`);
}

/** A time as the SDK gives it, in milliseconds. */
export const timeMs = z.date().transform((time, context) => {
  const atMs = time.getTime();
  if (!Number.isNaN(atMs)) return atMs;
  context.addIssue({ code: 'custom', message: 'Invalid input: expected a time' });
  return z.NEVER;
});

/**
 * A field that may be left out; what cannot be read counts as left out. Of a list's item every field is one: an odd item is
 * kept with what can be read of it, and never spoils the others.
 */
export const ifReadable = <Schema extends z.ZodType>(field: Schema) => field.optional().catch(undefined);

/** A list's items as objects: what is none says nothing, and spoils no other one. */
export const entriesOf = <Item extends object>(list: readonly Item[] | undefined): readonly Partial<Item>[] =>
  Array.isArray(list) ? list.map((item) => (typeof item === 'object' && item !== null ? item : {})) : [];

/** Leaves out what is undefined, so that an absent field is absent. */
export const present = <Fields extends object>(fields: Fields): Present<Fields> =>
  // The boundary: Object.entries forgets the keys' types.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;

type Present<Record> = { [Key in keyof Record]?: Exclude<Record[Key], undefined> };

export type Page<Item> = { readonly items: readonly Item[]; readonly nextToken?: string | undefined };

/**
 * Follows tokens until there is none.
 *
 * @param maxItems stops once so many are there, for histories of which only the newest matter
 * @throws DependencyError `bad-answer` where a token repeats, which would never end
 */
export async function fetchAllPages<Item>(
  call: string,
  fetchPage: (nextToken: string | undefined) => Promise<Page<Item>>,
  maxItems = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const seenTokens = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await fetchPage(nextToken);
    items.push(...page.items);
    nextToken = page.nextToken === '' ? undefined : page.nextToken;
    if (nextToken === undefined) break;
    if (seenTokens.has(nextToken)) throw new DependencyError(call, 'bad-answer', 'bad answer: a page token repeats');
    seenTokens.add(nextToken);
  } while (items.length < maxItems);
  return items.slice(0, maxItems);
}
