import { AwsError } from '../../service.ts';
import type { StoredObject } from './bucket.ts';

/** What a read may ask of an object. */
type Asked = {
  readonly Range?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
};

const isSame = (etag: string, given: string): boolean =>
  given.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

/**
 * Checks a conditional read. Source: S3 API Reference, GetObject, If-Match and If-None-Match.
 * @throws AwsError PreconditionFailed (412), NotModified (304)
 */
export function checkReadConditions(object: StoredObject, { IfMatch, IfNoneMatch }: Asked): void {
  if (IfMatch !== undefined && !isSame(object.etag, IfMatch)) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new AwsError('PreconditionFailed', 412, message, { Condition: 'If-Match' });
  }
  if (IfNoneMatch !== undefined && isSame(object.etag, IfNoneMatch)) {
    throw new AwsError('NotModified', 304, 'Not Modified');
  }
}

/**
 * The part that a range names, with its header; the whole where there is no range that S3 knows: it takes one of bytes.
 * @throws AwsError InvalidRange (416) for one that lies behind the end
 */
export function partOf(body: Uint8Array, { Range }: Asked): { readonly body: Uint8Array; readonly range?: string } {
  const groups = /^bytes=(?<from>\d*)-(?<to>\d*)$/.exec(Range?.trim() ?? '')?.groups;
  const { from = '', to = '' } = groups ?? {};
  if (from === '' && to === '') return { body };
  const size = body.length;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return { body };
  if (first >= size || (from === '' && Number(to) === 0)) {
    const fields = { RangeRequested: Range ?? '', ActualObjectSize: String(size) };
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', fields);
  }
  return { body: body.subarray(first, last + 1), range: `bytes ${first}-${last}/${size}` };
}
