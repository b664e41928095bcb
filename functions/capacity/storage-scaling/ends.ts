import type { Finding } from '../../../shared/core/finding.ts';
import { ask } from '../../../shared/core/known.ts';
import { closingOf, faultKey, isTold, type OpenFault, soundReport, stillOf } from './core/faults.ts';
import type { Look } from './core/model.ts';
import type { Spoken } from './core/spoken.ts';
import type { Run, RunMemory } from './memory.ts';
import { keepUndelivered, offer, reportNotTold } from './offer.ts';

/** By which what was not told of an end is found again. */
const endName = (key: string): string => `over ${key}`;
const soundName = 'over sound';

/** A look found them gone. Told by the next `close`, and again until the bus took it or a look finds them anew. */
export function endFaults({ faults }: RunMemory, message: string, isOver: (fault: OpenFault) => boolean): void {
  for (const [key, fault] of faults) if (isOver(fault)) faults.set(key, { ...fault, endedBy: message });
}

/** A look found that they go on: that they were over, which nobody heard, is true no longer. */
export function keepOpen({ faults, undeliveredByName }: RunMemory, isOpen: (fault: OpenFault) => boolean): void {
  for (const [key, fault] of faults) {
    if (!isOpen(fault)) continue;
    const { endedBy: _none, ...open } = fault;
    faults.set(key, open);
    undeliveredByName.delete(endName(key));
  }
}

/** A look found them as they were told, by its newest numbers. */
export function see(memory: RunMemory, findings: readonly Finding[]): void {
  for (const one of findings) {
    const key = faultKey(one);
    keepOpen(memory, (fault) => faultKey(fault) === key);
    const open = memory.faults.get(key);
    if (open !== undefined && isTold(one, open)) memory.faults.set(key, { ...open, ...one });
  }
}

/** When a word about them is said: later than what was said of them before, or nobody would hear it. */
export const afterLastWord = (
  { faults }: RunMemory,
  findings: readonly Pick<Finding, 'check' | 'subject'>[],
  atMs: number,
): number =>
  Math.max(
    atMs,
    ...findings.flatMap((one) => {
      const open = faults.get(faultKey(one));
      return open === undefined ? [] : [open.saidAtMs + 1];
    }),
  );

/**
 * Tells that faults are over, in one step: all of which that is known and was not told.
 *
 * @param sound checks of which a look found nothing wrong at all: also what another run told of is over then
 */
export async function close(
  run: Run,
  { atMs }: Pick<Look, 'atMs'>,
  sound?: { readonly checks: readonly string[]; readonly message: string },
): Promise<void> {
  const { memory, ports } = run;
  const { undeliveredByName } = memory;
  const over = [...memory.faults].flatMap(([key, fault]) =>
    fault.endedBy === undefined ? [] : [{ key, fault, message: fault.endedBy }],
  );
  const names = [...over.map(({ key }) => endName(key)), ...(sound === undefined ? [] : [soundName])];
  if (names.length === 0) return;
  const saidAtMs = afterLastWord(
    memory,
    over.map(({ fault }) => fault),
    atMs,
  );
  const spoken: readonly Spoken[] = [
    ...over.map(({ fault, message }): Spoken => ({ kind: 'finding', news: closingOf(fault, message) })),
    ...(sound === undefined ? [] : [{ kind: 'report', report: soundReport(sound.checks, saidAtMs) } as const]),
  ];
  const isRepeated = names.some((name) => undeliveredByName.has(name));
  const name = `over ${memory.closings + 1}`;
  const why = await offer(run, name, isRepeated, () => ports.publish(spoken, saidAtMs));
  if (why !== undefined) {
    for (const one of names) keepUndelivered(memory, one, why);
    await reportNotTold(run, name, sound?.message ?? over.map(({ message }) => message).join(' '));
    return;
  }
  memory.closings += 1;
  for (const one of names) undeliveredByName.delete(one);
  for (const { key } of over) memory.faults.delete(key);
}

/**
 * Says of each open fault that this round said nothing of that it is as it was: so its opening is heard within the hour, where
 * its event was lost behind the bus. What the bus does not take of it the next look says.
 */
export async function tellStill(run: Run, { atMs }: Pick<Look, 'atMs'>): Promise<void> {
  const { memory, durable, ports } = run;
  const sinceMs = memory.lookedAtMs ?? atMs;
  const unsaid = [...memory.faults].filter(([, { saidAtMs, endedBy }]) => saidAtMs < sinceMs && endedBy === undefined);
  if (unsaid.length === 0) return;
  memory.stills += 1;
  const spoken = unsaid.map(([, fault]): Spoken => ({ kind: 'finding', news: stillOf(fault) }));
  const isSaid = await durable.step(`still ${memory.stills}`, async () => {
    const asked = await ask(() => ports.publish(spoken, atMs));
    if (!asked.isKnown) ports.reportProblem(`the bus took no word of what is still so: ${asked.why}`);
    return asked.isKnown;
  });
  if (isSaid) for (const [key, fault] of unsaid) memory.faults.set(key, { ...fault, saidAtMs: atMs });
}
