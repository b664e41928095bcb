import type { Cluster, NodeInfo } from '@aws-sdk/client-kafka';
import type { StorageAutoScaling } from '../../shared/aws/auto-scaling.ts';
import type { Answered } from '../../shared/core/known.ts';
import type { MskOperation } from '../../shared/core/msk-model.ts';
import type { ListedAlarm } from '../account/alarms.ts';

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
  readonly cluster: Answered<Cluster>;
  readonly nodes: Answered<readonly NodeInfo[]>;
  /** By the member's name: `BootstrapBrokerStringSaslIam`. */
  readonly bootstrap: Answered<Readonly<Record<string, string>>>;
  /** Newest first. */
  readonly operations: Answered<readonly MskOperation[]>;
  readonly metrics: Answered<readonly ListedMetric[]>;
  readonly values: Answered<Values>;
  readonly alarmStates: Answered<readonly ListedAlarm[]>;
  readonly alarmActions: Answered<readonly AlarmAction[]>;
  /** Scalable targets of storage under the cluster's ARN. */
  readonly autoScaling: Answered<StorageAutoScaling>;
  /** Undefined where nothing is deployed, or no run has reported yet. */
  readonly lastRun: Answered<RunSources | undefined>;
};
