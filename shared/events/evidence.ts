import type * as z from 'zod';

/**
 * What an event says beside who it is about. It wakes and proves nothing, so what cannot be read is left out, by its path, and
 * the event wakes all the same.
 */
export type Evidence = {
  /** The value where it is there and can be read. */
  readonly read: <Value>(path: string, schema: z.ZodType<Value>, value: unknown) => Value | undefined;
  /** Paths of what was there and could not be read, in the order in which it was asked for: for the log. */
  readonly unreadFields: () => readonly string[];
};

export const openEvidence = (): Evidence => {
  const unread: string[] = [];
  return {
    read: (path, schema, value) => {
      if (value === undefined) return undefined;
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      unread.push(path);
      return undefined;
    },
    unreadFields: () => unread,
  };
};

/** On an event: what of its evidence could not be read. Absent where all could. */
export type Noted = { readonly unreadFields?: readonly string[] };

export const notedOf = (evidence: Evidence): Noted => {
  const fields = evidence.unreadFields();
  return fields.length === 0 ? {} : { unreadFields: fields };
};
