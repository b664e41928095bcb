import * as z from 'zod';
import type { Stored, WriteCondition } from '../aws/store.ts';
import { isAhead, isWithin } from '../core/clocks.ts';
import { DependencyError } from '../core/errors.ts';
import { atMs } from '../text/plain-schemas.ts';
import { countedWakes, countWake, findLoss, standingWakes } from './counted-wakes.ts';

/**
 * What people heard of the run before, and since when: a run that only looks once more says none of it again.
 *
 * @property names as that run kept them
 */
export const quietSchema = z.strictObject({ sinceMs: atMs, names: z.array(z.string().min(1).max(200)).max(100) });
export type Quiet = z.infer<typeof quietSchema>;

/**
 * Beyond it nobody counted: one episode a minute would take centuries. A document that says more was written by somebody who
 * wants no number to follow, and counts as damaged; a name that says more is none of an episode.
 */
const mostEpisodes = 900_000_000;

const counted = {
  version: z.literal(1),
  episode: z.number().int().positive().max(mostEpisodes),
  openedAtMs: atMs,
  /** Who or what opened it: an alarm's name, a forecast, a person's name. */
  openedBy: z.string().min(1).max(700),
  /** AWS said so when it opened: STS of a person, CloudWatch of an alarm. Absent for what somebody wrote. */
  isOpenerProven: z.literal(true).exactOptional(),
  quiet: quietSchema.exactOptional(),
};

/** What a durable run that belongs to an episode is started with: the same bytes by whoever starts it. */
export const episodeInput = z.strictObject({ ...counted, cluster: z.string().min(1) });
export type EpisodeInput = z.infer<typeof episodeInput>;

/** `state/<procedure>/<cluster>.json`: the newest episode, whether its run was started, is under way or has ended. */
export const episodeDocument = z.strictObject({
  ...counted,
  /** The configuration of the intake that opened it; absent where the document was lost and made anew. */
  configuration: z.string().min(1).max(100).exactOptional(),
  wakes: countedWakes.exactOptional(),
  /** When the document was made anew, and what it said of wakes was lost: until they are too old none proves anybody. */
  wakesLostAtMs: atMs.exactOptional(),
  /** One before it could not be read, and people have not heard that yet: the next wake-up tells them. */
  isUntold: z.literal(true).exactOptional(),
});
export type EpisodeDocument = z.infer<typeof episodeDocument>;

/** What Lambda knows of a name: nothing, or an execution that runs or has ended. */
export type RunStatus = 'running' | 'ended' | 'unknown';

/** How Lambda says that a run stands. */
export type RunEnd = {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** The error of one that failed, where its words are AWS's or ours. */
  readonly why?: string;
  /** The outcome of one that did all it was to do and failed since it could not tell it. */
  readonly doneAs?: string;
};

export type EpisodePorts = {
  /** Names the configuration that a run started now would have: a run keeps the one that it began with. */
  readonly configuration: string;
  readonly nowMs: () => number;
  readonly fetchEpisode: () => Promise<Stored<EpisodeDocument> | undefined>;
  /** `always`: over one that cannot be read, which is kept for people. @throws DependencyError `conflict` where somebody else wrote */
  readonly applyEpisode: (document: EpisodeDocument, condition: WriteCondition) => Promise<unknown>;
  readonly fetchRunStatus: (executionName: string) => Promise<RunStatus>;
  /** The newest run that Lambda still knows, whatever the document says. */
  readonly fetchNewestRun: () => Promise<{ readonly episode: number; readonly isRunning: boolean } | undefined>;
  /** `taken`: the name belongs to a run that was started with other bytes. */
  readonly applyStart: (executionName: string, payload: string) => Promise<'accepted' | 'taken'>;
};

/** Who or what opens an episode. */
export type Opener = {
  readonly openedBy: string;
  /** AWS said so: STS of a person, CloudWatch of an alarm. */
  readonly isProven: boolean;
  /** Of a signed wake: it counts once, whether it opens an episode or joins its run. */
  readonly wakeId?: string;
};

