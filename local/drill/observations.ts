import { currentObject } from '../aws/services/s3/bucket.ts';
import type { World } from '../world/world.ts';

/** One run of cluster-health as its events on the bus tell it. */
export type ObservedRun = {
  readonly runId: string;
  /** World's clock, when the run began to look. */
  readonly atMs: number;
  readonly depth: string;
  readonly worst: string;
  readonly countBySeverity: Readonly<Record<string, number>>;
  readonly findings: readonly ObservedFinding[];
};

type ObservedFinding = {
  readonly check: string;
  readonly subject: string;
  readonly severity: string;
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
};

type Detail = {
  readonly runId: string;
  readonly atMs: number;
  readonly report?: Pick<ObservedRun, 'depth' | 'worst' | 'countBySeverity'>;
  readonly change?: string;
  readonly key?: string;
  readonly finding?: ObservedFinding;
};

/** The bus carries what the packaged functions said; the drill judges it, so it is read as it came. */
const detailsOnBus = ({ standIn }: Pick<World, 'standIn'>): readonly Detail[] =>
  standIn.eventBridge.events.flatMap(({ event }) => (event.source === 'mskeeper' ? [event.detail as Detail] : []));

/** What was told of one finding, oldest first: `opened`, `closed`, and not what is as it was. */
export const changesOnBus = (world: Pick<World, 'standIn'>, wanted: string, sinceMs: number): readonly string[] =>
  detailsOnBus(world).flatMap(({ key, atMs, change }) =>
    key === wanted && atMs >= sinceMs && change !== undefined && change !== 'still' ? [change] : [],
  );

/** Runs that are told whole on mskeeper's bus, oldest first: a run's report comes after its findings. */
const observeRuns = (world: World): readonly ObservedRun[] => {
  const details = detailsOnBus(world);
  return details.flatMap(({ runId, atMs, report }) => {
    if (report === undefined) return [];
    const findings = details.flatMap((detail) =>
      detail.runId === runId && detail.change !== 'closed' && detail.finding !== undefined ? [detail.finding] : [],
    );
    return [{ runId, atMs, ...report, findings }];
  });
};

/** The first run that began to look after a moment of the world's clock. */
export const firstRunAfter = (world: World, atMs: number, isWanted: (run: ObservedRun) => boolean = () => true) =>
  observeRuns(world).find((run) => run.atMs > atMs && isWanted(run));

/** ARN of what woke a run: a schedule's, a rule's, or a person's. Undefined until the run has ended. */
export const wakerOf = ({ standIn }: World, runId: string): string | undefined =>
  standIn.lambda.invocations.find(({ requestId }) => requestId === runId)?.invokedBy;

export const isScheduled = (world: World, { runId }: ObservedRun): boolean =>
  /:schedule\//.test(wakerOf(world, runId) ?? '');

/**
 * How many brokers a run found to answer, by its report in the bucket: the bus carries no finding that is `ok`. Undefined
 * until the report is there.
 */
export function countAnsweringBrokers({ standIn }: World, runId: string): number | undefined {
  const names = new Set(
    [...standIn.lambda.functions.values()].flatMap(({ latest }) => latest.variables.MSKEEPER_BUCKET ?? []),
  );
  for (const bucket of [...names].map((name) => standIn.s3.bucket(name))) {
    const key = [...bucket.versions.keys()].find((each) => each.endsWith(`-${runId}.json`));
    const stored = key === undefined ? undefined : currentObject(bucket, key);
    if (stored === undefined) continue;
    // The packaged function's own report, read as it came.
    const { findings } = JSON.parse(new TextDecoder().decode(stored.body)) as Pick<ObservedRun, 'findings'>;
    return findings.filter(({ check, severity }) => check === 'broker-answers' && severity === 'ok').length;
  }
  return undefined;
}

export const alarmsIn = ({ standIn }: Pick<World, 'standIn'>, state: 'OK' | 'ALARM'): readonly string[] =>
  [...standIn.cloudWatch.alarms.values()].flatMap(({ alarm, state: { value } }) =>
    value === state ? [alarm.name] : [],
  );

/** When an alarm went to ALARM for the first time after a moment, by the world's clock. */
export const firedAt = ({ standIn }: World, alarmName: string, afterMs: number): number | undefined =>
  standIn.cloudWatch.history.find(
    (item) =>
      item.alarmName === alarmName && item.atMs > afterMs && /^Alarm updated from \w+ to ALARM$/.test(item.summary),
  )?.atMs;

/** Whether an alarm's rule (not a schedule) woke a run at or after a moment of the world's clock. */
export const hasWoken = ({ standIn }: World, atMs: number): boolean =>
  standIn.lambda.invocations.some((run) => run.atMs >= atMs && /:rule\//.test(run.invokedBy));

/** Invocations of the stack's functions that did not end well. */
export const failedInvocations = ({ standIn }: Pick<World, 'standIn'>): readonly string[] =>
  standIn.lambda.invocations.flatMap(({ functionName, status, errorMessage }) =>
    status === 'success' ? [] : [`${functionName}: ${errorMessage ?? status}`],
  );

/**
 * API calls that a role or a resource's policy refused: none is expected of a stack that has what it needs.
 *
 * @param isWanted whose calls count; absent: everybody's
 */
export const deniedCalls = (
  { standIn }: Pick<World, 'standIn'>,
  isWanted: (call: Pick<World['standIn']['world']['calls']['all'][number], 'principalArn'>) => boolean = () => true,
): readonly string[] =>
  standIn.world.calls.all
    .filter(isWanted)
    .flatMap(({ service, operation, outcome }) =>
      /AccessDenied|NotAuthorized|Unauthorized|UnrecognizedClient/.test(outcome) ? [`${service}:${operation}`] : [],
    );

/** What schedules, alarms and topics could not deliver. */
export const undelivered = ({ standIn }: Pick<World, 'standIn'>): readonly string[] => [
  ...standIn.eventBridge.lost.map((lost) => `event: ${JSON.stringify(lost)}`),
  ...standIn.scheduler.lost.map((lost) => `schedule: ${JSON.stringify(lost)}`),
  ...standIn.sns.undelivered.map(({ reason }) => `notification: ${reason}`),
];

/** Invocations of one function since a count, for what a run costs. */
export const memoryByFunction = ({ standIn }: World): Readonly<Record<string, number>> => {
  const most: Record<string, number> = {};
  for (const { functionName, maxMemoryMb } of standIn.lambda.invocations)
    most[functionName] = Math.max(most[functionName] ?? 0, maxMemoryMb);
  return most;
};
