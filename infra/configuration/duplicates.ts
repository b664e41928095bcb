import type { Mistake } from './mistake.ts';

/** A mistake for each item of a list whose name stood there before. */
export const findDuplicates = <Key extends string>(
  path: Mistake['path'],
  key: Key,
  items: readonly (Readonly<Record<Key, string>> | undefined)[],
): Mistake[] => {
  const firstIndexByName = new Map<string, number>();
  return items.flatMap((item, index) => {
    if (item === undefined) return [];
    const first = firstIndexByName.get(item[key]);
    if (first === undefined) {
      firstIndexByName.set(item[key], index);
      return [];
    }
    return [{ path: [...path, index, key], message: `is that of item ${first} too; names must differ` }];
  });
};
