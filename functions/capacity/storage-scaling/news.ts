import { DependencyError } from '../../../shared/core/errors.ts';
import { announceIncident, announcePlan } from './core/announcements.ts';
import type { Announcement, Look } from './core/model.ts';
import { fetchRetentionCut } from './look.ts';
import type { Run, RunMemory } from './memory.ts';

/**
 * Tells once what `key` names: people in one step, the bus in another. What cannot be told never stops an act; it is tried
 * again where it is still true at a later look, and fails the run at its end where it never was told.
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
    await tell(run, peopleKey(key), () => run.ports.notify(announcement, atMs));
  }
  const { event } = announcement;
  if (event !== undefined) await tell(run, `event ${key}`, () => run.ports.publish({ ...announcement, event }, atMs));
}

/** Whether people heard what `key` names. */
const hasTold = ({ announced }: RunMemory, key: string): boolean => announced.has(peopleKey(key));

const peopleKey = (key: string): string => `notify ${key}`;

async function tell({ durable, memory }: Run, name: string, send: () => Promise<void>): Promise<void> {
  if (memory.announced.has(name)) return;
  try {
    await durable.step(name, () => send().then(() => null));
    memory.announced.add(name);
    memory.undeliveredByName.delete(name);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    memory.undeliveredByName.set(name, error.message);
    await durable.transition('not-told', { what: name });
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
