import { isAhead } from '../../../../shared/core/clocks.ts';
import type { Known } from '../../../../shared/core/known.ts';
import { diskChecks } from './faults.ts';
import type { LastRun } from './look-again.ts';

/** What an hour's look asked. Whatever nobody could say proves no end of anything. */
export type Standing = {
  readonly alarms: Known<readonly { readonly state: string }[]>;
  readonly last: Known<(LastRun & { readonly episode: number }) | undefined>;
  readonly episode: Known<{ readonly episode: number; readonly openedAtMs: number } | undefined>;
  /** The kill switch's newest word; undefined where the parameter is gone. */
  readonly switchSays: Known<string | undefined>;
};

/**
 * The checks of which nothing is wrong any more, by what was asked just now: the disks' where no alarm of theirs is anything but
 * OK and no run is at work, who says it himself; a run's bad end where another one took over, or none is needed; an episode's
 * document where its run is the newest; the kill switch where it says one of its two words.
 */
export function judgeStanding({ alarms, last, episode, switchSays }: Standing, nowMs: number): readonly string[] {
  const isQuiet = alarms.isKnown && alarms.value.every(({ state }) => state === 'OK');
  const newest = last.isKnown ? last.value : undefined;
  const isAtWork = !last.isKnown || newest?.isRunning === true;
  const isTakenOver = newest?.isRunning === true || newest?.outcome !== undefined;
  const document = episode.isKnown ? episode.value : undefined;
  const isOwn = document !== undefined && document.episode === newest?.episode && !isAhead(document.openedAtMs, nowMs);
  const isSwitchPlain = switchSays.isKnown && (switchSays.value === 'on' || switchSays.value === 'off');
  return [
    ...(isQuiet && !isAtWork ? diskChecks : []),
    ...(isTakenOver || (isQuiet && !isAtWork) ? ['durable-run'] : []),
    ...(isOwn ? ['episode'] : []),
    ...(isSwitchPlain ? ['kill-switch'] : []),
  ];
}
