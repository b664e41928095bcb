import { ask } from '../../../shared/core/known.ts';
import type { IncidentRequest } from '../../../shared/events/incident-command.ts';
import { type JudgePorts, judgeCommand, keepEnd, type SignedRequest, wordsOf } from './command-judgement.ts';
import { nothingHeard, type Rules } from './core/advance.ts';
import type { Judged } from './core/channels/judged.ts';
import type { ChannelLooked, ChannelTest, CommandAnswer, Refused } from './core/command-answer.ts';
import { emptyDocument, type IncidentDocument } from './core/document.ts';
import type { PagerWord } from './core/ladder.ts';
import { listMessage } from './core/listed-message.ts';
import { type Listing, planListing } from './core/listing.ts';
import { punctualDocument } from './core/punctual-document.ts';
import { planSuspicion, type Suspicion } from './core/suspicion.ts';
import { testKeyOf } from './core/test-pages.ts';
import { hearChannels } from './hear-channels.ts';
import { type IncidentResult, runIncident } from './incident.ts';
import { fetchPagerWordOf } from './pagers.ts';
import type { Ports } from './ports.ts';

/** What a command needs beside what every run of incident needs. */
export type CommandPorts = Ports & JudgePorts;

/** @property result what the run did, for its log line; absent where there was none */
export type CommandResult = { readonly answer: CommandAnswer; readonly result?: IncidentResult };

type RulesAt = (nowMs: number) => Rules;

/**
 * One command of a person. Whoever may invoke the function may see what is open; all else counts by whoever signed it, where
 * STS names him and mskeeper.yml lets him, is in the audit before it takes effect, and counts once.
 *
 * @throws DependencyError where incident's document could not be read or written: what was asked may not have been done
 */
export async function runCommand(
  request: IncidentRequest,
  rulesAt: RulesAt,
  ports: CommandPorts,
): Promise<CommandResult> {
  if (request.command === 'list') {
    const { value: stored = emptyDocument } = (await ports.fetchDocument()) ?? {};
    const nowMs = ports.nowMs();
    const document = punctualDocument(stored, rulesAt(nowMs), nowMs);
    return { answer: { outcome: 'listed', listing: await fetchListing(document, rulesAt, ports) } };
  }
  const judged = await judgeCommand(request, ports);
  if ('because' in judged) return refuse(request, judged, rulesAt, ports);
  const { begun, by } = judged;
  try {
    const done = await obeyed(request, by, rulesAt, ports);
    const { answer } = done;
    await keepEnd(begun, answer.outcome === 'refused' ? 'refused' : 'done', messageOf(answer), ports);
    return done;
  } catch (error) {
    await keepEnd(begun, 'failed', error instanceof Error ? error.message : 'failed', ports);
    throw error;
  }
}

const messageOf = (answer: CommandAnswer): string => {
  switch (answer.outcome) {
    case 'refused':
      return answer.why;
    case 'done':
      return answer.says;
    case 'tested':
      return answer.tests.map(({ endpoint, outcome }) => `${endpoint}: ${outcome}`).join(', ');
    case 'listed':
      return 'listed';
    default:
      return answer satisfies never;
  }
};

const isSuspicious = (refused: Refused): refused is Refused & Pick<Suspicion, 'because'> =>
  refused.because === 'unproven' || refused.because === 'stranger' || refused.because === 'replayed';

/** What people hear of: somebody gave a command who may not, or gave one again. */
async function refuse(
  request: SignedRequest,
  refused: Refused,
  rulesAt: RulesAt,
  ports: CommandPorts,
): Promise<CommandResult> {
  const answer: CommandAnswer = { outcome: 'refused', ...refused };
  if (!isSuspicious(refused)) return { answer };
  const words = wordsOf(request);
  const command = 'incidentId' in words ? `${words.command} of incident ${words.incidentId}` : words.command;
  ports.reportProblem(`a command counted for nothing (${command}): ${refused.why}`);
  const notices = [planSuspicion({ ...refused, command }, ports.nowMs())];
  const told = await ask(() => runIncident({ ...nothingHeard, notices }, rulesAt, ports));
  if (told.isKnown) return { answer, result: told.value };
  ports.reportProblem(`nobody could be told of it: ${told.why}`);
  return { answer };
}

