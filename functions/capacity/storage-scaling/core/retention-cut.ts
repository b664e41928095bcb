import { counted } from '../../../../shared/core/counted.ts';
import { hourMs } from '../../../../shared/core/units.ts';
import { hoursOf } from './words.ts';

/** Each cut keeps half: a quarter of a topic's records is seldom worth a person's hesitation, all of it never. */
const keptShare = 0.5;
/** Nobody reads a longer list in an emergency. */
const mostCuts = 10;

/** One topic, as the broker holds it whose disk is the problem. */
export type CutCandidate = {
  readonly topic: string;
  /** Share of everything that lies on that broker's data disk, 0 to 1. */
  readonly shareOfDisk: number;
  /** Records between both ends, over all partitions. */
  readonly recordCount: number;
  readonly retentionMs?: number;
  /** Of one partition. */
  readonly retentionBytes?: number;
  readonly bytesPerPartition: number;
  readonly isCompacted: boolean;
  /** Its oldest records have been deleted already: it fills its retention, and a shorter one deletes at once. */
  readonly isBound: boolean;
  readonly isCritical: boolean;
};

type RetentionCut = {
  readonly topic: string;
  readonly setting: 'retention.ms' | 'retention.bytes';
  readonly from: number;
  readonly to: number;
  readonly freedGiB: number;
  readonly lostRecords: number;
};

/** A proposal for a person: never applied by mskeeper (C12). */
export type RetentionCutProposal = {
  readonly cuts: readonly RetentionCut[];
  readonly freedGiB: number;
  readonly lostRecords: number;
  readonly isEnough: boolean;
  /** Topics that stay out, and why. */
  readonly leftOut: { readonly compacted: number; readonly unbound: number };
};

/**
 * The emergency retention cut (C12): topics by their size on the fullest broker, critical ones last, each cut to half of
 * its retention until enough is freed. Only a topic that fills its retention frees anything at once (correction 9): a
 * younger one still grows, and a shorter retention might delete nothing of it. Freed bytes are taken in proportion, since
 * no broker tells the bytes behind a time; the newest segment of each partition stays whatever the setting.
 *
 * @param usedGiB what lies on that broker's volume
 * @param wantedGiB what must be freed there
 */
export function planRetentionCut(
  candidates: readonly CutCandidate[],
  usedGiB: number,
  wantedGiB: number,
): RetentionCutProposal {
  const deletable = candidates.filter(({ isCompacted }) => !isCompacted);
  const bound = deletable.filter(({ isBound }) => isBound);
  const byUse = bound.toSorted(
    (left, right) => Number(left.isCritical) - Number(right.isCritical) || right.shareOfDisk - left.shareOfDisk,
  );
  const cuts: RetentionCut[] = [];
  let freedGiB = 0;
  for (const candidate of byUse) {
    if (freedGiB >= wantedGiB || cuts.length === mostCuts) break;
    const cut = cutOf(candidate, usedGiB);
    if (cut === undefined) continue;
    cuts.push(cut);
    freedGiB += cut.freedGiB;
  }
  return {
    cuts,
    freedGiB,
    lostRecords: cuts.reduce((sum, { lostRecords }) => sum + lostRecords, 0),
    isEnough: freedGiB >= wantedGiB,
    leftOut: { compacted: candidates.length - deletable.length, unbound: deletable.length - bound.length },
  };
}

/** By bytes where the topic is bound by bytes, else by time; a topic that keeps everything has neither. */
function cutOf(candidate: CutCandidate, usedGiB: number): RetentionCut | undefined {
  const { topic, shareOfDisk, recordCount, retentionMs, retentionBytes, bytesPerPartition } = candidate;
  const amount = {
    freedGiB: usedGiB * shareOfDisk * (1 - keptShare),
    lostRecords: Math.round(recordCount * (1 - keptShare)),
  };
  if (retentionBytes !== undefined) {
    const to = Math.floor(Math.min(retentionBytes, bytesPerPartition) * keptShare);
    return to < 1 ? undefined : { topic, setting: 'retention.bytes', from: retentionBytes, to, ...amount };
  }
  if (retentionMs === undefined) return undefined;
  const to = Math.floor(retentionMs * keptShare);
  return to < 1 ? undefined : { topic, setting: 'retention.ms', from: retentionMs, to, ...amount };
}

/** A sentence for people, and the topic that it is about. */
export type Advice = { readonly message: string; readonly topic?: string };

/** The proposal in sentences, with what to type; that nothing could be cut is said only where something had to be. */
export function describeRetentionCut(proposal: RetentionCutProposal, wantedGiB: number): readonly Advice[] {
  const { cuts, freedGiB, lostRecords, isEnough, leftOut } = proposal;
  const aside = [
    leftOut.compacted > 0 ? `${counted(leftOut.compacted, 'compacted topic')} cannot be cut by retention` : '',
    leftOut.unbound > 0 ? `${counted(leftOut.unbound, 'topic')} not bound by retention yet would free nothing` : '',
  ].filter((text) => text !== '');
  if (wantedGiB <= 0) {
    return [
      { message: 'No retention cut is proposed: the disk that is full first needs none of its space freed now.' },
    ];
  }
  if (cuts.length === 0) {
    return [{ message: `No retention cut would free anything at once. ${aside.join('; ')}`.trim() }];
  }
  const summary = `Proposed, never applied by mskeeper: cut retention of ${counted(cuts.length, 'topic')}; about ${gib(freedGiB)} freed on the fullest broker and ${lostRecords} records lost for good, also for groups that have not read them. ${isEnough ? '' : `Not enough: ${gib(wantedGiB)} are needed. `}Afterwards set the old value again.`;
  return [
    { message: summary },
    ...cuts.map((cut) => ({ message: sentenceOf(cut), topic: cut.topic })),
    ...(aside.length === 0 ? [] : [{ message: `${aside.join('; ')}.` }]),
  ];
}

const gib = (size: number): string => `${size >= 10 ? Math.round(size) : Math.round(size * 10) / 10} GiB`;

function sentenceOf({ topic, setting, from, to, freedGiB, lostRecords }: RetentionCut): string {
  const unit = (value: number) => (setting === 'retention.ms' ? hoursOf(value / hourMs) : `${value} bytes a partition`);
  return `${topic}: ${setting} ${from} → ${to} (${unit(from)} → ${unit(to)}), about ${gib(freedGiB)}, ${lostRecords} records: kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${to}`;
}
