/**
 * One read-only look at a Kafka cluster, as its brokers answered. Every item keeps its own error, so a degraded cluster
 * is still described: nothing here is a default for an answer that did not come.
 */

/** Why one item has no answer. `code` is Kafka's error code where a broker sent one. */
export type ViewProblem = {
  readonly kind:
    | 'unreachable'
    | 'timed-out'
    | 'tls-failed'
    | 'authentication-failed'
    | 'denied'
    | 'bad-answer'
    | 'unsupported'
    | 'kafka-error';
  readonly code?: number;
  readonly message: string;
};

export type LogDirectoryView = {
  readonly path: string;
  /** Sum of all replicas' sizes in this directory. */
  readonly usedBytes: number;
  /** Volume figures, absent before Kafka 3.3 (DescribeLogDirs below v4). */
  readonly totalBytes?: number;
  readonly usableBytes?: number;
  readonly problem?: ViewProblem;
};

export type BrokerView = {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack?: string;
  /** Time from opening the connection to the first answer; absent where none came. */
  readonly answerMs?: number;
  readonly problem?: ViewProblem;
  readonly logDirectories?: readonly LogDirectoryView[];
  readonly logDirectoriesProblem?: ViewProblem;
};

export type PartitionView = {
  readonly partition: number;
  /** Absent where the partition has no leader (offline). */
  readonly leaderId?: number;
  readonly replicaIds: readonly number[];
  readonly inSyncReplicaIds: readonly number[];
  readonly offlineReplicaIds: readonly number[];
  readonly earliestOffset?: bigint;
  readonly latestOffset?: bigint;
  readonly offsetsProblem?: ViewProblem;
};

export type TopicView = {
  readonly name: string;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionView[];
  /** Effective settings that were asked for, by Kafka's name (`min.insync.replicas`). Absent where not asked or not answered. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly settingsProblem?: ViewProblem;
  readonly problem?: ViewProblem;
};

export type GroupMemberView = {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
};

export type CommitView = {
  readonly topic: string;
  readonly partition: number;
  /** Absent where nothing is committed: never summed as zero. */
  readonly committedOffset?: bigint;
  readonly problem?: ViewProblem;
};

export type GroupView = {
  readonly groupId: string;
  readonly coordinatorId: number;
  /** `consumer` is KIP-848; `unknown` where the broker does not tell (before 3.8) and no describe could. */
  readonly protocol: 'classic' | 'consumer' | 'share' | 'unknown';
  readonly protocolType: string;
  readonly state: string;
  readonly members: readonly GroupMemberView[];
  readonly commits?: readonly CommitView[];
  readonly commitsProblem?: ViewProblem;
  readonly problem?: ViewProblem;
};

export type ControllerView = {
  readonly brokerId?: number;
  /** `quorum` is DescribeQuorum's leader; `metadata` proves nothing on KRaft, where it is a random live broker. */
  readonly toldBy: 'quorum' | 'metadata';
  readonly problem?: ViewProblem;
};

export type ClusterView = {
  readonly version: 1;
  readonly takenAtMs: number;
  readonly durationMs: number;
  readonly clusterId?: string;
  readonly controller: ControllerView;
  readonly brokers: readonly BrokerView[];
  readonly topics: readonly TopicView[];
  /** Absent where not asked for. */
  readonly groups?: readonly GroupView[];
  /** Brokers that should be there but no metadata lists (a dead broker is not in Metadata): their ids. */
  readonly absentBrokerIds: readonly number[];
  /** Listing failures of a whole kind at one broker, so that a missing group or topic is never taken for a deleted one. */
  readonly problems: readonly { readonly what: string; readonly brokerId?: number; readonly problem: ViewProblem }[];
  readonly requestCountByApi: Readonly<Record<string, number>>;
};

/** What a look should contain. Metadata of all topics and the controller are always asked. */
export type LookRequest = {
  readonly groups: boolean;
  readonly commits: boolean;
  readonly ends: 'none' | 'latest' | 'both';
  readonly logDirectories: boolean;
  /** Names of topic settings to read; empty for none. */
  readonly topicSettings: readonly string[];
  /** Ids that the MSK API's node list promises, to tell an absent broker from one that never was. */
  readonly expectedBrokerIds: readonly number[];
};
