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
  /** Sum of all replicas' sizes in this directory; absent where the directory has a problem. */
  readonly usedBytes?: number;
  /** The same by topic, where that was asked for. */
  readonly usedBytesByTopic?: Readonly<Record<string, number>>;
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
  /** Time from opening the connection until the broker answered and let us in; absent where it did not. */
  readonly answerMs?: number;
  /** Requests sent to it after connecting (version answer and authentication not counted). */
  readonly requestCount: number;
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
  /** Changes when a topic is deleted and made again under its old name (Kafka 2.8 and later). */
  readonly topicId?: string;
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
  /** The assignment could not be read; the others of the group stand. */
  readonly assignmentProblem?: ViewProblem;
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
  /** `consumer` is KIP-848, `streams` KIP-1071; `unknown` where the broker does not tell (before 3.8) and no describe could. */
  readonly protocol: 'classic' | 'consumer' | 'share' | 'streams' | 'unknown';
  readonly protocolType: string;
  /** Kafka's word (`Stable`, `Empty`); what the listing said where `problem` tells that the description is missing. */
  readonly state: string;
  /** Empty also where `problem` tells that the description is missing. */
  readonly members: readonly GroupMemberView[];
  /** Absent where not asked for, or where `commitsProblem` tells why. */
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

/**
 * What a listing failure takes from the view. `metadata`: no broker described the cluster, so `brokers` and `topics` are
 * empty without meaning it. `bootstrap`: one address was tried in vain while another served. `groups`: a broker's groups
 * are not listed (also where a partition of `__consumer_offsets` is offline).
 */
type ViewSubject = 'bootstrap' | 'metadata' | 'groups';

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
  /** Expected, or named as a replica, but not listed in Metadata (where a dead broker soon is missing): their ids. */
  readonly absentBrokerIds: readonly number[];
  /** Listing failures of a whole kind at one broker, so that a missing group or topic is never taken for a deleted one. */
  readonly problems: readonly {
    readonly what: ViewSubject;
    readonly brokerId?: number;
    readonly problem: ViewProblem;
  }[];
  readonly requestCountByApi: Readonly<Record<string, number>>;
};

/** What a look should contain. Metadata of all topics and the controller are always asked. */
export type LookRequest = {
  readonly groups: boolean;
  readonly commits: boolean;
  readonly ends: 'none' | 'latest' | 'both';
  readonly logDirectories: boolean;
  /** Also the bytes of each topic in each log directory: long for thousands of topics, so only on request. */
  readonly topicBytes?: boolean;
  /** Names of topic settings to read; empty for none. */
  readonly topicSettings: readonly string[];
  /** Ids that the MSK API's node list promises, to tell an absent broker from one that never was. */
  readonly expectedBrokerIds: readonly number[];
  /** How long a broker may take until it has let us in (H1); absent: what is usual for a look. */
  readonly answerTimeoutMs?: number;
};
