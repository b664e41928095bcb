import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { ask } from '../../../shared/core/known.ts';
import { placeOfScope, scheduledRunCompleted, scopedWakeEventOf, type WakeEvent } from '../../../shared/events/wake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { type Errand, type Left, lookForWake, lookInAnyCase } from './claim-look.ts';
import type { HealthReport } from './core/report.ts';
import { type Scope, scopes } from './core/scopes.ts';
import { checkClusterHealth } from './look.ts';
import { openPorts, type Ports } from './ports.ts';
import type { StoredState } from './tell-once.ts';

const slug = 'cluster-health';

/**
 * One run. A schedule or a person looks in any case; of runs that alarms wake at once one looks, for all of them. Only the
 * former leave a heartbeat: sixty alarms a minute prove no schedule, and a run that was refused no look.
 *
 * @throws DependencyError as `checkClusterHealth`
 */
export async function runClusterHealth(event: WakeEvent<Scope>, ports: Ports): Promise<HealthReport | Left> {
  if (event.kind !== 'alarm') {
    const stored = await ask(ports.fetchState);
    // A memory that is gone says nothing of what waits.
    const mayWakesWait = !stored.isKnown || stored.value?.value.mayWakesWait !== false;
    // The first look uses what was read; one after it, what that left.
    let before: StoredState | undefined = stored;
    const look = (errand: Errand) => {
      const looking = checkClusterHealth(event.scope, errand, ports, before);
      before = undefined;
      return looking;
    };
    const report = await lookInAnyCase(mayWakesWait, look, ports);
    const value = placeOfScope(scopes, event.scope);
    ports.run.addMetric({ name: scheduledRunCompleted, unit: 'Count', value, by: 'procedure' });
    return report;
  }
  const { alarmName, rule, changedAtMs, eventId } = event;
  const wake = { alarmName, ...(rule !== undefined && { rule }), changedAtMs, eventId };
  return lookForWake(wake, (errand) => checkClusterHealth('light', errand, ports), ports);
}

/** The log's line says which alarms a run served, or to which run it left its own. */
export const summaryOf = (result: HealthReport | Left): RunSummary =>
  'holderRunId' in result ? summaryOfLeft(result) : summaryOfReport(result);

const summaryOfLeft = ({ wake, holderRunId }: Left): RunSummary => ({
  observation: { alarm: wake.alarmName, changedAt: new Date(wake.changedAtMs).toISOString(), rule: wake.rule },
  decision: { leftToRun: holderRunId },
  outcome: 'left-to-another-run',
});

const summaryOfReport = ({
  depth,
  alarmsServed,
  sources,
  worst,
  brokersUnreachable,
  countBySeverity,
  changes,
}: HealthReport): RunSummary => ({
  observation: { depth, alarmsServed, sources, ...(brokersUnreachable !== undefined && { brokersUnreachable }) },
  decision: { worst, countBySeverity, changes: changes.map(({ kind, key, severity }) => ({ kind, key, severity })) },
  outcome: changes.length > 0 ? 'notified' : 'reported',
});

export const handler = defineHandler({
  procedure: slug,
  schema: scopedWakeEventOf(slug, openOwnAlarms(), scopes),
  ports: openPorts,
  run: runClusterHealth,
  summary: summaryOf,
});
