import type { Evidence } from '../../../../shared/core/plan.ts';
import { hourMs } from '../../../../shared/core/units.ts';
import type { StorageFacts } from './facts.ts';

/** `81.5 %`. */
export const percentOf = (percent: number): string => `${round(percent, 1)} %`;

/** `2026-03-01 09:04 UTC`. */
export const timeOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `3.2 h`, minutes below an hour, days above three. */
export const hoursOf = (hours: number): string => {
  if (hours < 1) return `${Math.max(1, Math.floor(hours * 60))} min`;
  return hours > 72 ? `${round(hours / 24, 1)} days` : `${round(hours, 1)} h`;
};

export const round = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

/** The numbers that every plan carries, so that an audit can be read without the metrics. */
export const evidenceOf = (facts: StorageFacts, thresholdPercent: number): Evidence => {
  const { fullest, firstFull, volumeGiB, lock } = facts;
  const filling = firstFull?.filling;
  return {
    volumeGiB,
    fullestBroker: fullest.brokerId,
    usedPercent: round(fullest.usedPercent, 2),
    thresholdPercent,
    ...(firstFull !== undefined &&
      filling !== undefined && {
        fullFirstBroker: firstFull.brokerId,
        hoursToFull: round(filling.hoursToFull, 2),
        paceGiBPerHour: round((filling.percentPerHour * volumeGiB) / 100, 3),
        paceSeenHours: round(filling.seenHours, 2),
      }),
    lock: lock.state,
    ...(lock.state === 'held' && { lockHeldUntilMs: lock.heldUntilMs }),
    ...((lock.state === 'held' || lock.state === 'uncertain') && { lockUncertainUntilMs: lock.uncertainUntilMs }),
  };
};

/** How long the disk lasts, in a sentence. */
export const fillingOf = ({ firstFull }: StorageFacts): string =>
  firstFull?.filling === undefined
    ? 'How soon it is full is unknown: it does not fill now, or not within a year, or there is too little history.'
    : `At its present pace broker ${firstFull.brokerId}'s disk is full in ${hoursOf(firstFull.filling.hoursToFull)}.`;

/** Hours from now until a time; 0 for one that has passed. */
export const hoursUntil = (atMs: number, nowMs: number): number => Math.max(0, atMs - nowMs) / hourMs;
