import type { VoidAnswer } from '../../../shared/acting/core/request.ts';
import type { Decided } from '../../../shared/durable/approval.ts';
import type { Durable } from '../../../shared/durable/durable.ts';
import type { EpisodeInput, Quiet } from '../../../shared/durable/episode.ts';
import type { OpenFault } from './core/faults.ts';
import type { ToldIncident, ToldOf } from './core/lasting.ts';
import type { Announcement, Lock } from './core/model.ts';
import type { LookMemory } from './core/observation.ts';
import type { Ports } from './ports.ts';

/** What a run knows of itself. Every change comes out of a step's value, so a replay makes the same memory. */
export type RunMemory = {
  /** When its days began: the episode's opening, or the first look where that says it is still to come. */
  beganAtMs: number | undefined;
  looks: number;
  attempts: number;
  holdCount: number;
  calmCount: number;
  firstVolumeGiB: number | undefined;
  optimizing: { readonly count: number; readonly lastAtMs: number } | undefined;
  stoppedBy: string | undefined;
  refusals: number;
  uncertain: number;
  /** Whether the episode's document vouches for the input, once it could be read. */
  inputDoubt: { readonly why: string | undefined } | undefined;
  /** What people heard of the run before, where the intake says so. */
  quiet: Quiet | undefined;
  /** Each for one change of size at most. */
  yeses: readonly (Decided & { readonly fromGiB: number; readonly toGiB: number })[];
  /** Answers to what was asked that counted for nothing, in their order, each with why in words that follow on "since". */
  readonly voidAnswers: (VoidAnswer & { readonly since: string })[];
  /** What MSK accepted last, as people are told of it. */
  accepted: { readonly key: string; readonly announcement: Announcement } | undefined;
  /** When it looked at the disks last. */
  lookedAtMs: number | undefined;
  /** Looks in a row that found something unknown, and since when. */
  unknown: { readonly count: number; readonly sinceMs: number } | undefined;
  /** What lasts and was told, by its name. */
  readonly lasting: Map<string, ToldOf>;
  /** Incidents that people heard of, by reason. */
  readonly incidents: Map<string, ToldIncident>;
  /** Faults that the bus has open. */
  readonly faults: Map<string, OpenFault>;
  /** What people were told deals with the disk. */
  dealing: Lock | undefined;
  /** Words of their own about faults that are over, that are as they were, and about what deals with the disk, so far. */
  closings: number;
  stills: number;
  dealings: number;
  readonly announced: Set<string>;
  /** People had a notice: of faults they hear the end by incident. */
  hasToldPeople: boolean;
  readonly undeliveredByName: Map<string, string>;
};

export const newMemory = (): RunMemory => ({
  beganAtMs: undefined,
  looks: 0,
  attempts: 0,
  holdCount: 0,
  calmCount: 0,
  firstVolumeGiB: undefined,
  optimizing: undefined,
  stoppedBy: undefined,
  refusals: 0,
  uncertain: 0,
  inputDoubt: undefined,
  quiet: undefined,
  yeses: [],
  voidAnswers: [],
  accepted: undefined,
  lookedAtMs: undefined,
  unknown: undefined,
  lasting: new Map(),
  incidents: new Map(),
  faults: new Map(),
  dealing: undefined,
  closings: 0,
  stills: 0,
  dealings: 0,
  announced: new Set(),
  hasToldPeople: false,
  undeliveredByName: new Map(),
});

export const lookMemoryOf = ({
  holdCount,
  calmCount,
  firstVolumeGiB,
  optimizing,
  stoppedBy,
}: RunMemory): LookMemory => ({
  holdCount,
  calmCount,
  ...(firstVolumeGiB !== undefined && { firstVolumeGiB }),
  ...(optimizing !== undefined && { optimizing }),
  ...(stoppedBy !== undefined && { stoppedBy }),
});

/** One run: what it was started with, its durable calls, its outside, what it remembers. */
export type Run = {
  readonly input: EpisodeInput;
  readonly durable: Durable;
  readonly ports: Ports;
  readonly memory: RunMemory;
};
