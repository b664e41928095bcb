import type { Cluster, NodeInfo } from '@aws-sdk/client-kafka';
import type { StorageAutoScaling } from '../../shared/aws/auto-scaling.ts';
import type { MskOperation } from '../../shared/core/msk-model.ts';
import type { ListedAlarm } from '../account/alarms.ts';
import type { Fetched } from '../account/fetched.ts';

/** One metric of this cluster as CloudWatch lists it, with how many series it has under these dimensions. */
export type ListedMetric = {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly seriesCount: number;
};

/** Values of the last three hours, oldest first, by the key of its request. */
export type Values = Readonly<Record<string, readonly number[]>>;

/** What an alarm's action did, newest first. */
export type AlarmAction = {
  readonly alarmName: string;
  readonly atMs: number;
  readonly hasSucceeded: boolean;
  readonly summary: string;
};

/** What a run of cluster-health got from each of its sources: `answered`, or why not. */
export type RunSources = { readonly key: string; readonly sources: Readonly<Record<string, string>> };

/** Everything that conformance looked at. Only reading calls; each answer by itself. */
export type Evidence = {
  readonly cluster: Fetched<Cluster>;
  readonly nodes: Fetched<readonly NodeInfo[]>;
  /** By the member's name: `BootstrapBrokerStringSaslIam`. */
  readonly bootstrap: Fetched<Readonly<Record<string, string>>>;
  /** Newest first. */
  readonly operations: Fetched<readonly MskOperation[]>;
  readonly metrics: Fetched<readonly ListedMetric[]>;
  readonly values: Fetched<Values>;
  readonly alarmStates: Fetched<readonly ListedAlarm[]>;
  readonly alarmActions: Fetched<readonly AlarmAction[]>;
  /** Scalable targets of storage under the cluster's ARN. */
  readonly autoScaling: Fetched<StorageAutoScaling>;
  /** Undefined where nothing is deployed, or no run has reported yet. */
  readonly lastRun: Fetched<RunSources | undefined>;
};
