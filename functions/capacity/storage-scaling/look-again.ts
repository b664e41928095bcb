import { ask } from '../../../shared/core/known.ts';
import { startEpisode } from '../../../shared/durable/episode.ts';
import { isStillQuiet, lookAgainAtMs } from './core/look-again.ts';
import type { IntakePorts } from './intake-ports.ts';
import { firingIn } from './look.ts';

/** What a look by schedule came to. */
export type LookedAgain =
  | { readonly outcome: 'noted' }
  | (Awaited<ReturnType<typeof startEpisode>> & { readonly openedBy: string });

/**
 * An alarm that stays in ALARM wakes nobody a second time, and its one event may be lost: so the alarms' own states are read,
 * and one that fires with no run under way opens an episode as its event would have.
 *
 * @throws DependencyError where the alarms or the last run could not be read, or the run not be started
 */
export async function lookAgain(slug: string, ports: IntakePorts): Promise<LookedAgain> {
  const alarms = await ports.fetchAlarms();
  const [openedBy] = firingIn(alarms);
  if (openedBy === undefined) return { outcome: 'noted' };
  const changesAtMs = alarms.flatMap(({ state, changedAtMs }) => (state === 'ALARM' ? (changedAtMs ?? []) : []));
  const last = await ports.fetchLastRun();
  const document = await ask(ports.fetchEpisode);
  const nowMs = ports.nowMs();
  // One that nobody started yet, or that a deploy left behind, is the episode's own affair.
  const isOfLast =
    document.isKnown &&
    document.value?.value.episode === last?.episode &&
    (document.value?.value.configuration ?? ports.configuration) === ports.configuration;
  const againAtMs = lookAgainAtMs(last, changesAtMs, nowMs);
  if (againAtMs === undefined || (isOfLast && nowMs < againAtMs)) return { outcome: 'noted' };
  const { quiet } = last ?? {};
  const isQuiet = isOfLast && quiet !== undefined && isStillQuiet(quiet.sinceMs, nowMs) && againAtMs > 0;
  // CloudWatch said just now that it is in ALARM.
  const opener = { openedBy, isProven: true };
  const start = await startEpisode(ports.cluster, slug, opener, ports, isQuiet ? quiet : undefined);
  return { ...start, openedBy };
}
