import { toJson } from './json.ts';
import { fitUtf8, utf8Bytes } from './utf8.ts';

/** How much of long lists and texts is kept, from generous to bare; the first that fits is used. */
const cuts = [
  { items: 200, textBytes: 8_000 },
  { items: 50, textBytes: 2_000 },
  { items: 10, textBytes: 500 },
  { items: 2, textBytes: 120 },
  { items: 0, textBytes: 60 },
] as const;

export type FittedJson = { readonly json: string; readonly isTruncated: boolean };

/**
 * A record as JSON of at most `maxBytes` in UTF-8. What does not fit is cut visibly: lists end with `… 120 more`, texts
 * with a mark, and the record says `truncated` with its original size. In the last resort only its short fields are left.
 */
export function fitJson(record: Readonly<Record<string, unknown>>, maxBytes: number): FittedJson {
  const whole = toJson(record);
  const originalBytes = utf8Bytes(whole);
  if (originalBytes <= maxBytes) return { json: whole, isTruncated: false };
  const note = { truncated: { originalBytes } };
  for (const cut of cuts) {
    const json = toJson({ ...shrinkRecord(record, cut), ...note });
    if (utf8Bytes(json) <= maxBytes) return { json, isTruncated: true };
  }
  return { json: toJson({ ...fittingFields(record, maxBytes - 64), ...note }), isTruncated: true };
}

type Cut = (typeof cuts)[number];

function shrink(value: unknown, cut: Cut): unknown {
  if (typeof value === 'string') return fitUtf8(value, cut.textBytes);
  if (Array.isArray(value)) {
    const kept = value.slice(0, cut.items).map((item) => shrink(item, cut));
    return value.length > cut.items ? [...kept, `… ${value.length - cut.items} more`] : kept;
  }
  return typeof value === 'object' && value !== null ? shrinkRecord({ ...value }, cut) : value;
}

function shrinkRecord(record: Readonly<Record<string, unknown>>, cut: Cut): Record<string, unknown> {
  const entries = Object.entries(record);
  const kept = entries.slice(0, Math.max(cut.items, 20)).map(([key, value]) => [key, shrink(value, cut)]);
  const left = entries.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ['…', `${left} more`]] : kept);
}

/** Short fields at the top, as many as fit, in their order. */
function fittingFields(record: Readonly<Record<string, unknown>>, maxBytes: number): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  let usedBytes = 2;
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'object' && value !== null) continue;
    const short = typeof value === 'string' ? fitUtf8(value, 60) : value;
    const bytes = utf8Bytes(toJson({ [key]: short }));
    if (usedBytes + bytes > maxBytes) continue;
    fields.push([key, short]);
    usedBytes += bytes;
  }
  return Object.fromEntries(fields);
}
