import { ask } from '../../../shared/core/known.ts';
import { announceDealing, announcePlan, announceToSubscribers } from './core/announcements.ts';
import { diskChecks, faultKey, isTold, openFaultOf } from './core/faults.ts';
import { isNewsAgain, type ToldOf } from './core/lasting.ts';
import type { Announcement, Lock, Look } from './core/model.ts';
import { spokenOf } from './core/spoken.ts';
import { afterLastWord, close, endFaults, keepOpen, see } from './ends.ts';
import type { Run, RunMemory } from './memory.ts';
import { keepUndelivered, offer, reportNotTold } from './offer.ts';

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
  const saidAtMs = announcement.kind === 'fault' ? afterLastWord(memory, announcement.findings, atMs) : atMs;
  const spoken = spokenOf(announcement, `${durable.executionName}/${key}`, memory.faults, isPressing, saidAtMs);
  const reason = await tell(run, nameOf(key, hears), () => ports.publish(spoken, saidAtMs));
  if (reason === undefined) remember(memory, announcement, saidAtMs);
  else await reportNotTold(run, nameOf(key, hears), announcement.headline);
}

/** What the bus took. */
function remember(memory: RunMemory, { kind, findings, names, dealing }: Announcement, saidAtMs: number): void {
  if (kind === 'fault') {
    for (const one of findings) {
      const key = faultKey(one);
      keepOpen(memory, (fault) => faultKey(fault) === key);
      memory.faults.set(key, openFaultOf(one, memory.faults.get(key), saidAtMs, names));
    }
  }
  if (dealing !== undefined) memory.dealing = 'isOver' in dealing ? undefined : dealing;
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

/** @returns why it was not told; undefined where it was, now or before */
async function tell(run: Run, name: string, send: () => Promise<void>): Promise<string | undefined> {
  const { memory } = run;
  if (memory.announced.has(name)) return undefined;
  const why = await offer(run, name, memory.undeliveredByName.has(name), send);
  if (why === undefined) settleTold(memory, name);
  else keepUndelivered(memory, name, why);
  return why;
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
  return { toldAtMs: quiet.sinceMs, seenAtMs: atMs };
}

/**
 * Whether a look that has it is to tell of what lasts. Of a fault that the bus has not open as it is now, whatever was told of it
 * before, and by whom: of two words of an opening nobody hears the second.
 */
export const isLastingNews = (memory: RunMemory, key: string, atMs: number, announcement: Announcement): boolean =>
  (announcement.kind === 'fault' &&
    !announcement.findings.every((one) => isTold(one, memory.faults.get(faultKey(one))))) ||
  isNewsAgain(toldOf(memory, key, hearsOf(announcement), atMs), atMs);

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
  const name = nameOf(key, hears);
  const told = toldOf(memory, key, hears, atMs);
  if (told !== undefined && !isLastingNews(memory, key, atMs, announcement)) {
    memory.lasting.set(name, { ...told, seenAtMs: atMs });
    if (announcement.kind === 'fault') see(memory, announcement.findings);
    return;
  }
  const word = nextWord(memory, key, hears);
  await announce(run, word, look, announcement);
  if (hasHeard(memory, word, hears)) memory.lasting.set(name, { toldAtMs: atMs, seenAtMs: atMs });
}

/** One more telling is a word of its own, and the same one until it is told. */
export function nextWord(memory: RunMemory, key: string, hears: Hears = 'people'): string {
  let word = key;
  for (let times = 2; hasHeard(memory, word, hears); times += 1) word = `${key} again ${times}`;
  return word;
}

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
  endFaults(memory, look.plan.message, () => true);
  await close(run, look, { checks: diskChecks, message: look.plan.message });
}
