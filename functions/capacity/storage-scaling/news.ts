import { announceIncident, announcePlan } from './core/announcements.ts';
import type { Look } from './core/model.ts';
import { fetchRetentionCut } from './look.ts';
import { announce, hasTold, type Run } from './memory.ts';

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
  const { reason, evidence } = incident.finding;
  const hoursToFull = Number(evidence.hoursToFull ?? Number.POSITIVE_INFINITY);
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
  const isForPeople = run.memory.hasToldPeople || look.plan.evidence.isAlarmOver === false;
  return announce(run, 'over', look, announcePlan(look), isForPeople ? 'people' : 'bus');
};
