import type { ClusterView, LookRequest } from '../../shared/core/cluster-view.ts';
import { type ClusterTraits, evaluateAvailability } from '../../shared/core/metric-catalogue.ts';
import { type DimensionName, dimensionNames } from '../../shared/core/metric-vocabulary.ts';
import type { Clock, Timer } from '../clock.ts';
import { lagPoints } from './lag-points.ts';
import type { MetricPoint } from './metric-point.ts';
import { ratePoints } from './rate-points.ts';
import { statePoints } from './state-points.ts';
import { type Pretended, synthesisedPoints } from './synthesised-points.ts';

export type MetricsPumpOptions = {
  readonly clusterName: string;
  /** Only what such a cluster emits is published. */
  readonly traits: ClusterTraits;
  /** Size of every broker's volume now; 1 MiB on the local disk stands for 1 GiB. Undefined: no volumes, no disk metric. */
  readonly volumeGiB: () => number | undefined;
  /** A look at the brokers with `pumpRequest`; see shared/kafka/look/look.ts. */
  readonly look: (request: LookRequest) => Promise<ClusterView>;
  /** Delivers points of one moment to CloudWatch. `atMs` is the clock's. */
  readonly putMetricData: (points: readonly MetricPoint[], atMs: number) => Promise<void>;
  readonly clock: Clock;
  /** By the clock; MSK pushes every 60,000. */
  readonly intervalMs: number;
  /** A look or a delivery failed; the pump goes on at its next time. */
  readonly onFailure: (error: unknown) => void;
};

export type MetricsPump = {
  /** Looks and publishes once, now. Rejects where that fails. */
  pump(): Promise<readonly MetricPoint[]>;
  /** Sets what is pretended of the machines from the next time on. */
  pretend(pretended: Partial<Pretended>): void;
  /** Resolves when a look that is under way has ended; nothing is published after. */
  stop(): Promise<void>;
};

const pumpRequest: LookRequest = {
  groups: true,
  commits: true,
  ends: 'latest',
  logDirectories: true,
  topicSettings: ['min.insync.replicas'],
  expectedBrokerIds: [],
};

const namesOf = ({ dimensions }: MetricPoint): DimensionName[] =>
  dimensionNames.filter((name) => dimensions[name] !== undefined);

/**
 * Publishes `AWS/Kafka` datapoints of real brokers at every interval, as MSK does. Source of each figure:
 * `state-points.ts`, `rate-points.ts` and `lag-points.ts` measure, `synthesised-points.ts` invents.
 */
export const startMetricsPump = (options: MetricsPumpOptions): MetricsPump => {
  const { clusterName, clock, traits } = options;
  let previous: ClusterView | undefined;
  let pretended: Partial<Pretended> = {};
  let timer: Timer | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  const isEmitted = (point: MetricPoint): boolean =>
    evaluateAvailability(point.name, namesOf(point), traits).kind === 'emitted';

  /** MSK's own metrics are punctual, however long the look takes here. */
  const look = async (): Promise<ClusterView> => {
    const rest = clock.atWork?.();
    return options.look(pumpRequest).finally(rest);
  };

  const pumpOnce = async (): Promise<readonly MetricPoint[]> => {
    const view = await look();
    const points = [
      ...statePoints(clusterName, view, options.volumeGiB()),
      ...(previous === undefined ? [] : ratePoints(clusterName, previous, view)),
      ...lagPoints(clusterName, previous, view),
      ...synthesisedPoints(clusterName, view, pretended),
    ].filter(isEmitted);
    previous = view;
    if (!isStopped && points.length > 0) await options.putMetricData(points, clock.nowMs());
    return points;
  };

  // A look may take longer than an interval when a broker hangs: the next begins after it, never beside it.
  const pump = (): Promise<readonly MetricPoint[]> => {
    const next = underWay.then(pumpOnce, pumpOnce);
    underWay = next;
    return next;
  };

  const schedule = (atMs: number): void => {
    timer = clock.schedule(atMs, async () => {
      await pump().catch(options.onFailure);
      if (!isStopped) schedule(Math.max(atMs + options.intervalMs, clock.nowMs()));
    });
  };
  schedule(clock.nowMs());

  return {
    pump,
    pretend: (next) => {
      pretended = next;
    },
    stop: async () => {
      isStopped = true;
      timer?.cancel();
      await underWay.catch(() => undefined);
    },
  };
};
