import type { Known } from '../../../../shared/core/known.ts';
import type { MskCluster, MskOperation } from '../../../../shared/core/msk-model.ts';
import type { Sample } from '../../../../shared/core/policy.ts';

/** What DescribeClusterV2 says, as far as storage goes. */
export type ClusterStorage = Pick<
  MskCluster,
  'state' | 'kind' | 'currentVersion' | 'brokerCount' | 'volumeGiB' | 'activeOperationArn'
>;

/** What Application Auto Scaling holds on this cluster's volumes: any target or policy is somebody else's hand on them. */
export type StorageAutoScaling = { readonly targetCount: number; readonly policyNames: readonly string[] };

/** `KafkaDataLogsDiskUsed` of one broker (percent, Maximum), newest last. No points: the metric was not there. */
export type BrokerDisk = {
  /** Absent for a broker that MSK lists without its id: nobody can ask how full its disk is. */
  readonly brokerId?: number;
  /** One point a minute, the last hour, or longer where the policy's minutes need it. */
  readonly lastHour: readonly Sample[];
  /** One point in five minutes, the last 24 hours. */
  readonly lastDay: readonly Sample[];
  /** Why CloudWatch's series could not be had whole; then there are no points. */
  readonly unread?: string;
};

/** Everything that one look gathered, and what the run remembers of its earlier looks. */
export type StorageObservation = {
  readonly cluster: Known<ClusterStorage>;
  readonly autoScaling: Known<StorageAutoScaling>;
  readonly operations: Known<readonly MskOperation[]>;
  readonly disks: Known<readonly BrokerDisk[]>;
  /** Names of this procedure's own disk alarms that are in ALARM. */
  readonly alarmsFiring: Known<readonly string[]>;
  readonly memory: LookMemory;
};

export type LookMemory = {
  /** The volume at the episode's first look, to tell when somebody else raised it meanwhile. */
  readonly firstVolumeGiB?: number;
  /** Looks in a row that ended in a hold: how far to back off. */
  readonly holdCount: number;
  /** Looks in a row that found room while the alarm still fired. */
  readonly calmCount?: number;
  /** Why the door let the last attempt not through, as long as it does not. */
  readonly stoppedBy?: string;
  /** MSK's refusals "storage is optimizing" so far, and the last one. */
  readonly optimizing?: { readonly count: number; readonly lastAtMs: number };
};
