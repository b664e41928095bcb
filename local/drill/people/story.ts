import type { Heard } from './heard.ts';

/** Something that happened which people did not hear from mskeeper: a fault, its end, what somebody did about it. */
export type Sign = { readonly clockMs: number; readonly label: string; readonly tone: 'good' | 'bad' | 'neutral' };

/**
 * An incident as people saw it.
 *
 * @property how what of it was measured and what was made up
 * @property fromMs beginning and end of what is shown, by the clock of the account that it happened in
 */
export type Story = {
  readonly title: string;
  readonly how: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly heard: readonly Heard[];
  readonly signs: readonly Sign[];
};

/** What of a story lies within its time, in the order of time. */
export const storyOf = (story: Story): Story => {
  const isWithin = ({ clockMs }: { readonly clockMs: number }): boolean =>
    clockMs >= story.fromMs && clockMs <= story.untilMs;
  return { ...story, heard: story.heard.filter(isWithin), signs: story.signs.filter(isWithin) };
};
