import type { ClusterHealth } from './core/evaluate.ts';
import {
  type Announcing,
  confirmAnnouncing,
  type HealthState,
  joinAnnouncing,
  settleAnnouncements,
} from './core/memory.ts';
import { type Answer, answered, type HealthObservation } from './core/observation.ts';
import { ask } from './gather.ts';
import type { Ports } from './ports.ts';

type Version = { readonly etag: string };

/** One fault opens several alarms, and each wakes a run of its own within seconds: of so many that meet, all get through. */
const mostAttempts = 10;

/**
 * What was judged against which memory.
 *
 * @property written the state, its version, and what this run is about to tell; absent where it could not be kept, and then
 *   `problem` says why
 */
export type Remembered = {
  readonly seen: HealthObservation;
  readonly health: ClusterHealth;
  readonly written?: {
    readonly state: HealthState;
    readonly version: Version;
    readonly claim: Announcing['openBefore'];
  };
  readonly problem?: string;
};

/**
 * Judges against the run before and claims the state before anybody is told, so that of two runs at once only one tells.
 * A lost race is judged anew, against what the other run left. A damaged state is replaced; one that could not be read is
 * left alone.
 */
export async function applyMemory(
  gathered: Omit<HealthObservation, 'previous'>,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
): Promise<Remembered> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const remembered = await applyOnce(gathered, judge, ports);
    if (remembered !== 'lost-race') return remembered;
  }
  const { seen, health } = await judgeWithMemory(gathered, judge, ports);
  const problem = `state: other runs wrote it ${mostAttempts} times meanwhile, so people may be told twice`;
  return { seen, health, problem };
}

async function applyOnce(
  gathered: Omit<HealthObservation, 'previous'>,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
): Promise<Remembered | 'lost-race'> {
  const { stored, seen, health } = await judgeWithMemory(gathered, judge, ports);
  if (!stored.isAnswered && stored.isAsked && stored.failure !== 'bad-answer') {
    // The finding `run-history` says it; the run itself did its work.
    return { seen, health };
  }
  const claim = claimOf(seen, health);
  const state = stateOf(seen, health, claim, ports.run.runId);
  const version = stored.isAnswered ? stored.value : undefined;
  const condition = stored.isAnswered ? (version === undefined ? 'absent' : { etag: version.etag }) : 'always';
  const written = await ask(() => ports.applyState(state, condition));
  if (written.isAnswered) return { seen, health, written: { state, version: written.value, claim } };
  if (!written.isAsked || written.failure !== 'conflict') {
    return { seen, health, problem: `state not kept: ${written.isAsked ? written.message : 'not asked'}` };
  }
  return 'lost-race';
}

async function judgeWithMemory(
  gathered: Omit<HealthObservation, 'previous'>,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
) {
  const stored = await ask(ports.fetchState);
  const previous: Answer<HealthState | undefined> = stored.isAnswered
    ? answered(stored.value && settleAnnouncements(stored.value.value, gathered.nowMs))
    : stored;
  const seen: HealthObservation = { ...gathered, previous };
  return { stored, seen, health: judge(seen) };
}

/** How each finding that is about to be told stood before. */
function claimOf({ previous }: HealthObservation, { changes }: ClusterHealth): Announcing['openBefore'] {
  const before = previous.isAnswered ? (previous.value?.openByKey ?? {}) : {};
  return changes.map(({ key }) => {
    const open = before[key];
    return open === undefined ? ([key] as const) : ([key, open] as const);
  });
}

function stateOf(
  { nowMs, previous }: HealthObservation,
  { openByKey, unknownStreaks, offsetsByTopic }: ClusterHealth,
  claim: Announcing['openBefore'],
  runId: string,
): HealthState {
  const others = previous.isAnswered ? previous.value?.announcing : undefined;
  const announcing = joinAnnouncing(others, claim, nowMs);
  return { version: 1, runId, atMs: nowMs, openByKey, unknownStreaks, offsetsByTopic, ...announcing };
}

/**
 * Confirms what was told, and takes back what was not, so that the next run tells it: also in a state that another run
 * has written meanwhile, which took the claim for granted.
 */
export async function applyConfirmation(
  { written }: Remembered,
  untoldKeys: ReadonlySet<string>,
  ports: Ports,
): Promise<string | undefined> {
  if (written === undefined || written.claim.length === 0) return undefined;
  let { state, version }: { state: HealthState; version: Version } = written;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const confirmed = confirmAnnouncing(state, written.claim, untoldKeys);
    const condition = version;
    const answer = await ask(() => ports.applyState(confirmed, condition));
    if (answer.isAnswered || !answer.isAsked) return undefined;
    if (answer.failure !== 'conflict') return unconfirmed(answer.message);
    const stored = await ask(ports.fetchState);
    if (!stored.isAnswered) return stored.isAsked ? unconfirmed(stored.message) : undefined;
    if (stored.value === undefined) return undefined;
    state = stored.value.value;
    version = stored.value;
  }
  return unconfirmed(`other runs wrote it ${mostAttempts} times meanwhile`);
}

const unconfirmed = (why: string): string => `state not confirmed, so people may be told twice: ${why}`;