export type EpisodeStart = {
  readonly outcome: 'started' | 'joined';
  readonly executionName: string;
  readonly episode: number;
  /** A document could not be read and was set aside, the count goes on from what Lambda knows, and people have not heard it. */
  readonly wasUnreadable?: true;
  /** The document of the episode before says that it was opened at this time, which is still to come. */
  readonly wasOpenedAtMs?: number;
};

/**
 * Lambda may hold an accepted start back for six hours, so a name that it does not know is that of a start still to come.
 * After a day it is one whose execution was forgotten, or that was never started.
 */
const unstartedMs = 24 * 60 * 60 * 1_000;
/** Each try ends with a write or a start that somebody else was faster with; they are few. */
const mostTries = 8;

export const executionNameOf = (cluster: string, procedure: string, episode: number): string =>
  `${cluster}-${procedure}-${episode}`;

/**
 * Starts the run of the current episode, or joins it: where it runs, nothing is to be done; where it ended, or began with
 * another configuration than a run would have now, a new episode is opened (the older run sees that and ends), by a conditional write, so that of two intakes one opens it and the other finds it. A start that was lost
 * between the write and the call is made up for by the next one, with the same bytes out of the document.
 *
 * @throws DependencyError `conflict` where every try met somebody faster, and what the ports throw
 */
export async function startEpisode(
  cluster: string,
  procedure: string,
  opener: Opener,
  ports: EpisodePorts,
  quiet?: Quiet,
): Promise<EpisodeStart> {
  let takenEpisode = 0;
  let noted: Noted = {};
  let isCounted = false;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const opening = { cluster, procedure, opener, takenEpisode, isCounted, ...(quiet && { quiet }) };
    const opened = await openEpisode(opening, ports);
    if (opened === undefined) continue;
    isCounted = true;
    const { episode } = opened.document;
    noted = { ...noted, ...opened.noted };
    const executionName = executionNameOf(cluster, procedure, episode);
    if (opened.isRunning) return { outcome: 'joined', executionName, episode, ...noted };
    const started = await ports.applyStart(executionName, payloadOf(cluster, opened.document));
    if (started === 'accepted') return { outcome: 'started', executionName, episode, ...noted };
    takenEpisode = episode;
  }
  throw new DependencyError(
    `episode of ${procedure}`,
    'conflict',
    `${mostTries} tries, and somebody was always faster`,
  );
}

type Opening = {
  readonly cluster: string;
  readonly procedure: string;
  readonly opener: Opener;
  readonly quiet?: Quiet;
  /** An episode whose name belongs to another run: the document was lost and begun anew. */
  readonly takenEpisode: number;
  /** This very start wrote its wake down, and tries again. */
  readonly isCounted: boolean;
};
type Opened = {
  readonly document: EpisodeDocument;
  readonly isRunning: boolean;
  readonly noted: Noted;
};
type Noted = Pick<EpisodeStart, 'wasUnreadable' | 'wasOpenedAtMs'>;

