import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import { announceDealing, announcePlan, announceToSubscribers } from './core/announcements.ts';
import { closingOf, diskChecks, faultKey, type OpenFault, openFaultOf, soundReport } from './core/faults.ts';
import { isNewsAgain, type ToldOf } from './core/lasting.ts';
import type { Announcement, Lock, Look } from './core/model.ts';
import { type Spoken, spokenOf } from './core/spoken.ts';
import type { Run, RunMemory } from './memory.ts';

/**
 * Tells once what `key` names, in one step: people hear it by the bus. What cannot be told never stops an act; it is counted and
 * logged at once, tried again where it is still true at a later look, and fails the run at its end where it never was told.
 *
 * @param options.isPressing a fault is told anew since there is less time than when it was told last
 */
export async function announce(
  run: Run,
  key: string,
  { atMs }: Pick<Look, 'atMs'>,
  announcement: Announcement,
  { isPressing = false }: { readonly isPressing?: boolean } = {},
): Promise<void> {
  const { memory, durable, ports } = run;
  const hears = hearsOf(announcement);
  if (announcement.kind === 'notice') memory.hasToldPeople = true;
  const spoken = spokenOf(announcement, `${durable.executionName}/${key}`, memory.faults, isPressing, atMs);
  const reason = await tell(run, nameOf(key, hears), () => ports.publish(spoken, atMs));
  if (reason === undefined) remember(memory, announcement, atMs);
  else await reportNotTold(run, nameOf(key, hears), announcement.headline);
}

/** What is not told is no silence: the log and a metric have it, whose alarm needs no bus. */
async function reportNotTold({ durable, ports }: Run, name: string, headline: string): Promise<void> {
  await durable.step(`not told ${name}`, async () => {
    ports.reportProblem(`the bus took no word of it, so nobody hears it: ${headline}`);
    return null;
  });
}

/** What the bus took, in this run or, of what it only looks at once more, in the one before. */
function remember(memory: RunMemory, { kind, findings, dealing }: Announcement, atMs: number): void {
  if (kind === 'fault')
    for (const one of findings)
      memory.faults.set(faultKey(one), openFaultOf(one, memory.faults.get(faultKey(one)), atMs));
  if (dealing !== undefined) memory.dealing = 'isOver' in dealing ? undefined : dealing;
}

/**
 * Tells that faults are over, in one step: a look found them gone.
 *
 * @param message what ended them
 * @param judgedChecks checks of which nothing is wrong at all: also what another run told of is over then
 */
export async function close(
  run: Run,
  { atMs }: Pick<Look, 'atMs'>,
  message: string,
  isOver: (fault: OpenFault) => boolean,
  judgedChecks: readonly string[] = [],
): Promise<void> {
  const { memory, ports } = run;
  const over = [...memory.faults].filter(([, fault]) => isOver(fault));
  if (over.length === 0 && judgedChecks.length === 0) return;
  const spoken: readonly Spoken[] = [
    ...over.map(([, fault]): Spoken => ({ kind: 'finding', news: closingOf(fault, message) })),
    ...(judgedChecks.length === 0 ? [] : [{ kind: 'report', report: soundReport(judgedChecks, atMs) } as const]),
  ];
  const name = `over ${memory.closings + 1}`;
  const reason = await tell(run, name, () => ports.publish(spoken, atMs));
  if (reason !== undefined) return reportNotTold(run, name, message);
  memory.closings += 1;
  for (const [key] of over) memory.faults.delete(key);
}

/**
 * Tells that something deals with the disk, or does so no longer, where people were told otherwise.
 *
 * @param why what a look says of it
 */
export async function tellDealing(
  run: Run,
  look: Pick<Look, 'atMs'>,
  dealing: Lock | undefined,
  why: string,
): Promise<void> {
  const { memory } = run;
  const key = `dealing ${memory.dealings + 1}`;
  if (memory.dealing?.untilMs === dealing?.untilMs && memory.dealing?.what === dealing?.what) {
    // Another word said it meanwhile, or there is nothing to say any more.
    memory.undeliveredByName.delete(peopleKey(key));
    return;
  }
  await announce(run, key, look, announceDealing(dealing, why));
  if (hasHeard(memory, key)) memory.dealings += 1;
}

/**
 * What MSK accepted, to people and at once: it cannot be undone, and what follows may take hours. Where they could not be
 * told the watch goes on, and tries again at each of its looks.
 */
export async function tellAccepted(run: Run, announcement: Announcement, atMs: number): Promise<void> {
  const key = `accepted ${run.memory.attempts}`;
  run.memory.accepted = { key, announcement };
  await announce(run, key, { atMs }, announcement);
}

/** Whether what MSK accepted still has to be told. */
export const isAcceptedUntold = ({ memory }: Run): boolean =>
  memory.accepted !== undefined && memory.undeliveredByName.has(peopleKey(memory.accepted.key));

