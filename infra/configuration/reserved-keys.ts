import type { Mistake } from './mistake.ts';

/** What JavaScript keeps for an object's prototype: a schema of a map passes over it in silence, and the setting is lost. */
const reserved = '__proto__';

/** Maps that have it for a key, wherever they stand. */
export const findReservedKeys = (data: unknown, path: Mistake['path'] = []): Mistake[] => {
  if (Array.isArray(data)) return data.flatMap((item, index) => findReservedKeys(item, [...path, index]));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const here = [...path, key];
    return key === reserved ? [{ path: here, message: 'is no possible name here' }] : findReservedKeys(value, here);
  });
};
