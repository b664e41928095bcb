import { isOfStorage } from '../../../functions/capacity/storage-scaling/core/operations.ts';
import type { Spoken } from '../../../functions/capacity/storage-scaling/core/spoken.ts';
import type { Newest } from '../../../functions/capacity/storage-scaling/core/superseded.ts';
import type { Ports } from '../../../functions/capacity/storage-scaling/ports.ts';
import { applyAct } from '../../../shared/acting/act.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import { planIntentNotice } from '../../../shared/acting/event.ts';
import type { NoticeNews } from '../../../shared/core/bus-event.ts';
import type { ApprovalPolicy } from '../../../shared/core/configuration.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { MskOperationDetail } from '../../../shared/core/msk-model.ts';
import type { UpdateRefusal } from '../../../shared/core/msk-refusal.ts';
import type { Evidence } from '../../../shared/core/plan.ts';
import type { Mode } from '../../../shared/core/policy.ts';
import type { Receipt } from '../../../shared/core/receipt.ts';
import { hourMs, minuteMs } from '../../../shared/core/units.ts';
import type { ApprovalDocument } from '../../../shared/durable/approval.ts';
import { type EpisodeDocument, executionNameOf } from '../../../shared/durable/episode.ts';
import { proveByName } from '../durable/proof.ts';
import { type DurableRun, type DurableRunOptions, openDurableRun } from '../durable/run.ts';
import { brokerView, clusterView, partitionView, topicView } from '../health/builders.ts';
import { bundledConfiguration, noApproval } from '../health/health-ports.ts';
import { openMemoryDoor } from './door.ts';
import { endedIn, type HeardWord, heardIn, plansIn } from './heard.ts';
import { input, noonMs } from './storage-scaling.ts';

/** MSK's no to an update, as applyBrokerStorage throws it: its sentence is for people. */
export const refusedUpdate = (refusal: UpdateRefusal): DependencyError =>
  new DependencyError('kafka:UpdateBrokerStorage', 'failed', 'failed: BadRequestException: no', {
    facts: { httpStatus: 400, attempts: 1, ...(refusal !== 'other' && { refusal }) },
  });

/** Who may approve: a user, and whoever takes a role. */
export const approverAda = 'arn:aws:iam::111122223333:user/ada';
const approverRole = 'arn:aws:iam::111122223333:role/on-call';
export const onCall = (name: string): string => `arn:aws:sts::111122223333:assumed-role/on-call/${name}`;

type WorldOptions = {
  readonly mode?: Mode;
  readonly approval?: Partial<ApprovalPolicy>;
  readonly run?: DurableRunOptions;
  readonly maxVolumeGiB?: number;
  /** The policy wants people to hear of an act before it. */
  readonly mustTell?: boolean;
};

/**
 * A cluster with MSK's rules in memory (version, ACTIVE, storage lock, an operation of ten minutes), its metrics, and the
 * real door of acts, all on the run's clock. Change its fields to change the world.
 */