/** One more try, inside of a look: says whether it was taken. */
export async function tellAcceptedAgain(run: Run, atMs: number): Promise<boolean> {
  const { memory, durable, ports } = run;
  const { accepted } = memory;
  if (accepted === undefined) return false;
  const key = `${durable.executionName}/${accepted.key}`;
  const spoken = spokenOf(accepted.announcement, key, memory.faults, false, atMs);
  return (await ask(() => ports.publish(spoken, atMs))).isKnown;
}

/** A look's word was taken: nothing is owed any more. */
export function settleAccepted({ memory }: Run): void {
  if (memory.accepted === undefined) return;
  settleTold(memory, peopleKey(memory.accepted.key));
  const { dealing } = memory.accepted.announcement;
  if (dealing !== undefined && !('isOver' in dealing)) memory.dealing = dealing;
}

function settleTold({ announced, undeliveredByName }: RunMemory, name: string): void {
  announced.add(name);
  undeliveredByName.delete(name);
}

const peopleKey = (key: string): string => `notify ${key}`;

/**
 * A word that could not be told before has one try a look: for as long as nobody takes any, a run's operations must do.
 *
 * @returns why it was not told; undefined where it was, now or before
 */
async function tell({ durable, memory }: Run, name: string, send: () => Promise<void>): Promise<string | undefined> {
  if (memory.announced.has(name)) return undefined;
  const isRepeated = memory.undeliveredByName.has(name);
  try {
    const why = await durable.step(name, async () => {
      if (!isRepeated) return send().then(() => null);
      const asked = await ask(send);
      return asked.isKnown ? null : asked.why;
    });
    if (why !== null) return why;
    settleTold(memory, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    memory.undeliveredByName.set(name, error.message);
    await durable.transition('not-told', { what: name });
    return error.message;
  }
}

/** Of a plan people hear nothing. */
type Hears = 'people' | 'subscribers';

const hearsOf = ({ kind }: Announcement): Hears => (kind === 'plan' ? 'subscribers' : 'people');

const nameOf = (key: string, hears: Hears): string => (hears === 'people' ? peopleKey(key) : `event ${key}`);

/** Whether they heard what `key` names, in this run or, where it only looks once more, in the one before. */
export const hasHeard = ({ announced }: RunMemory, key: string, hears: Hears = 'people'): boolean =>
  announced.has(nameOf(key, hears));

/** What of something that lasts they heard; what they heard of the run before they heard then. */
function toldOf(memory: RunMemory, key: string, hears: Hears, atMs: number): ToldOf | undefined {
  const { lasting, quiet } = memory;
  const told = lasting.get(nameOf(key, hears));
  if (told !== undefined || quiet === undefined || !hasHeard(memory, key, hears)) return told;
  return { times: 1, toldAtMs: quiet.sinceMs, seenAtMs: atMs };
}

/** Whether a look that has it is to tell of what lasts. */
export const isLastingNews = (memory: RunMemory, key: string, atMs: number, hears: Hears = 'people'): boolean =>
  isNewsAgain(toldOf(memory, key, hears, atMs), atMs);

/** Tells of what lasts where it begins, came back, or has lasted for another day; where nobody heard it the next look tries again. */
export async function announceLasting(
  run: Run,
  key: string,
  look: Pick<Look, 'atMs'>,
  announcement: Announcement,
): Promise<void> {
  const { memory } = run;
  const { atMs } = look;
  const hears = hearsOf(announcement);
  const told = toldOf(memory, key, hears, atMs);
  if (told !== undefined && !isNewsAgain(told, atMs)) {
    memory.lasting.set(nameOf(key, hears), { ...told, seenAtMs: atMs });
    // Of the run before it is still so.
    if (announcement.kind === 'fault') remember(memory, announcement, atMs);
    return;
  }
  const times = (told?.times ?? 0) + 1;
  const word = againOf(key, times);
  await announce(run, word, look, announcement);
  if (hasHeard(memory, word, hears)) memory.lasting.set(nameOf(key, hears), { times, toldAtMs: atMs, seenAtMs: atMs });
}

/** One more telling is a word of its own. */
export const againOf = (key: string, times: number): string => (times === 1 ? key : `${key} again ${times}`);

/**
 * It is over: so is every fault that was told, whoever told it. People who had a notice are told, too, and of an alarm that hangs;
 * nobody else is.
 */
export async function tellOver(run: Run, look: Look): Promise<void> {
  const { memory } = run;
  const isHanging = look.plan.action === 'none' && !look.plan.isAlarmOver;
  const over: Announcement = {
    ...announcePlan(look),
    ...(memory.dealing !== undefined && { dealing: { fault: 'disk', isOver: true } }),
  };
  await announce(run, 'over', look, isHanging || memory.hasToldPeople ? over : announceToSubscribers(look));
  await tellDealing(run, look, undefined, look.plan.message);
  await close(run, look, look.plan.message, () => true, diskChecks);
}
