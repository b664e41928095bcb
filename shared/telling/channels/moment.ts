/**
 * A time as people read it, in UTC, and as programs do: `2026-03-01 09:00 UTC`, `09:00`, `2026-03-01T09:00:00.000Z`.
 *
 * @property iso absent for a time that no calendar has
 */
export type Moment = { readonly text: string; readonly clock: string; readonly iso?: string };

/** What cannot be a time is said to be unknown: it must not end the message that tells of it. */
export function momentOf(atMs: number): Moment {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1970 || at.getUTCFullYear() > 9_999)
    return { text: 'an unknown time', clock: 'unknown' };
  const iso = at.toISOString();
  return { text: `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`, clock: iso.slice(11, 16), iso };
}
