import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { commandsAlias } from '../../../shared/core/incident-command.ts';
import { incidentCommandEvent } from '../../../shared/events/incident-command.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { type CommandPorts, type CommandResult, runCommand } from './commands.ts';
import type { CommandAnswer } from './core/command-answer.ts';
import { rulesAt } from './core/rules.ts';
import { type IncidentEvent, wakeEvent } from './events.ts';
import { homeOf, openPorts, openSettings } from './ports-on-aws.ts';
import { type Woken, wakeIncident } from './wake.ts';

const slug = 'incident';
const ownAlarms = openOwnAlarms();

/** What Lambda's poller is told of a batch, the messages that go back; and a person of his command. */
type Answer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] } | CommandAnswer;

/** Of a quiet minute as good as nothing: it is logged each minute. */
export const summaryOf = ({ happenings, open, waiting, sent, problems, channels }: Woken): RunSummary => ({
  observation: {
    open,
    ...(waiting > 0 && { waiting }),
    ...(problems.length > 0 && { problems }),
    ...(channels !== undefined && { channels: channels.map(({ endpoint, state }) => `${endpoint} ${state}`) }),
  },
  decision: {
    ...(happenings.length > 0 && { happenings: happenings.map(({ kind, incidentId }) => `${kind} ${incidentId}`) }),
    ...(sent.length > 0 && { sent: sent.map(({ id, result }) => `${id} ${result}`) }),
  },
  outcome: sent.length > 0 ? 'told' : happenings.length > 0 ? 'noted' : 'quiet',
});

/** Of a command who gave it, and what became of it; who wanted to see something is nobody's business. */
export const summaryOfCommand = (
  command: string,
  { answer, result }: CommandResult,
  problems: readonly string[],
): RunSummary => {
  const said = result === undefined ? undefined : summaryOf({ ...result, problems, failedMessageIds: [] });
  return {
    observation: { command, ...('by' in answer && { by: answer.by }), ...(problems.length > 0 && { problems }) },
    decision: { ...said?.decision, ...('because' in answer && { because: answer.because, why: answer.why }) },
    outcome: answer.outcome,
  };
};

type Result = { readonly answer: Answer; readonly told: RunSummary };

export const handler = defineHandler<IncidentEvent, CommandPorts, Result, Answer>({
  procedure: slug,
  schema: wakeEvent(homeOf, ownAlarms),
  schemaByAlias: { [commandsAlias]: incidentCommandEvent },
  ports: openPorts,
  run: async (event, ports) => {
    const settings = openSettings();
    const rules = (nowMs: number) => rulesAt(settings, nowMs);
    if (event.kind === 'command') {
      const done = await runCommand(event, rules, ports);
      return { answer: done.answer, told: summaryOfCommand(event.command, done, ports.problems()) };
    }
    const woken = await wakeIncident(event, ownAlarms, rules, ports);
    const batchItemFailures = woken.failedMessageIds.map((itemIdentifier) => ({ itemIdentifier }));
    return { answer: { batchItemFailures }, told: summaryOf(woken) };
  },
  summary: ({ told }) => told,
  // A poller takes an answer of another form for a failed batch.
  answer: ({ answer }) => answer,
});
