import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import { requireTaken } from '../../../shared/telling/tell.ts';
import { announceBusNotTold, announceNotTold, announcePlan } from './core/announcements.ts';
import { isNewsAgain, type ToldOf } from './core/lasting.ts';
import type { Announcement, BusAnnouncement, Look } from './core/model.ts';
import type { Run, RunMemory } from './memory.ts';

/**
 * Tells once what `key` names: people in one step, the bus in another. What cannot be told never stops an act; it is counted
 * and said on the bus at once, tried again where it is still true at a later look, and fails the run at its end where it
 * never was told.
 */
export async function announce(
  run: Run,
  key: string,
  { atMs }: Pick<Look, 'atMs'>,
  announcement: Announcement,
  hears: Hears = 'people',
): Promise<void> {
  if (hears === 'people') {
    run.memory.hasToldPeople = true;
    const send = () => sendToPeople(run, key, announcement, atMs).then(requireTaken);
    const reason = await tell(run, peopleKey(key), send);
    if (reason !== undefined) await reportNotTold(run, key, announceNotTold(announcement, reason), atMs);
  }
  const { event } = announcement;
  if (event === undefined) return;
  const reason = await tell(run, `event ${key}`, () => run.ports.publish({ ...announcement, event }, atMs));
  if (reason === undefined) return;
  await reportNotTold(run, `event ${key}`, undefined, atMs);
  await announceLasting(run, 'bus-not-told', { atMs }, announceBusNotTold(reason));
}

/** The word under a key that is the same at every repeat, and no other run's. */
const sendToPeople = ({ durable, ports }: Run, key: string, announcement: Announcement, atMs: number) =>
  ports.tell(announcement, `${durable.executionName}/${key}`, atMs);

/** What is not told is no silence: the log and a metric have it, and the bus, where that takes it. */
async function reportNotTold({ durable, ports }: Run, key: string, said: BusAnnouncement | undefined, atMs: number) {
  await durable.step(`not told ${key}`, async () => {
    ports.reportProblem(said?.headline ?? `the bus was not told: ${key}`);
    if (said !== undefined) await ask(() => ports.publish(said, atMs));
    return null;
  });
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
  const { accepted } = run.memory;
  return accepted !== undefined && (await sendToPeople(run, accepted.key, accepted.announcement, atMs)).isTaken;
}

/** A look's word was taken: nothing is owed any more. */
export function settleAccepted({ memory }: Run): void {
  if (memory.accepted !== undefined) settleTold(memory, peopleKey(memory.accepted.key));
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

type Hears = 'people' | 'bus';

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
  hears: Hears = 'people',
): Promise<void> {
  const { memory } = run;
  const { atMs } = look;
  const told = toldOf(memory, key, hears, atMs);
  if (told !== undefined && !isNewsAgain(told, atMs)) {
    memory.lasting.set(nameOf(key, hears), { ...told, seenAtMs: atMs });
    return;
  }
  const times = (told?.times ?? 0) + 1;
  const word = againOf(key, times);
  await announce(run, word, look, announcement, hears);
  if (hasHeard(memory, word, hears)) memory.lasting.set(nameOf(key, hears), { times, toldAtMs: atMs, seenAtMs: atMs });
}

/** One more telling is a word of its own. */
export const againOf = (key: string, times: number): string => (times === 1 ? key : `${key} again ${times}`);

/** People who were told of something are told that it is over, and of an alarm that hangs; nobody else is. */
export const tellOver = (run: Run, look: Look): Promise<void> => {
  const isForPeople = run.memory.hasToldPeople || (look.plan.action === 'none' && !look.plan.isAlarmOver);
  return announce(run, 'over', look, announcePlan(look), isForPeople ? 'people' : 'bus');
};