export function openStorageWorld(options: WorldOptions = {}) {
  const run: DurableRun = openDurableRun({
    startMs: noonMs,
    executionName: executionNameOf('orders', 'storage-scaling', input.episode),
    ...options.run,
  });
  const { nowMs } = run;
  const { door, world: switches, causes } = openMemoryDoor(options.mode ?? 'act', nowMs);
  const bundled = bundledConfiguration();
  const world = {
    version: 1,
    /** The newest one that an intake opened; undefined where its document is lost. */
    episode: input.episode as number | undefined,
    /** What else an intake wrote of it; as the tests of a run are started. */
    opened: {
      openedAtMs: input.openedAtMs,
      openedBy: input.openedBy,
      isOpenerProven: true,
    } as Partial<EpisodeDocument>,
    /** What else its document and Lambda say of that episode. */
    newest: {} as Partial<Newest>,
    state: 'ACTIVE',
    volumeGiB: 500,
    /** GiB on each broker's disk, by the clock: history is of now. */
    usedGiB: (_atMs: number): number => 425,
    /** How much of a day CloudWatch remembers. */
    historyHours: 24,
    lockedUntilMs: 0,
    operationMs: 10 * minuteMs,
    willFail: false,
    operations: [] as MskOperationDetail[],
    autoScaling: { targetCount: 0, policyNames: [] as string[] },
    failing: new Map<keyof Ports, DependencyError>(),
    /** So late CloudWatch answers with the newest point, while its alarms know it already. */
    metricDelayMs: 0,
    /** Alarm by the rules of CloudWatch, unless it hangs. */
    isAlarmStuck: false,
    updates: [] as { currentVersion: string; volumeGiB: number; atMs: number }[],
    /** Everything that the bus took. */
    spoken: [] as (Spoken & { atMs: number })[],
    /** What of it people hear by incident, each publication of a fault as one word. */
    told: [] as (HeardWord & { atMs: number })[],
    /** What of it subscribers of plans hear. */
    plans: [] as Evidence[],
    /** Faults that were called over, by check and subject. */
    ended: [] as string[],
    /** What people were asked to hear before a call, and whether incident can tell them. */
    intents: [] as (NoticeNews & { atMs: number })[],
    canTellPeople: true,
    /** So long it takes incident to tell them. */
    tellingMs: 0,
    problems: [] as string[],
    approvals: [] as ApprovalDocument[],
  };

  /** Ends an operation whose time has come. */
  const settle = () => {
    for (const [index, operation] of world.operations.entries()) {
      const endedAtMs = (operation.startedAtMs ?? 0) + world.operationMs;
      if (operation.endedAtMs !== undefined || nowMs() < endedAtMs) continue;
      world.version += 1;
      if (isOfStorage(operation)) world.lockedUntilMs = endedAtMs + 6 * hourMs;
      if (!world.willFail) world.volumeGiB = operation.targetVolumeGiB ?? world.volumeGiB;
      const state = world.willFail ? 'UPDATE_FAILED' : 'UPDATE_COMPLETE';
      world.operations[index] = { ...operation, state, endedAtMs, ...(world.willFail && { errorMessage: 'no room' }) };
    }
  };
  const isChanging = () => world.operations.some(({ endedAtMs }) => endedAtMs === undefined);
  const refuse = (refusal: UpdateRefusal): never => {
    throw refusedUpdate(refusal);
  };
  const percentAt = (atMs: number) => Math.min(100, (100 * world.usedGiB(atMs)) / world.volumeGiB);
  const points = (atMs: number, hours: number, everyMinutes: number) =>
    Array.from({ length: Math.floor((Math.min(hours, world.historyHours) * 60) / everyMinutes) + 1 }, (_, index) => {
      const at = atMs - index * everyMinutes * minuteMs;
      return { atMs: at, value: percentAt(at) };
    }).reverse();

  const guarded =
    <Value>(port: keyof Ports, answer: () => Value): (() => Promise<Value>) =>
    async () => {
      settle();
      const failure = world.failing.get(port);
      if (failure !== undefined) throw failure;
      return answer();
    };

  const receipts = new Map<string, Receipt>();
  const fetchReceipt = async (key: string): Promise<Receipt | undefined> => {
    const failure = world.failing.get('fetchReceipt');
    if (failure !== undefined) throw failure;
    const receipt = receipts.get(key);
    return receipt !== undefined && receipt.atMs <= nowMs() ? receipt : undefined;
  };

  const ports: Ports = {
    configuration: {
      ...bundled,
      configuration: {
        ...bundled.configuration,
        modes: door.modes,
        approvals: {
          ...bundled.configuration.approvals,
          'storage-scaling': { ...noApproval, ...options.approval },
        },
        approverPrincipals: [approverAda, approverRole],
        policy: {
          ...bundled.configuration.policy,
          scaling: { diskUsedPercent: { warning: 80 } },
          storage: { stepGiB: 100, maxVolumeGiB: options.maxVolumeGiB ?? 1000 },
        },
      },
    },
    nowMs,
    fetchEpisode: guarded('fetchEpisode', () =>
      world.episode === undefined
        ? undefined
        : { version: 1, openedAtMs: noonMs, openedBy: 'somebody', ...world.opened, episode: world.episode },
    ),
    fetchNewest: () =>
      guarded('fetchNewest', () =>
        world.episode === undefined
          ? undefined
          : { episode: world.episode, openedAtMs: nowMs(), isStarted: true, ...world.newest },
      )(),
    fetchCluster: guarded('fetchCluster', () => ({
      state: isChanging() ? 'UPDATING' : world.state,
      kind: 'standard',
      currentVersion: `V${world.version}`,
      brokerCount: 3,
      volumeGiB: world.volumeGiB,
      ...(isChanging() && { activeOperationArn: 'arn:running' }),
    })),
    fetchOperations: guarded('fetchOperations', () =>
      world.operations.map(({ targetVolumeGiB: _target, errorMessage: _error, ...listed }) => listed),
    ),
    fetchOperation: (arn) =>
      guarded('fetchOperation', () => {
        const found = world.operations.find((operation) => operation.arn === arn);
        if (found === undefined) throw new DependencyError('kafka:DescribeClusterOperationV2', 'not-found', arn);
        return found;
      })(),
    fetchAutoScaling: guarded('fetchAutoScaling', () => world.autoScaling),
    fetchDisks: (atMs) =>
      guarded('fetchDisks', () =>
        [1, 2, 3].map((brokerId) => ({
          brokerId,
          lastHour: points(atMs - world.metricDelayMs, 1, 1),
          lastDay: points(atMs - world.metricDelayMs, 24, 5),
        })),
      )(),
    fetchAlarms: guarded('fetchAlarms', () => {
      const isFiring = world.isAlarmStuck || percentAt(nowMs()) > 80;
      return [{ name: 'mskeeper/orders/storage-scaling/disk/warning', state: isFiring ? 'ALARM' : 'OK' }];
    }),
    fetchView: () => guarded('fetchView', () => cutView)(),
    applyStorage: async (currentVersion, volumeGiB) => {
      settle();
      world.updates.push({ currentVersion, volumeGiB, atMs: nowMs() });
      const failure = world.failing.get('applyStorage');
      if (failure !== undefined) throw failure;
      if (currentVersion !== `V${world.version}`) refuse('version-moved');
      if (isChanging()) refuse('not-updatable');
      if (nowMs() < world.lockedUntilMs) refuse('storage-optimizing');
      const arn = `arn:operation:${world.operations.length + 1}`;
      const frame = { arn, type: 'INCREASE_BROKER_STORAGE', state: 'UPDATE_IN_PROGRESS', startedAtMs: nowMs() };
      world.operations.unshift({ ...frame, targetVolumeGiB: volumeGiB });
      return { operationArn: arn, requestId: `request-${world.updates.length}` };
    },
    act: (request) => {
      const reportProblem = (message: string) => void world.problems.push(message);
      const offerIntent = async (record: ActRecord) => {
        const error = world.failing.get('publish');
        if (error !== undefined) throw error;
        const notice = planIntentNotice(record);
        world.intents.push({ ...notice, atMs: nowMs() });
        if (!world.canTellPeople || receipts.has(notice.key)) return;
        receipts.set(notice.key, { version: 1, cluster: 'orders', key: notice.key, atMs: nowMs() + world.tellingMs });
      };
      const people = { offerIntent, fetchReceipt };
      return applyAct(request, options.mustTell === true ? { ...door, reportProblem, people } : door);
    },
    keepApproval: async (request) => {
      world.approvals.push(request);
    },
    proveCaller: proveByName,
    fetchReceipt: (key) => fetchReceipt(key),
    publish: async (spoken, atMs) => {
      const failure = world.failing.get('publish');
      if (failure !== undefined) throw failure;
      world.spoken.push(...spoken.map((one) => ({ ...one, atMs })));
      // What people heard already is said once more for who did not.
      if (run.operations.at(-1)?.startsWith('step still ') === true) return;
      world.told.push(...heardIn(spoken).map((one) => ({ ...one, atMs })));
      world.plans.push(...plansIn(spoken));
      world.ended.push(...endedIn(spoken));
    },
    reportProblem: (message) => void world.problems.push(message),
  };
  return { world, ports, run, causes, switches };
}
export type StorageWorld = ReturnType<typeof openStorageWorld>;

const settings = { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'retention.bytes': '-1' };
const directory = { path: '/d', usedBytes: 1000, usedBytesByTopic: { logs: 1000 } };
const cutView = clusterView({
  brokers: [1, 2, 3].map((id) => brokerView(id, { logDirectories: [directory] })),
  topics: [topicView('logs', [partitionView(0, { earliestOffset: 100n, latestOffset: 1100n })], { settings })],
});
