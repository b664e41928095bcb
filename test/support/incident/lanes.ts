import { expect } from 'vitest';
import { secondMs } from '../../../shared/core/units.ts';
import type { IncidentWorld } from './world.ts';

/** PagerDuty's advice for who got no answer: an end that comes sooner may overtake its beginning. */
const overtakenMs = 30 * secondMs;

/**
 * What holds of every endpoint and key, by what arrived: nothing is begun behind an end, nothing goes on that did not begin, and
 * an end alone comes only where its beginning may have arrived for all that the sender knows. By what was tried, arrived or not:
 * nothing is begun once an end was tried, and no end right behind a beginning of which nobody knows.
 *
 * @returns what began and did not end
 */
export function expectLanes({ received, tries, uncertain }: IncidentWorld): readonly string[] {
  const open = new Set<string>();
  const over = new Set<string>();
  for (const { endpoint, key, action } of received) {
    const lane = `${endpoint} ${key}`;
    if (action === 'notice') continue;
    if (action === 'trigger') {
      expect(over.has(lane), `a page after the end of ${lane}`).toBe(false);
      open.add(lane);
      continue;
    }
    const isOfNothing = action === 'resolve' && uncertain.has(lane);
    expect(open.has(lane) || over.has(lane) || isOfNothing, `${action} of ${lane} before its page`).toBe(true);
    if (action === 'resolve') {
      open.delete(lane);
      over.add(lane);
    }
  }
  const ended = new Set<string>();
  const unknownAtMs = new Map<string, number>();
  for (const { lane, action, fate, atMs } of tries) {
    if (action === 'trigger') {
      expect(ended.has(lane), `a page tried after the end of ${lane} was`).toBe(false);
      if (fate.startsWith('unknown')) unknownAtMs.set(lane, atMs);
    }
    if (action !== 'resolve') continue;
    const since = atMs - (unknownAtMs.get(lane) ?? Number.NEGATIVE_INFINITY);
    expect(since, `the end of ${lane} right behind a page of which nobody knows`).toBeGreaterThanOrEqual(overtakenMs);
    ended.add(lane);
  }
  return [...open];
}