/** The episode to start or join; undefined where somebody else wrote meanwhile. */
async function openEpisode(opening: Opening, ports: EpisodePorts): Promise<Opened | undefined> {
  const { cluster, procedure, takenEpisode } = opening;
  const { openedBy, isProven, wakeId } = opening.opener;
  const { current, isUnreadable } = await fetchCurrent(ports);
  const nowMs = ports.nowMs();
  const standing = standingWakes(current?.value.wakes ?? [], nowMs);
  const lossAtMs = findLoss(current?.value.wakes ?? [], current?.value.wakesLostAtMs, nowMs);
  const openedAtMs = current?.value.openedAtMs ?? nowMs;
  const ahead = isAhead(openedAtMs, nowMs) ? { wasOpenedAtMs: openedAtMs } : {};
  const isUntold = isUnreadable || current?.value.isUntold === true;
  const owed: Noted = isUntold ? { wasUnreadable: true } : {};
  const wakes = wakeId === undefined || opening.isCounted ? standing : countWake(standing, wakeId, nowMs);
  const keep = async (
    document: EpisodeDocument,
    isRunning: boolean,
    noted: Noted = {},
  ): Promise<Opened | undefined> => {
    const condition = isUnreadable ? 'always' : current === undefined ? 'absent' : { etag: current.etag };
    const isKept = await applyUnlessBeaten(ports, document, condition);
    return isKept ? { document, isRunning, noted } : undefined;
  };
  const isLost = current === undefined || current.value.episode === takenEpisode;
  if (!isLost) {
    const { value: document } = current;
    const status = await ports.fetchRunStatus(executionNameOf(cluster, procedure, document.episode));
    const isCurrent = document.configuration === undefined || document.configuration === ports.configuration;
    const isRunning = status === 'running' && isCurrent;
    if (isRunning || (status === 'unknown' && isWithin(document.openedAtMs, unstartedMs, nowMs))) {
      if (wakes === standing) return { document, isRunning, noted: owed };
      return keep({ ...document, wakes, ...(lossAtMs !== undefined && { wakesLostAtMs: lossAtMs }) }, isRunning, owed);
    }
  }
  const newest = isLost ? await ports.fetchNewestRun() : undefined;
  const isRunning = newest?.isRunning === true;
  const known = Math.max(current?.value.episode ?? 0, newest?.episode ?? 0);
  const isMadeAnew = isLost && (isUnreadable || newest !== undefined || takenEpisode > 0);
  const lostAtMs = isMadeAnew ? nowMs : lossAtMs;
  const isUncertain = lostAtMs !== undefined;
  const document: EpisodeDocument = {
    version: 1,
    episode: isRunning ? newest.episode : known + 1,
    openedAtMs: nowMs,
    openedBy,
    // A run that is there already was set going by somebody else.
    ...(isProven && !isRunning && !(isUncertain && wakeId !== undefined) && { isOpenerProven: true as const }),
    ...(wakes.length > 0 && { wakes }),
    ...(isUncertain && { wakesLostAtMs: lostAtMs }),
    ...(isUntold && { isUntold: true as const }),
    ...(!isRunning && { configuration: ports.configuration, ...(opening.quiet && { quiet: opening.quiet }) }),
  };
  return keep(document, isRunning, { ...owed, ...ahead });
}

/** People and the bus heard that a document could not be read. Until this is written each wake-up tells them once more. */
export async function noteTold(ports: Pick<EpisodePorts, 'fetchEpisode' | 'applyEpisode'>): Promise<void> {
  const { current } = await fetchCurrent(ports);
  if (current?.value.isUntold !== true) return;
  const { isUntold: _heard, ...document } = current.value;
  await applyUnlessBeaten(ports, document, { etag: current.etag });
}

/** Whether it was written; not where somebody else wrote meanwhile. */
async function applyUnlessBeaten(
  ports: Pick<EpisodePorts, 'applyEpisode'>,
  document: EpisodeDocument,
  condition: WriteCondition,
): Promise<boolean> {
  try {
    await ports.applyEpisode(document, condition);
    return true;
  } catch (error) {
    if (error instanceof DependencyError && error.failure === 'conflict') return false;
    throw error;
  }
}

/** A document that cannot be read counts as lost: Lambda still knows the runs, and the next episode's number with them. */
async function fetchCurrent(ports: Pick<EpisodePorts, 'fetchEpisode'>) {
  try {
    return { current: await ports.fetchEpisode(), isUnreadable: false };
  } catch (error) {
    if (error instanceof DependencyError && error.failure === 'bad-answer')
      return { current: undefined, isUnreadable: true };
    throw error;
  }
}

/** Its keys in one order, so that every starter sends the same bytes. */
const payloadOf = (cluster: string, document: EpisodeDocument): string => {
  const { version, episode, openedAtMs, openedBy, isOpenerProven, quiet } = document;
  const more = { ...(isOpenerProven && { isOpenerProven }), ...(quiet && { quiet }) };
  return JSON.stringify({ version, cluster, episode, openedAtMs, openedBy, ...more } satisfies EpisodeInput);
};

/** The episode in an execution's name; 0 for a name that has none, as Lambda's own, whose last part has twelve characters. */
export function episodeOfName(executionName: string): number {
  const episode = Number(/-(\d{1,9})$/.exec(executionName)?.[1] ?? 0);
  return episode <= mostEpisodes ? episode : 0;
}
