import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import { requireTaken } from '../../../shared/telling/tell.ts';
import { announceIncident, announceNotTold, announcePlan } from './core/announcements.ts';
import type { Announcement, BusAnnouncement, Look } from './core/model.ts';
import { fetchRetentionCut } from './look.ts';
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
  hears: 'people' | 'bus' = 'people',
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
  if (reason !== undefined) await reportNotTold(run, `event ${key}`, undefined, atMs);
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

/** Whether people heard what `key` names. */
const hasTold = ({ announced }: RunMemory, key: string): boolean => announced.has(peopleKey(key));

const peopleKey = (key: string): string => `notify ${key}`;

/** @returns why it was not told; undefined where it was, now or before */
async function tell({ durable, memory }: Run, name: string, send: () => Promise<void>): Promise<string | undefined> {
  if (memory.announced.has(name)) return undefined;
  try {
    await durable.step(name, () => send().then(() => null));
    settleTold(memory, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    memory.undeliveredByName.set(name, error.message);
    await durable.transition('not-told', { what: name });
    return error.message;
  }
}

/** What was unknown at the third look in a row is told: as cluster-health, which asks three times, too. */
const holdsUntilNews = 2;

/** Once for each reason. A page says it already, a minute's silence of a source is no news, and a burst is none yet. */
export async function tellHold(run: Run, look: Look, reason: string): Promise<void> {
  const isNews = reason !== 'unknown' || run.memory.holdCount >= holdsUntilNews;
  if (!isNews) return;
  const isForPeople = look.incident === null && reason !== 'not-long-enough' && reason !== 'alarm-not-over';
  await announce(run, `hold ${reason}`, look, announcePlan(look), isForPeople ? 'people' : 'bus');
}

/** Hours to full below which a page that was read is told once more. */
const tellAgainHours: readonly number[] = [24, 6, 2, 0.5];

/**
 * Once for each kind of incident, and again as the time to full shrinks, with the retention cut that a person may apply
 * (C12).
 */
export async function tellIncident(run: Run, look: Look): Promise<void> {
  const { durable, ports, memory } = run;
  const { incident } = look;
  if (incident === null) return;
  const { reason } = incident.finding;
  const hoursToFull = incident.hoursToFull ?? Number.POSITIVE_INFINITY;
  const urgency = tellAgainHours.filter((hours) => hoursToFull <= hours).length;
  const keyOf = (level: number) => `incident ${reason} ${level}`;
  const asUrgent = [...tellAgainHours.keys(), tellAgainHours.length].filter((level) => level >= urgency);
  if (asUrgent.some((level) => hasTold(memory, keyOf(level)))) return;
  const key = keyOf(urgency);
  const proposal = await durable.step(`cut ${reason} ${urgency}`, () => fetchRetentionCut(ports, incident.space));
  await announce(run, key, look, announceIncident(incident.finding, proposal));
}

/** People who were told of something are told that it is over, and of an alarm that hangs; nobody else is. */
export const tellOver = (run: Run, look: Look): Promise<void> => {
  const isForPeople = run.memory.hasToldPeople || (look.plan.action === 'none' && !look.plan.isAlarmOver);
  return announce(run, 'over', look, announcePlan(look), isForPeople ? 'people' : 'bus');
};
