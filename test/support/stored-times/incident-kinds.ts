import type { Heard } from '../../../functions/health/incident/core/advance.ts';
import type { IncidentDocument } from '../../../functions/health/incident/core/document.ts';
import { isWaiting } from '../../../functions/health/incident/core/outbox.ts';
import type { Word } from '../../../functions/health/incident/core/words.ts';
import { incidentDocument } from '../../../functions/health/incident/document-schema.ts';
import { wakeIncident } from '../../../functions/health/incident/wake.ts';
import { openFindingsDocument } from '../../../shared/aws/open-findings-document.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../shared/core/units.ts';
import { finding } from '../incident/builders.ts';
import { usualRules } from '../incident/rules.ts';
import { type IncidentWorld, openIncidentWorld } from '../incident/world.ts';
import { type Kind, nowMs, type Reading } from './forgeries.ts';
import { endedFault, fullDocument, oldIntent, overDisk, waiting } from './incident-document.ts';

const never = Number.POSITIVE_INFINITY;
const openWorld = (document: IncidentDocument): IncidentWorld =>
  Object.assign(
    openIncidentWorld(() => usualRules, nowMs),
    { document },
  );

/** Every minute, then every five, then every hour for longer than a day. */
const minutesOn = [
  ...Array.from({ length: 16 }, (_, index) => index),
  ...Array.from({ length: 21 }, (_, index) => 20 + 5 * index),
  ...Array.from({ length: 25 }, (_, index) => 180 + 60 * index),
];

/** How long each of these has to wait; infinite for what never came. */
async function waitsIn<Name extends string>(
  world: IncidentWorld,
  isThere: Readonly<Record<Name, () => boolean>>,
  heardAt: (minute: number) => Partial<Heard>,
): Promise<Readonly<Record<Name, number>>> {
  const waitsMs = new Map<string, number>();
  for (const minute of minutesOn) {
    world.nowMs = nowMs + minute * minuteMs;
    await world.run(heardAt(minute));
    for (const [name, isNow] of Object.entries<() => boolean>(isThere)) {
      if (!waitsMs.has(name) && isNow()) waitsMs.set(name, minute * minuteMs);
    }
    if (waitsMs.size === Object.keys(isThere).length) break;
  }
  const names = Object.keys(isThere) as Name[];
  return Object.fromEntries(names.map((name) => [name, waitsMs.get(name) ?? never])) as Record<Name, number>;
}

/** Whether somebody was woken of a symptom. */
const isWoken = ({ document, received }: IncidentWorld, key: string): boolean =>
  (document?.incidents ?? []).some(
    ({ id, severity, members }) =>
      severity === 'emergency' &&
      members.some((one) => one.key === key && one.goneAtMs === undefined) &&
      received.some((one) => one.endpoint === 'phone' && one.action === 'trigger' && one.id.startsWith(`${id}/`)),
  );

/** An event that was twenty seconds on its way. */
const worst = (word: Word): Word => {
  const atMs = nowMs - 20 * secondMs;
  return { ...word, severity: 'emergency', sinceMs: atMs, atMs };
};

async function readP0(document: IncidentDocument, word: Word): Promise<number> {
  const world = openWorld(document);
  const { it } = await waitsIn(world, { it: () => isWoken(world, word.key) }, (minute) =>
    minute === 0 ? { words: [worst(word)] } : {},
  );
  return it;
}

async function readIncidents(stored: unknown): Promise<Reading> {
  const document = incidentDocument.parse(stored);
  const world = openWorld(document);
  const isCalled = (id: string) => (): boolean =>
    world.received.some(({ action, key }) => action === 'trigger' && new RegExp(`^${id}/\\w+/\\d+$`).test(key));
  const isOpen = (wanted: string): boolean =>
    world.document?.incidents.some(({ id, openedAtMs }) => id === wanted && openedAtMs !== undefined) === true;
  const isOver = (id: string) => (): boolean =>
    world.document?.outbox.some((one) => one.id === id && isWaiting(one)) !== true;
  const isSent = (id: string) => (): boolean => world.received.some((one) => one.id === id);
  const again = { key: 'report', procedure: 'daily-report', topic: 'operations', severity: 'notice' } as const;
  const waitsMs = await waitsIn(
    world,
    {
      'a step of the ladder': isCalled('1'),
      'a step of what is dealt with': isCalled('2'),
      'the end of what is quiet': () => world.document?.incidents.every(({ id }) => id !== '3') === true,
      'the first page': () => isOpen('4'),
      'a page that failed': isSent(waiting['a page that failed']),
      'a page that a dead run claimed': isSent(waiting['a page that a dead run claimed']),
      'an end': isSent(waiting['an end']),
      // What is a day old is no news any more, and nobody hears the end of what nobody heard.
      'a notice': isOver(waiting['a notice']),
      'the end of a notice that stands': isOver(waiting['the end of a notice that stands']),
      'the same notice anew': () => world.received.some(({ key }) => key === again.key),
    },
    () => ({
      notices: [{ ...again, atMs: world.nowMs, headline: 'The report.', findings: [], names: [], isIntent: false }],
    }),
  );
  return {
    hasActed: world.receipts.includes(oldIntent),
    waitsMs: {
      'a P0': await readP0(document, endedFault),
      'a P0 that was over': await readP0(document, overDisk),
      ...waitsMs,
    },
  };
}

