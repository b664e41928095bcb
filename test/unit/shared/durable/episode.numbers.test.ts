import { expect, test } from 'vitest';
import { episodeDocument, episodeInput, episodeOfName } from '../../../../shared/durable/episode.ts';

const opened = { version: 1, openedAtMs: 1_795_836_600_000, openedBy: 'forecast' };

test.each([
  [900_000_000, true],
  [900_000_001, false],
  [Number.MAX_SAFE_INTEGER, false],
])('an episode of the number %d is one that somebody may have counted: %s', (episode, isCounted) => {
  expect(episodeDocument.safeParse({ ...opened, episode }).success).toBe(isCounted);
  expect(episodeInput.safeParse({ ...opened, episode, cluster: 'orders' }).success).toBe(isCounted);
  expect(episodeOfName(`orders-storage-scaling-${episode}`)).toBe(isCounted ? episode : 0);
});
