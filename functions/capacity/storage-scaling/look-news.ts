import { announceDenied, announceIncident, announcePlan, announceToSubscribers } from './core/announcements.ts';
import { fillingChecks, type OpenFault } from './core/faults.ts';
import { longestBlindMs } from './core/guards.ts';
import { isIncidentNews, isPressingAgain, seeIncident, tellOfIncident, urgencyOf } from './core/lasting.ts';
import type { Denied, Look } from './core/model.ts';
import { close, endFaults, keepOpen, see, tellStill } from './ends.ts';
import { fetchRetentionCut } from './look.ts';
import type { Run, RunMemory } from './memory.ts';
import { announce, announceLasting, hasHeard, isLastingNews, nextWord, tellDealing } from './news.ts';

/** What was unknown at the third look in a row is told: as cluster-health, which asks three times, too. */
const looksUntilNews = 3;

/** Keeps of a look what later ones are judged by. */
export function noteLook({ memory }: Run, { atMs, plan }: Look): void {
  memory.lookedAtMs = atMs;
  const before = memory.unknown;
  memory.unknown =
    plan.reason === 'unknown' ? { count: (before?.count ?? 0) + 1, sinceMs: before?.sinceMs ?? atMs } : undefined;
}

/**
 * What lasts of a hold, by name. A source's silence of a minute is no news; one that goes on is, and one that will be the same in
 * a minute is at once.
 */
function holdKey({ unknown }: RunMemory, { plan, atMs }: Look): string | undefined {
  if (plan.action !== 'hold') return undefined;
  if (plan.reason !== 'unknown') return `hold ${plan.reason}`;
  const { unanswered } = plan;
  const { count = 1, sinceMs = atMs } = unknown ?? {};
  const isNews = unanswered?.failure === 'denied' || count >= looksUntilNews || atMs >= sinceMs + longestBlindMs;
  if (!isNews) return undefined;
  return unanswered === undefined ? 'hold unknown' : `hold unknown ${unanswered.call}`;
}

/** Each reason as long as it lasts. A page says it already, and a burst is none yet. */
export async function tellHold(run: Run, look: Look): Promise<void> {
  const { reason } = look.plan;
  const key = holdKey(run.memory, look);
  if (key === undefined) return;
  const isForPeople = look.incident === null && reason !== 'not-long-enough' && reason !== 'alarm-not-over';
  await announceLasting(run, key, look, isForPeople ? announcePlan(look) : announceToSubscribers(look));
}

/**
 * Each kind of incident as long as it lasts, and again as the time to full shrinks, with the retention cut that a person may
 * apply (C12). What is less pressing than what people heard is no news, unless the bus has it closed meanwhile.
 */
async function tellIncident(run: Run, look: Look): Promise<void> {
  const { durable, ports, memory } = run;
  const { incident, atMs } = look;
  if (incident === null) return;
  const { finding, hoursToFull, space } = incident;
  const { reason } = finding;
  keepOpen(memory, isFilling);
  const isOpen = [...memory.faults.values()].some((fault) => isFilling(fault) && fault.reason === reason);
  const told = isOpen ? memory.incidents.get(reason) : undefined;
  const urgency = urgencyOf(hoursToFull);
  if (told !== undefined && !isIncidentNews(told, urgency, atMs)) {
    memory.incidents.set(reason, seeIncident(told, urgency, atMs));
    see(memory, [finding]);
    return;
  }
  const word = nextWord(memory, `incident ${reason}`);
  const proposal = await durable.step(word.replace('incident', 'cut'), () => fetchRetentionCut(ports, space));
  const isPressing = told !== undefined && isPressingAgain(told, atMs);
  await announce(run, word, look, announceIncident(finding, proposal), { isPressing });
  if (hasHeard(memory, word)) memory.incidents.set(reason, tellOfIncident(told, urgency, atMs));
}

const isFilling = ({ check }: OpenFault): boolean => fillingChecks.includes(check);
const isUnknown = ({ check, reason }: OpenFault): boolean => check === 'storage-scaling' && reason === 'unknown';

/** A look that knows the disks ends what was unknown, and where it finds that help comes in time, what was told of them. */
async function tellEnds(run: Run, look: Look): Promise<void> {
  const { plan, incident } = look;
  if (plan.reason !== 'unknown')
    endFaults(run.memory, plan.message, (fault) => isUnknown(fault) || (incident === null && isFilling(fault)));
  await close(run, look);
}

const deniedKey = ({ call }: Denied): string => `denied ${call}`;

/** What the role may not ask, each call as long as that lasts: where a plan does not stand on it, it says nothing of it. */
export async function tellDenied(run: Run, { atMs, denied = [] }: Pick<Look, 'atMs' | 'denied'>): Promise<void> {
  for (const one of denied) await announceLasting(run, deniedKey(one), { atMs }, announceDenied(one));
}

export const isNewlyDenied = ({ memory }: Run, { atMs, denied = [] }: Pick<Look, 'atMs' | 'denied'>): boolean =>
  denied.some((one) => isLastingNews(memory, deniedKey(one), atMs, announceDenied(one)));

/** What people hear of each look: how the disks stand, and what may not be read. */
export async function tellLook(run: Run, look: Look): Promise<void> {
  noteLook(run, look);
  await tellIncident(run, look);
  await tellEnds(run, look);
  await tellDenied(run, look);
}

/** Nothing deals with a disk that is full before help, or of which nobody knows how it stands. */
const isNotDealtWith = ({ memory }: Run, look: Look): boolean =>
  look.incident !== null || (look.plan.reason === 'unknown' && holdKey(memory, look) !== undefined);

/** What people hear of a look that is taken while the run waits for something else: no plan comes of it. */
export async function tellMeanwhile(run: Run, look: Look): Promise<void> {
  await tellLook(run, look);
  if (look.plan.reason === 'unknown') await tellHold(run, look);
  if (isNotDealtWith(run, look)) await tellDealing(run, look, undefined, look.plan.message);
  await tellStill(run, look);
}

/** What deals with the disk from this look on, as far as a plan comes of it. */
export const tellWhatDeals = (run: Run, look: Look): Promise<void> => {
  const isStill = look.plan.reason === 'unknown' && !isNotDealtWith(run, look);
  return tellDealing(run, look, isStill ? run.memory.dealing : look.dealing, look.plan.message);
};
