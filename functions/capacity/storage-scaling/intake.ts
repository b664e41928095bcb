import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { Finding } from '../../../shared/core/finding.ts';
import { unnamedPerson } from '../../../shared/durable/approval.ts';
import { startEpisode } from '../../../shared/durable/episode.ts';
import { type IntakeEvent, intakeEventOf, type RunEndedWake } from '../../../shared/events/intake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { redactText } from '../../../shared/text/redaction.ts';
import { type IntakePorts, openIntakePorts } from './intake-ports.ts';

const slug = 'storage-scaling';

export type IntakeAnswer = {
  readonly event: IntakeEvent['kind'];
  /** `noted`: an alarm that is over starts nothing. */
  readonly outcome: 'started' | 'joined' | 'noted' | 'notified';
  readonly openedBy?: string;
  readonly executionName?: string;
  readonly episode?: number;
};

/**
 * One wake-up: starts the durable run of the current episode or joins it, or tells that a run ended badly. Nothing is
 * judged here: what woke the intake is not evidence, and the run looks for itself.
 *
 * @throws DependencyError where the run could not be started, or a run's bad end could not be told; the event comes again
 */
export async function takeIn(event: IntakeEvent, ports: IntakePorts): Promise<IntakeAnswer> {
  if (event.kind === 'run-ended') return reportBadEnd(event, ports);
  if (event.kind === 'alarm' && event.state !== 'ALARM') return { event: event.kind, outcome: 'noted' };
  const openedBy = openerOf(event);
  return { event: event.kind, openedBy, ...(await startEpisode(ports.cluster, slug, openedBy, ports)) };
}

/** A principal as IAM and directories name them: one word or an ARN, whatever it looks like. */
const principal = /^[\w+,.:/-]+$/;

/** Who or what opened the episode: an alarm or a person by the letter. What a person wrote instead of a name is a text. */
function openerOf(event: Exclude<IntakeEvent, RunEndedWake>): string {
  if (event.kind === 'alarm') return event.alarmName;
  if (event.kind === 'forecast') return 'forecast';
  // Of an address the name alone is kept: it is compared with the approver's.
  const name = event.requestedBy?.replace(/@.*$/s, '').trim() ?? '';
  if (name === '') return unnamedPerson;
  return principal.test(name) ? name : redactText(name);
}

async function reportBadEnd(event: RunEndedWake, ports: IntakePorts): Promise<IntakeAnswer> {
  const toldAtMs = event.endedAtMs ?? ports.nowMs();
  const finding = badEndFinding(event);
  const undelivered: string[] = [];
  for (const report of [ports.reportToTopic, ports.reportToBus]) {
    try {
      await report(finding, toldAtMs);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      undelivered.push(error.message);
    }
  }
  if (undelivered.length > 0) throw new DependencyError(slug, 'failed', `not told: ${undelivered.join('; ')}`);
  return { event: event.kind, outcome: 'notified', executionName: event.executionName };
}

const badEndFinding = ({ executionName, executionArn, status, startedAtMs, endedAtMs }: RunEndedWake): Finding => ({
  check: 'durable-run',
  subject: `run ${executionName}`,
  severity: 'critical',
  reason: status === 'FAILED' ? 'failed' : 'timed-out',
  message:
    `The run ${executionName} ${status === 'FAILED' ? 'failed' : 'timed out'} before it was done: nobody watches what ` +
    'it began. Look at its last transition in the log and at the cluster, then wake the procedure again.',
  sources: ['mskeeper'],
  evidence: {
    executionArn,
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
    ...(endedAtMs !== undefined && startedAtMs !== undefined && { durationMs: endedAtMs - startedAtMs }),
  },
});

/** What the one log line of an intake says. */
export const summaryOf = ({ event, outcome, openedBy, executionName, episode }: IntakeAnswer): RunSummary => ({
  observation: { event, ...(openedBy !== undefined && { openedBy }) },
  decision: {
    ...(executionName !== undefined && { executionName }),
    ...(episode !== undefined && { episode }),
  },
  outcome,
});

const cluster = process.env.MSKEEPER_CLUSTER ?? '';

export const handler = defineHandler({
  procedure: slug,
  schema: intakeEventOf({
    slug,
    cluster,
    ownAlarms: openOwnAlarms(),
    forecastType: 'mskeeper storage forecast',
    runFunction: process.env.MSKEEPER_RUN_FUNCTION ?? '',
  }),
  ports: openIntakePorts,
  run: takeIn,
  summary: summaryOf,
});
