import * as z from 'zod';

/** What a durable run that belongs to an episode is started with: the same bytes by whoever starts it. */
export const episodeInput = z.strictObject({
  version: z.literal(1),
  cluster: z.string().min(1),
  episode: z.number().int().positive(),
  openedAtMs: z.number().int().nonnegative(),
  /** Who or what opened it: an alarm's name, a forecast's, a person's. */
  openedBy: z.string().min(1).max(300),
});
export type EpisodeInput = z.infer<typeof episodeInput>;
