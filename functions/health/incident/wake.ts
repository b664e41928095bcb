import { incidentHeard } from '../../../shared/core/incident-heard.ts';
import { type Answered, ask } from '../../../shared/core/known.ts';
import type { OwnAlarms } from '../../../shared/core/own-alarms.ts';
import { type Heard, nothingHeard, type Rules } from './core/advance.ts';
import { isAllHeard } from './core/all-heard.ts';
import type { Judged } from './core/channels/judged.ts';
import { isChannelOpen } from './core/channels/words.ts';
import type { AlarmsSaid } from './core/said.ts';
import type { Scope } from './core/scopes.ts';
import { isSweepMinute, rosterOf, sweepOf } from './core/sweep.ts';
import type { Queued, WakeEvent } from './events.ts';
import { heardOf } from './hear.ts';
import { hearChannels } from './hear-channels.ts';
import { type IncidentResult, runIncident } from './incident.ts';
import type { Ports } from './ports.ts';

/**
 * What a run came to, and the messages that go back to the queue.
 *
 * @property channels what a look made of each endpoint; absent where it did not look
 */
export type Woken = IncidentResult & {
  readonly channels?: readonly Judged[];
  readonly problems: readonly string[];
  readonly failedMessageIds: readonly string[];
};

/** One run: of the minute, which sweeps every fifth time, of the day, or of a batch of the queue. */
export async function wakeIncident(
  event: WakeEvent,
  own: () => OwnAlarms,
  rulesAt: (nowMs: number) => Rules,
  ports: Ports,
): Promise<Woken> {
  return event.kind === 'queue' ? takeBatch(event.queued, own, rulesAt, ports) : takeMinute(event.kind, rulesAt, ports);
}

/** What cannot be read goes back alone, until it lies with the dead letters, where its own alarm tells of it. */
async function takeBatch(
  queued: readonly Queued[],
  own: () => OwnAlarms,
  rulesAt: (nowMs: number) => Rules,
  ports: Ports,
): Promise<Woken> {
  const said = queued.flatMap((one) => ('said' in one ? [one.said] : []));
  const odd = queued.flatMap((one) => ('problem' in one ? [one] : []));
  for (const { messageId, problem } of odd) {
    ports.reportProblem(`message ${messageId} is none that incident knows: ${problem}`);
  }
  const result = await runIncident(heardOf(said, own()), rulesAt, ports);
  return { ...result, problems: ports.problems(), failedMessageIds: odd.map(({ messageId }) => messageId) };
}

async function takeMinute(scope: Scope, rulesAt: (nowMs: number) => Rules, ports: Ports): Promise<Woken> {
  const nowMs = ports.nowMs();
  const isSweep = isSweepMinute(nowMs);
  const alarms = await ask(ports.fetchAlarms);
  if (!alarms.isKnown) ports.reportProblem(`how the alarms stand is not known: ${alarms.why}`);
  const heard = isSweep ? await sweep(alarms, nowMs, ports) : nothingHeard;
  const minute = await runIncident(heard, rulesAt, ports);
  // While something is wrong with a channel each sweep looks anew, so that it ends soon after somebody mended it.
  const isLook = scope === 'daily' || (isSweep && isChannelOpen(minute.document));
  const result = isLook ? await look(minute, rulesAt, ports) : minute;
  // Nobody can say that all is told who does not know what fires.
  const atMs = ports.nowMs();
  const isHeard = alarms.isKnown && isAllHeard(alarms.value.alarms, result.document, rulesAt(atMs).reach, atMs);
  ports.run.addMetric({ name: incidentHeard, unit: 'Count', value: isHeard ? 1 : 0, by: 'procedure' });
  if (isHeard) await ports.sendHeartbeat();
  return { ...result, problems: ports.problems(), failedMessageIds: [] };
}

/** A look at the channels, behind what the minute did: whatever it waits for keeps no page from going out. */
async function look(
  minute: IncidentResult,
  rulesAt: (nowMs: number) => Rules,
  ports: Ports,
): Promise<IncidentResult & Pick<Woken, 'channels'>> {
  const { judged, heard } = await hearChannels(minute.document, rulesAt, ports);
  const channels = { channels: judged };
  if (heard === undefined) return { ...minute, ...channels };
  const result = await runIncident(heard, rulesAt, ports);
  const happenings = [...minute.happenings, ...result.happenings];
  return { ...result, ...channels, happenings, sent: [...minute.sent, ...result.sent] };
}

async function sweep(alarms: Answered<AlarmsSaid>, askedAtMs: number, ports: Ports): Promise<Heard> {
  const found = await ask(ports.fetchOpenFindings);
  if (!found.isKnown) ports.reportProblem(`what cluster-health left open is not known: ${found.why}`);
  const left = found.isKnown && found.value !== undefined ? [{ procedure: 'cluster-health', found: found.value }] : [];
  const roster = alarms.isKnown ? rosterOf(alarms.value, askedAtMs) : undefined;
  const swept = sweepOf(alarms.isKnown ? alarms.value.alarms : [], left, askedAtMs);
  return { ...nothingHeard, ...swept, ...(roster !== undefined && { roster }) };
}
