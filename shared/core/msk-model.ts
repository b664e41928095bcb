/** What the MSK API says about a cluster, as plain data. Absent means that the API did not say. */

type MskClusterState =
  | 'ACTIVE'
  | 'CREATING'
  | 'DELETING'
  | 'FAILED'
  | 'HEALING'
  | 'MAINTENANCE'
  | 'REBOOTING_BROKER'
  | 'UPDATING';

export type MskCluster = {
  readonly arn: string;
  readonly name: string;
  /** A state that is new to us is kept as it was spelt: never taken for ACTIVE. */
  readonly state: MskClusterState | (string & {});
  readonly stateMessage?: string;
  readonly kind: 'standard' | 'express' | 'serverless';
  /** The optimistic lock of every update: without it none can be asked for. */
  readonly currentVersion?: string;
  readonly activeOperationArn?: string;
  /** 0 for Serverless, which has no nodes to count. */
  readonly brokerCount: number;
  readonly instanceType?: string;
  readonly kafkaVersion?: string;
  /** Of each broker; absent for Express and Serverless. */
  readonly volumeGiB?: number;
  readonly storageMode?: 'LOCAL' | 'TIERED' | (string & {});
  readonly monitoringLevel?: string;
  /** MSK's own storage alert at 60 %, 80 % and full. */
  readonly customerActionStatus?: 'NONE' | 'ACTION_RECOMMENDED' | 'CRITICAL_ACTION_REQUIRED' | (string & {});
  readonly rebalancing?: 'ACTIVE' | 'PAUSED' | (string & {});
  readonly zoneCount?: number;
  readonly createdAtMs?: number;
};

export type MskNode = {
  /** Without it there is a broker that nobody can ask for: the list does not name all. */
  readonly brokerId?: number;
  /** Host names without a port. */
  readonly endpoints: readonly string[];
  readonly instanceType?: string;
  readonly kafkaVersion?: string;
  readonly addedAtMs?: number;
};

export type MskOperation = {
  /** Without it the operation cannot be asked for by itself. */
  readonly arn?: string;
  /** Free strings in the API: an unknown type may be of storage, and an unknown state counts as not ended. */
  readonly type?: string;
  readonly state?: string;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
};

/** One operation with what only its own description tells. */
export type MskOperationDetail = MskOperation & {
  /** The size that it gives every volume; absent for operations of another kind. */
  readonly targetVolumeGiB?: number;
  readonly errorMessage?: string;
};
