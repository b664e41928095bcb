import { judgeSwitchChange, type SwitchNews } from '../../../shared/acting/core/switch-change.ts';
import { readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { newsOfUnremembered } from '../../../shared/core/bus-event.ts';
import { DependencyError, InvalidEventError } from '../../../shared/core/errors.ts';
import type { Finding } from '../../../shared/core/finding.ts';
import { ask } from '../../../shared/core/known.ts';
import { isNamedByTool } from '../../../shared/core/principal.ts';
import { unnamedPerson } from '../../../shared/durable/approval.ts';
import { type EpisodeStart, noteTold, type Opener, startEpisode } from '../../../shared/durable/episode.ts';
import { digestOfWake } from '../../../shared/durable/wake-digest.ts';
import { type IntakeEvent, intakeEventOf, type RunEndedWake } from '../../../shared/events/intake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { digestOf } from '../../../shared/text/digest.ts';
import { redactText } from '../../../shared/text/redaction.ts';
import { fitUtf8 } from '../../../shared/text/utf8.ts';
import { announceDealing } from './core/announcements.ts';
import { isNewTransition } from './core/look-again.ts';
import { noticeOf, type Spoken, spokenOf } from './core/spoken.ts';
import { aheadFinding, badEndFinding, unreadableFinding } from './intake-findings.ts';
import { type IntakePorts, openIntakePorts } from './intake-ports.ts';
import { lookAgain } from './look-again.ts';
import { tellStanding } from './standing.ts';

const slug = 'storage-scaling';

export type IntakeAnswer = {
  readonly event: IntakeEvent['kind'];
  /** `noted`: an alarm that is over starts nothing, nor does an hour without one that fires, and a run that did not end badly is told to nobody. */
  readonly outcome: 'started' | 'joined' | 'noted' | 'notified';
  readonly openedBy?: string;
  readonly executionName?: string;
  readonly episode?: number;
};

/**
 * One wake-up: starts the durable run of the current episode or joins it, looks whether an alarm still fires, or tells that a
 * run ended badly. Nothing is
 * judged here: what woke the intake is not evidence, and the run looks for itself.
 *
 * @throws DependencyError where the run could not be started, or a run's bad end could not be told; the event comes again
 */
export async function takeIn(event: IntakeEvent, ports: IntakePorts): Promise<IntakeAnswer> {
  if (event.kind === 'schedule') return watchAlarms(event.kind, ports);
  if (event.kind === 'kill-switch') return reportSwitch(event, ports);
  if (event.kind === 'run-ended') return reportBadEnd(event, ports);
  if (event.kind === 'alarm' && event.state !== 'ALARM') return { event: event.kind, outcome: 'noted' };
  const opener = await fetchOpener(event, ports);
  const start = await startEpisode(ports.cluster, slug, opener, ports);
  return { event: event.kind, openedBy: opener.openedBy, ...(await told(start, ports)) };
}

/** What became of a wake-up; people hear where the episode's document had to be made anew. */
async function told<Start extends EpisodeStart>({ wasUnreadable, wasOpenedAtMs, ...start }: Start, ports: IntakePorts) {
  if (wasUnreadable) {
    await report(unreadableFinding(start.executionName), ports.nowMs(), ports);
    await noteTold(ports);
  }
  if (wasOpenedAtMs !== undefined) {
    const finding = aheadFinding(start.executionName, wasOpenedAtMs, ports.cluster);
    await report(finding, ports.nowMs(), ports);
  }
  return start;
}

/** The hour's look at the alarms; that it was done is its heartbeat. */
async function watchAlarms(event: IntakeEvent['kind'], ports: IntakePorts): Promise<IntakeAnswer> {
  const looked = await lookAgain(slug, ports);
  ports.noteScheduledRun();
  await tellStanding(ports);
  if (looked.outcome === 'noted') return { event, outcome: 'noted' };
  return { event, ...(await told(looked, ports)) };
}

/** Who changed the kill switch, and to what: by what Parameter Store says itself. */
async function reportSwitch(
  { kind, eventId, operation }: Extract<IntakeEvent, { readonly kind: 'kill-switch' }>,
  ports: IntakePorts,
): Promise<IntakeAnswer> {
  // A label moves, and nothing of what it says; and the parameter does not tell whether one did.
  if (operation === 'LabelParameterVersion') return { event: kind, outcome: 'noted' };
  const asked = await ask(ports.fetchSwitchVersions);
  const versions = asked.isKnown ? asked.value : asked.why;
  const atMs = ports.nowMs();
  const news = judgeSwitchChange(ports.killSwitch, versions, occasionOf(eventId), atMs);
  if (news === undefined) return { event: kind, outcome: 'noted' };
  await ports.publish(spokenOfSwitch(news, ports.cluster, atMs), atMs);
  return { event: kind, outcome: 'notified' };
}

/** Tells two events apart and says no word of theirs, since anybody who may invoke the intake may write one. */
const occasionOf = (eventId: string): string => digestOf(eventId).slice(0, 12);

/** Fewer than the characters that the episode's document keeps of its opener. */
const openerBytes = 300;

/** A principal as IAM and directories name them: one word or an ARN, whatever it looks like. */
const principal = /^[\w+,.:/-]+$/;

/**
 * Who or what opens the episode, and whether AWS says so: CloudWatch of an alarm that it went into ALARM just now, STS of a
 * person who signed. Whom nobody proves opens it all the same, and of what he opens two people have to approve.
 *
 * @throws InvalidEventError for a signature that proves nobody: whoever signs wants to be known
 */
async function fetchOpener(
  event: Exclude<IntakeEvent, RunEndedWake | { readonly kind: 'schedule' | 'kill-switch' }>,
  ports: IntakePorts,
): Promise<Opener> {
  if (event.kind === 'forecast') return { openedBy: 'forecast', isProven: false };
  if (event.kind === 'alarm') {
    return { openedBy: fitUtf8(event.alarmName, openerBytes), isProven: await fetchIsProven(event.alarmName, ports) };
  }
  if (event.signed === undefined) return { openedBy: nameOf(event.requestedBy), isProven: false };
  const { wakeId, proof } = event.signed;
  const caller = await ports.proveCaller(
    proof,
    digestOfWake({ clusterArn: ports.clusterArn, procedure: slug, wakeId }),
  );
  if (!caller.isProven)
    throw new InvalidEventError(`${slug}: nobody knows who wakes it (${caller.why}): wake it again`);
  if (isNamedByTool(caller.arn)) {
    const why = `a tool named the session ${caller.arn}: wake it again as one that has your name (role_session_name)`;
    throw new InvalidEventError(`${slug}: nobody knows who wakes it, since ${why}`);
  }
  return { openedBy: caller.arn, isProven: true, wakeId };
}

/** Whether CloudWatch says that the alarm went into ALARM, and that no episode was opened for it yet. */
async function fetchIsProven(alarmName: string, ports: IntakePorts): Promise<boolean> {
  const alarms = await ask(ports.fetchAlarms);
  const alarm = alarms.isKnown
    ? alarms.value.find(({ name, state }) => name === alarmName && state === 'ALARM')
    : undefined;
  if (alarm === undefined) return false;
  const [document, last] = await Promise.all([ask(ports.fetchEpisode), ask(ports.fetchLastRun)]);
  if (!document.isKnown || !last.isKnown) return false;
  const before = { openedAtMs: document.value?.value.openedAtMs, last: last.value };
  return isNewTransition(alarm.changedAtMs, before, ports.nowMs());
}

/** What a person calls himself, by the letter; what he wrote instead of a name is a text. */
function nameOf(requestedBy: string | undefined): string {
  // Of an address the name alone is kept: it is compared with the approver's.
  const name = requestedBy?.replace(/@.*$/s, '').trim() ?? '';
  if (name === '') return unnamedPerson;
  // Without its secrets a text may be longer than with them: the episode's document bounds it.
  return fitUtf8(principal.test(name) ? name : redactText(name), openerBytes);
}

/** Tells of a run what Lambda says of it, and no word of the event's. */
async function reportBadEnd(event: RunEndedWake, ports: IntakePorts): Promise<IntakeAnswer> {
  const { executionName, executionArn } = event;
  const seen = await ports.fetchExecution(executionArn);
  if (seen?.status === 'RUNNING') {
    const why = `${executionName} runs, though its event says that it ended: it is asked once more`;
    throw new DependencyError('lambda:GetDurableExecution', 'conflict', why);
  }
  if (seen === undefined || seen.status === 'SUCCEEDED') return { event: event.kind, outcome: 'noted', executionName };
  const end = { ...seen, status: seen.status };
  const atMs = seen.endedAtMs ?? ports.nowMs();
  const finding = badEndFinding(event, end);
  const noLonger = announceDealing(undefined, `the run ${executionName} ended before it was done.`);
  const key = `${executionName}/ended badly`;
  const taken = end.doneAs === undefined ? spokenOf(noLonger, key, new Map(), false, atMs) : [];
  await ports.publish([faultOf(finding, atMs), ...taken], atMs);
  return { event: event.kind, outcome: 'notified', executionName };
}

/** A fault that nobody here remembers. */
const faultOf = (finding: Finding, atMs: number): Spoken => ({
  kind: 'finding',
  news: newsOfUnremembered(finding, atMs),
});

/** @throws DependencyError where the bus did not take it */
const report = (finding: Finding, atMs: number, ports: IntakePorts): Promise<void> =>
  ports.publish([faultOf(finding, atMs)], atMs);

/** What somebody did is told once; that the switch says neither of its words is a fault until it says one again. */
function spokenOfSwitch({ isFault, key, finding }: SwitchNews, cluster: string, atMs: number): readonly Spoken[] {
  if (isFault) return [faultOf(finding, atMs)];
  const { check, subject, severity, reason, message } = finding;
  const told = noticeOf({
    key: `${cluster}/${check}/${subject} ${key}/${reason}`,
    severity,
    headline: message,
    findings: [finding],
  });
  return reason === 'changed' ? [told, faultOf({ ...finding, severity: 'ok' }, atMs)] : [told];
}

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
    killSwitch: () => readBundledConfiguration().configuration.killSwitch.parameter,
    forecastType: 'mskeeper storage forecast',
    runFunction: process.env.MSKEEPER_RUN_FUNCTION ?? '',
  }),
  ports: openIntakePorts,
  run: takeIn,
  summary: summaryOf,
});
