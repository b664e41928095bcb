import type { Stored } from '../../../shared/aws/store.ts';
import { ask, type Known, known } from '../../../shared/core/known.ts';
import type { ClusterHealth } from './core/evaluate.ts';
import { confirmOffer, type HealthState } from './core/memory.ts';
import type { HealthObservation } from './core/observation.ts';
import type { Ports } from './ports.ts';

type Version = { readonly etag: string };
/** The run before, as it was read. */
export type StoredState = Known<Stored<HealthState> | undefined>;
type Gathered = Omit<HealthObservation, 'previous'>;

/** What was judged against which memory. */
type Judged = { readonly seen: HealthObservation; readonly health: ClusterHealth };

/**
 * What came of telling.
 *
 * @property undelivered what could not be told, and why
 * @property takenKeys the findings whose change the bus took: the next run tells the others
 */
export type Told = { readonly undelivered: readonly string[]; readonly takenKeys: ReadonlySet<string> };

/** A fault may wake several runs within seconds: of so many that meet, all get through. */
export const mostAttempts = 10;

/** The state as written, with what this run is about to tell, and its version. */
type Written = { readonly state: HealthState; readonly version: Version };

/**
 * Judges against the run before and tells each change until the bus took it: what is about to be told is written before, so
 * that of two runs at once only one tells, and a run that dies leaves it to the next. What the bus took is struck out then.
 * Where the state cannot be kept the bus is told all the same, rather twice than never, and `undelivered` says so.
 *
 * @param stored the run before, as it was read when this one began
 * @param judge pure; called again where another run wrote the state meanwhile
 * @param tell called once
 */
export async function tellOnce<Telling extends Told>(
  gathered: Gathered,
  stored: StoredState,
  judge: (seen: HealthObservation) => ClusterHealth,
  tell: (judged: Judged) => Promise<Telling>,
  ports: Ports,
): Promise<Judged & { readonly told: Telling; readonly undelivered: readonly string[] }> {
  const { written, problem, ...judged } = await claimState(gathered, stored, judge, ports);
  const told = await tell(judged);
  const unconfirmed = written && (await confirmState(judged, written, told.takenKeys, ports));
  const undelivered = [problem, ...told.undelivered, unconfirmed].filter((text) => text !== undefined);
  return { ...judged, told, undelivered };
}

/** `written` is absent where the state could not be kept; `problem` says why, unless a finding does. */
type Claimed = Judged & { readonly written?: Written; readonly problem?: string };

/** By which the memory is read, also to set a damaged one aside. */
const readCall = 's3:GetObject';

/** Another run wrote the state meanwhile: `there` is what it left. */
type LostRace = { readonly there: StoredState };

/**
 * A lost race is judged anew, against what the other run left. A damaged state is replaced; one that could not be read is
 * left alone.
 */
async function claimState(
  gathered: Gathered,
  first: StoredState,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
): Promise<Claimed> {
  let stored = first;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const mayWakesWait = gathered.mayWakesWait || saysWakesWait(stored, attempt > 1);
    const claimed = await claimOnce({ ...gathered, mayWakesWait }, stored, judge, ports);
    if (!('there' in claimed)) return claimed;
    stored = claimed.there;
  }
  const { seen, health } = judgeWithMemory(gathered, stored, judge);
  const problem = `state: other runs wrote it ${mostAttempts} times meanwhile, so the bus may be told twice`;
  return { seen, health, problem };
}

/**
 * Whether the memory that is about to be written over says that wakes may wait. This run asked the claim of what it read as
 * it began: what another run wrote since then is that run's word. A memory that cannot be read may say anything.
 */
const saysWakesWait = (stored: StoredState, isWrittenSince: boolean): boolean =>
  !stored.isKnown || (isWrittenSince && stored.value?.value.mayWakesWait !== false);

async function claimOnce(
  gathered: Gathered,
  stored: StoredState,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
): Promise<Claimed | LostRace> {
  const { seen, health } = judgeWithMemory(gathered, stored, judge);
  if (!stored.isKnown && stored.isAsked && stored.failure !== 'bad-answer') {
    // The finding `run-history` says it; the run itself did its work.
    return { seen, health };
  }
  const state = stateOf(seen, health);
  const version = stored.isKnown ? stored.value : undefined;
  const condition = stored.isKnown ? (version === undefined ? 'absent' : { etag: version.etag }) : 'always';
  const written = await ask(() => ports.applyState(state, condition));
  if (written.isKnown) return { seen, health, written: { state, version: written.value } };
  if (!stored.isKnown && written.isAsked && written.call === readCall) {
    // What lies there could not be read to be set aside either: it is left alone, and the finding says it.
    return { seen, health };
  }
  if (!written.isAsked || written.failure !== 'conflict') {
    return { seen, health, problem: `state not kept: ${written.why}` };
  }
  const there = await ask(ports.fetchState);
  const kept = there.isKnown ? there.value : undefined;
  return kept !== undefined && isSameLook(kept.value, state)
    ? { seen, health, written: { state: kept.value, version: kept } }
    : { there };
}

/**
 * Whether it was this very look that wrote it: where S3's answer is lost the SDK writes once more, and is refused for what
 * it wrote itself. Judged against its own offer a look would find nothing to tell.
 */
const isSameLook = (there: HealthState, mine: HealthState): boolean =>
  there.runId === mine.runId && there.atMs === mine.atMs;

function judgeWithMemory(
  gathered: Gathered,
  stored: StoredState,
  judge: (seen: HealthObservation) => ClusterHealth,
): Judged {
  const seen: HealthObservation = { ...gathered, previous: stored.isKnown ? known(stored.value?.value) : stored };
  return { seen, health: judge(seen) };
}

const stateOf = (
  { runId, nowMs, mayWakesWait }: HealthObservation,
  {
    openByKey,
    untoldByKey,
    judgedAtMsByCheck,
    judgedWholeAtMsByCheck,
    unknownStreaks,
    offsetsByTopic,
    openAlarms,
    halfHourJudgedToMs,
    names,
  }: ClusterHealth,
): HealthState => ({
  version: 1,
  runId,
  atMs: nowMs,
  openByKey,
  untoldByKey,
  judgedAtMsByCheck,
  judgedWholeAtMsByCheck,
  unknownStreaks,
  offsetsByTopic,
  openAlarms,
  mayWakesWait,
  ...(halfHourJudgedToMs !== undefined && { halfHourJudgedToMs }),
  ...(names !== undefined && { names }),
});

/**
 * Strikes out what the bus took, and lets go of what it refused: also in a state that another run has written meanwhile.
 *
 * @returns what went wrong, for people
 */
async function confirmState(
  { seen: { runId, nowMs: atMs }, health }: Judged,
  written: Written,
  takenKeys: ReadonlySet<string>,
  ports: Ports,
) {
  if (health.changes.length === 0) return undefined;
  let { state, version } = written;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const confirmed = confirmOffer(state, { runId, atMs }, takenKeys);
    const condition = version;
    const answer = await ask(() => ports.applyState(confirmed, condition));
    if (answer.isKnown || !answer.isAsked) return undefined;
    if (answer.failure !== 'conflict') return unconfirmed(answer.why);
    const stored = await ask(ports.fetchState);
    if (!stored.isKnown) return stored.isAsked ? unconfirmed(stored.why) : undefined;
    if (stored.value === undefined) return undefined;
    state = stored.value.value;
    version = stored.value;
  }
  return unconfirmed(`other runs wrote it ${mostAttempts} times meanwhile`);
}

const unconfirmed = (why: string): string => `state not confirmed, so the bus may be told twice: ${why}`;
