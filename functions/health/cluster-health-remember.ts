import type { ClusterHealth } from './cluster-health.ts';
import { ask } from './cluster-health-gather.ts';
import { type HealthState, settleAnnouncements, withoutAnnouncing } from './cluster-health-history.ts';
import { type Answer, answered, type HealthObservation } from './cluster-health-observation.ts';
import type { Ports } from './cluster-health-ports.ts';

type Version = { readonly etag: string };

/**
 * What was judged against which memory.
 *
 * @property written the state and its version; absent where it could not be kept, and then `problem` says why
 */
export type Remembered = {
  readonly seen: HealthObservation;
  readonly health: ClusterHealth;
  readonly written?: { readonly state: HealthState; readonly version: Version };
  readonly problem?: string;
};

/**
 * Judges against the run before and claims the state before anybody is told, so that of two runs at once only one tells.
 * A lost race is judged once more, against what the other run left. A damaged state is replaced; one that could not be
 * read is left alone.
 */
export async function applyMemory(
  gathered: Omit<HealthObservation, 'previous'>,
  judge: (seen: HealthObservation) => ClusterHealth,
  ports: Ports,
): Promise<Remembered> {
  const first = await applyOnce(gathered, judge, ports);
  return first === 'lost-race' ? applyLast(gathered, judge, ports) : first;
}

async function applyLast(...attempt: Parameters<typeof applyOnce>): Promise<Remembered> {
  const second = await applyOnce(...attempt);
  if (second !== 'lost-race') return second;
  const [gathered, judge, ports] = attempt;
  const { seen, health } = await judgeWithMemory(gathered, judge, ports);
  return { seen, health, problem: 'state: two other runs wrote it at the same time, so people may be told twice' };
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
  const state = stateOf(seen, health, ports.run.runId);
  const version = stored.isAnswered ? stored.value : undefined;
  const condition = stored.isAnswered ? (version === undefined ? 'absent' : { etag: version.etag }) : 'always';
  const written = await ask(() => ports.applyState(state, condition));
  if (written.isAnswered) return { seen, health, written: { state, version: written.value } };
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

function stateOf(seen: HealthObservation, health: ClusterHealth, runId: string): HealthState {
  const { openByKey, unknownStreaks, offsetsByTopic, changes } = health;
  const before = seen.previous.isAnswered ? (seen.previous.value?.openByKey ?? {}) : {};
  const openBefore = changes.map(({ key }) => {
    const open = before[key];
    return open === undefined ? ([key] as const) : ([key, open] as const);
  });
  return {
    version: 1,
    runId,
    atMs: seen.nowMs,
    openByKey,
    unknownStreaks,
    offsetsByTopic,
    ...(changes.length > 0 && { announcing: { atMs: seen.nowMs, openBefore } }),
  };
}

/** Confirms what was told, and takes back what was not. A run that wrote in between has seen the claim: it stands. */
export async function applyConfirmation(
  { written }: Remembered,
  untoldKeys: ReadonlySet<string>,
  ports: Ports,
): Promise<string | undefined> {
  if (written?.state.announcing === undefined) return undefined;
  const { announcing, ...state } = written.state;
  const untold = announcing.openBefore.filter(([key]) => untoldKeys.has(key));
  const confirmed = { ...state, openByKey: withoutAnnouncing(state.openByKey, untold) };
  const answer = await ask(() => ports.applyState(confirmed, written.version));
  if (answer.isAnswered || !answer.isAsked || answer.failure === 'conflict') return undefined;
  return `state not confirmed, so people may be told twice: ${answer.message}`;
}
