import { AwsError } from './service.ts';

/** One page of a list and the token for the next one; tokens are opaque to the caller, as on AWS. */
export type Page<Item> = { readonly items: readonly Item[]; readonly nextToken: string | undefined };

/**
 * Cuts a list into pages. A token is bound to the list's name, so that one of another listing is refused.
 * @throws AwsError with `badTokenCode` for a token that this listing never gave.
 */
export function pageOf<Item>(
  items: readonly Item[],
  options: { list: string; pageSize: number; token: string | undefined; badTokenCode: string },
): Page<Item> {
  const start = options.token === undefined ? 0 : offsetOf(options.token, options);
  const end = start + options.pageSize;
  const nextToken = end < items.length ? Buffer.from(`${options.list}:${end}`).toString('base64url') : undefined;
  return { items: items.slice(start, end), nextToken };
}

function offsetOf(token: string, options: { list: string; badTokenCode: string }): number {
  const [list, offset] = Buffer.from(token, 'base64url')
    .toString('utf8')
    .split(/:(?=\d+$)/);
  if (list === options.list && offset !== undefined) return Number(offset);
  throw new AwsError(options.badTokenCode, 400, 'The pagination token is not valid.');
}
