import { type Heard, nothingHeard, type Rules } from './core/advance.ts';
import { judgeChannel } from './core/channels/judge.ts';
import type { Judged } from './core/channels/judged.ts';
import { planTrials } from './core/channels/trials.ts';
import { isNews, wordsOfLook } from './core/channels/words.ts';
import type { IncidentDocument } from './core/document.ts';
import type { Ports } from './ports.ts';

/**
 * A look at the channels, in incident's own words.
 *
 * @param document as it is known, since what is good ends only what was wrong
 * @returns `heard` undefined where it changes nothing of what is known
 */
export async function hearChannels(
  document: IncidentDocument,
  rulesAt: (nowMs: number) => Rules,
  ports: Pick<Ports, 'nowMs' | 'fetchChannels' | 'reportProblem'>,
): Promise<{ readonly judged: readonly Judged[]; readonly heard: Heard | undefined }> {
  const atMs = ports.nowMs();
  const judged = (await ports.fetchChannels()).map(judgeChannel);
  for (const one of judged) if (one.state === 'unknown') ports.reportProblem(one.why);
  const said = wordsOfLook(judged, document, rulesAt(atMs).reach, atMs);
  const tests = planTrials(judged, document, atMs);
  const heard = isNews(said.words, document) ? { ...nothingHeard, ...said, tests } : undefined;
  return { judged, heard };
}
