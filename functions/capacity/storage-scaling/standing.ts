import { ask, known } from '../../../shared/core/known.ts';
import { soundReport } from './core/faults.ts';
import { judgeStanding } from './core/standing.ts';
import type { IntakePorts } from './intake-ports.ts';

/**
 * Tells of which checks nothing is wrong, so that no fault stays open whose run is long over and cannot say it.
 *
 * @throws DependencyError where the bus did not take it
 */
export async function tellStanding(ports: IntakePorts): Promise<void> {
  const atMs = ports.nowMs();
  const [alarms, last, document, versions] = await Promise.all([
    ask(ports.fetchAlarms),
    ask(ports.fetchLastRun),
    ask(ports.fetchEpisode),
    ask(ports.fetchSwitchVersions),
  ]);
  const episode = document.isKnown ? known(document.value?.value) : document;
  const switchSays = versions.isKnown ? known(versions.value[0]?.says) : versions;
  const judgedChecks = judgeStanding({ alarms, last, episode, switchSays }, atMs);
  if (judgedChecks.length === 0) return;
  await ports.publish([{ kind: 'report', report: soundReport(judgedChecks, atMs) }], atMs);
}