async function obeyed(
  request: SignedRequest,
  by: string,
  rulesAt: RulesAt,
  ports: CommandPorts,
): Promise<CommandResult> {
  if (request.command === 'test') return testChannels(request.signed.commandId, by, rulesAt, ports);
  const { kind: _kind, signed: _signed, ...words } = request;
  const result = await runIncident({ ...nothingHeard, commands: [{ ...words, by }] }, rulesAt, ports);
  const { incidentId } = words;
  const told = result.happenings.find((one) => one.kind === 'update' && one.incidentId === incidentId);
  const listing = await fetchListing(result.document, rulesAt, ports);
  if (told?.kind !== 'update') {
    return { answer: { outcome: 'refused', because: 'no-such-incident', why: whyNone(incidentId, listing) }, result };
  }
  const incident = listing.open.find(({ id }) => id === incidentId);
  return { answer: { outcome: 'done', by, says: told.says, ...(incident !== undefined && { incident }) }, result };
}

function whyNone(incidentId: string, { open, ended }: Listing): string {
  const over = ended.find(({ id }) => id === incidentId);
  const which =
    over === undefined
      ? `no open incident is ${incidentId}`
      : `incident ${incidentId} (${over.title}) ended at ${new Date(over.endedAtMs).toISOString()}`;
  const names = open.map(({ id, title }) => `${id} (${title})`).join(', ');
  return `${which}; ${names === '' ? 'none is open' : `open: ${names}`}`;
}

async function testChannels(
  commandId: string,
  by: string,
  rulesAt: RulesAt,
  ports: CommandPorts,
): Promise<CommandResult> {
  const { reach } = rulesAt(ports.nowMs());
  // Looked at while messages go out: what a look proves of one that is open ends it.
  const [tested, found] = await Promise.all([
    runIncident({ ...nothingHeard, tests: [{ by, commandId }] }, rulesAt, ports),
    ports.fetchChannels(),
  ]);
  const { judged, heard } = await hearChannels(tested.document, rulesAt, {
    ...ports,
    fetchChannels: async () => found,
  });
  // Each endpoint has its test already.
  const result = heard === undefined ? tested : await runIncident({ ...heard, tests: [] }, rulesAt, ports);
  const tests = tested.document.outbox
    .filter(({ key, action }) => key.startsWith(testKeyOf(commandId)) && action !== 'resolve')
    .map((message): ChannelTest => {
      const { outcome, provesArrival, why, endpoints } = listMessage(message, reach);
      const endpoint = endpoints.join(', ');
      const kind = reach.kindOf(endpoint) ?? 'unknown';
      return { endpoint, kind, outcome, provesArrival, ...(why !== undefined && { why }) };
    });
  const sent = [...tested.sent, ...(heard === undefined ? [] : result.sent)];
  return { answer: { outcome: 'tested', by, tests, looks: judged.map(lookedOf) }, result: { ...result, sent } };
}

function lookedOf(judged: Judged): ChannelLooked {
  const { endpoint, kind, state } = judged;
  const says = state === 'broken' ? judged.message : state === 'unknown' ? judged.why : judged.note;
  return { endpoint, kind, state, ...(says !== undefined && { says }) };
}

/** What there is to see, with what pagers say just now of what people were told of. */
async function fetchListing(document: IncidentDocument, rulesAt: RulesAt, ports: CommandPorts): Promise<Listing> {
  const words = await Promise.all(
    document.incidents.map(async ({ id }) => [id, await fetchPagerWordOf(id, document.outbox, ports)] as const),
  );
  const pagerByIncident = new Map<string, PagerWord>();
  for (const [id, word] of words) if (word !== undefined) pagerByIncident.set(id, word);
  const nowMs = ports.nowMs();
  return planListing(document, rulesAt(nowMs), { pagerByIncident }, nowMs);
}