/** So far apart two of the minutes above lie at most, and two clocks. */
const coarseMs = hourMs;
const skewMs = 2 * minuteMs;

const lost = finding('ends-fell', 'topic orders');
const eased = finding('offline-partitions', 'cluster', { reason: 'no-leader' });
const gone = finding('critical-topic', 'topic orders');
const open = ({ check, subject, reason }: Word, severity: string) => [
  `${check}|${subject}`,
  {
    ...{ severity, reason, sinceMs: nowMs - 20 * minuteMs },
    finding: { reason, message: `${check} of ${subject}`, sources: ['brokers'], evidence: {} },
  },
];
const judged = (atMs: number) => ['ends-fell', 'offline-partitions', 'critical-topic'].map((check) => [check, atMs]);
const lookMs = nowMs - 4 * minuteMs;
/** What the newest look left: one P0 whose event was lost, and what was no more than a remark then. */
const memory = {
  ...{ version: 1, runId: 'run-1', atMs: lookMs, open: [open(lost, 'emergency'), open(eased, 'notice')] },
  ...{ judged: judged(lookMs), judgedWhole: judged(lookMs), names: [] },
};

/**
 * Sweeps by a memory that cluster-health writes anew a minute later. A P0's event just came, of which the look before it knew no
 * more than a remark; what is over ended before that look.
 */
async function readFindings(stored: unknown): Promise<Reading> {
  const world = openWorld({ ...fullDocument, incidents: [], ended: [], works: [], outbox: [] });
  const opened = [gone, eased].map((word) => ({
    ...word,
    ...{ sinceMs: lookMs - 16 * minuteMs, atMs: lookMs - 16 * minuteMs },
  }));
  world.nowMs = nowMs - minuteMs;
  await world.run({ words: [...opened.slice(0, 1), worst(eased)] });
  const waitsMs = { 'a P0 whose event was lost': never, 'an end': never, 'a P0 that just began, away': 0 };
  for (let minute = 0; minute <= 30; minute += 1) {
    world.nowMs = nowMs + minute * minuteMs;
    const isMended = minute >= 1;
    const left = isMended
      ? {
          ...{ ...memory, atMs: nowMs, open: [open(lost, 'emergency'), open(eased, 'emergency')] },
          ...{ judged: judged(nowMs), judgedWhole: judged(nowMs) },
        }
      : stored;
    await wakeIncident(
      { kind: 'minute' },
      () => ({ accountId: '111122223333', region: 'eu-west-1', prefix: 'mskeeper/orders/', alarms: [] }),
      () => usualRules,
      { ...world.ports(), fetchOpenFindings: async () => openFindingsDocument.parse(left) },
    );
    const members = world.document?.incidents.flatMap((one) => one.members) ?? [];
    const isThere = (word: Word): boolean =>
      members.some(
        (one) => one.key === word.key && one.goneAtMs === undefined && one.severity === 'emergency' && !one.isUnproven,
      );
    const note = (name: keyof typeof waitsMs, isNow: boolean) => {
      if (isNow) waitsMs[name] = Math.min(waitsMs[name], minute * minuteMs);
    };
    note('a P0 whose event was lost', isWoken(world, lost.key));
    note('an end', !members.some(({ key }) => key === gone.key));
    if (!isThere(eased)) waitsMs['a P0 that just began, away'] += minuteMs;
  }
  return { hasActed: false, waitsMs };
}

export const incidentKinds: readonly Kind[] = [
  {
    what: 'what incident knows',
    schemaName: 'incidentDocument',
    sounds: [JSON.parse(JSON.stringify(fullDocument))],
    read: readIncidents,
    longestMs: {
      'a P0': 0,
      'a P0 that was over': 0,
      'a step of the ladder': 30 * minuteMs,
      // Its work may take a day.
      'a step of what is dealt with': dayMs + coarseMs,
      'the end of what is quiet': 10 * minuteMs,
      'the first page': 5 * minuteMs,
      'a page that failed': 5 * minuteMs,
      'a page that a dead run claimed': 2 * minuteMs + skewMs,
      'an end': 5 * minuteMs,
      'a notice': 5 * minuteMs,
      'the end of a notice that stands': 4 * hourMs + skewMs + coarseMs,
      'the same notice anew': dayMs + skewMs + coarseMs,
    },
  },
  {
    what: 'what incident reads of cluster-health',
    schemaName: 'openFindingsDocument',
    sounds: [memory],
    read: readFindings,
    longestMs: {
      'a P0 whose event was lost': 5 * minuteMs,
      'an end': 20 * minuteMs,
      'a P0 that just began, away': 0,
    },
  },
];
