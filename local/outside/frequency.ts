/** What one more call finds. `remaining` counts those that may follow it; `waitSeconds` is whole and at least 1. */
export type Frequency =
  | { readonly isOver: false; readonly remaining: number; readonly waitSeconds: number }
  | { readonly isOver: true; readonly remaining: 0; readonly waitSeconds: number };

/**
 * At most so many calls of one key in any stretch of time, by the world's clock. A call that is refused does not count.
 *
 * @returns asks for one more call of a key, and counts it where it may be; `waitSeconds` until the oldest one is out of the stretch
 */
export function limitFrequency({ most, withinMs }: { readonly most: number; readonly withinMs: number }) {
  const timesByKey = new Map<string, number[]>();
  return (key: string, nowMs: number): Frequency => {
    const recent = (timesByKey.get(key) ?? []).filter((atMs) => atMs > nowMs - withinMs);
    timesByKey.set(key, recent);
    const isOver = recent.length >= most;
    if (!isOver) recent.push(nowMs);
    const waitSeconds = Math.max(1, Math.ceil(((recent[0] ?? nowMs) + withinMs - nowMs) / 1000));
    return isOver ? { isOver, remaining: 0, waitSeconds } : { isOver, remaining: most - recent.length, waitSeconds };
  };
}
