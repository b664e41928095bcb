import { clockSkewMs, isAhead } from '../../../../shared/core/clocks.ts';
import { timeOf } from './words.ts';

/** The newest episode as its document says, and whether Lambda knows a run of its name. */
export type Newest = { readonly episode: number; readonly openedAtMs: number; readonly isStarted: boolean };

/**
 * A run that goes on is joined: only another configuration, or a document that was lost, counts on meanwhile. More than so
 * many within one run's days are not deploys.
 */
const mostSteps = 10;

/**
 * What of a newer episode's document no intake would have written, in words; none where it is as one writes it.
 *
 * @param nowMs when it was read
 */
export function findForgery(
  own: { readonly episode: number; readonly openedAtMs: number },
  { episode, openedAtMs, isStarted }: Newest,
  nowMs: number,
): readonly string[] {
  const steps = episode - own.episode;
  return [
    ...(steps > mostSteps ? [`its number jumps from ${own.episode} to ${episode}`] : []),
    ...(isAhead(openedAtMs, nowMs) ? [`it was opened in the future (${timeOf(openedAtMs)})`] : []),
    ...(openedAtMs < own.openedAtMs - clockSkewMs
      ? [`it was opened before the one that it follows (${timeOf(openedAtMs)})`]
      : []),
    ...(isStarted ? [] : ['no run of its name was started']),
  ];
}
