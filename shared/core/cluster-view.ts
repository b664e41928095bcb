/**
 * One read-only look at a Kafka cluster, as its brokers answered. Every item keeps its own error, so a degraded cluster
 * is still described: nothing here is a default for an answer that did not come.
 */

/**
 * Why one item has no answer. `code` is Kafka's error code where a broker sent one. `too-large`: it was there, and more of
 * it than one answer takes, of a broker or of kafka/read.
 */
export type ViewProblem = {
  readonly kind:
    | 'unreachable'
    | 'timed-out'
    | 'tls-failed'
    | 'authentication-failed'
    | 'denied'
    | 'bad-answer'
    | 'too-large'
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
  /** Others that Metadata lists at the same host and port: at most one of them was reached, and nobody knows which. */
  readonly sharesAddressWith?: readonly number[];
  /**
   * Whether a partition that it leads is below its minimum only under min(`min.insync.replicas`, replicas), as from Kafka
   * 3.7 on (KAFKA-15583). Absent where the broker's version is not known.
   */
  readonly capsMinIsrByReplicas?: boolean;
  /** Requests sent to it after connecting (version answer and authentication not counted). */
  readonly requestCount: number;
  /** Also of a broker that let us in and then answered none of our requests. */
  readonly problem?: ViewProblem;
  readonly logDirectories?: readonly LogDirectoryView[];
  readonly logDirectoriesProblem?: ViewProblem;
};

export type PartitionView = {
  readonly partition: number;
  /** Absent where the answer names none: the partition is offline, unless `problem` tells another cause. */
  readonly leaderId?: number;
  /** Grows with every election: of two witnesses the higher one speaks for the partition. Absent where not told. */
  readonly leaderEpoch?: number;
  /** The partition's own error code, such as LISTENER_NOT_FOUND (72) where the leader lacks the listener that we use. */
  readonly problem?: ViewProblem;
  readonly replicaIds: readonly number[];
  readonly inSyncReplicaIds: readonly number[];
  readonly offlineReplicaIds: readonly number[];
  /** Of `replicaIds` those that a reassignment under way adds (KIP-455): neither late nor too many until it ends. */
  readonly addingReplicaIds?: readonly number[];
  /** Of `replicaIds` those that it will take away. */
  readonly removingReplicaIds?: readonly number[];
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
  /** Empty also where they were not asked for, where they were left out, or where `problem` tells that the description is missing. */
  readonly members: readonly GroupMemberView[];
  /** How many of its members did not fit into the answer. */
  readonly membersLeftOut?: number;
  /** Absent where not asked for, or where `commitsProblem` tells why. */
  readonly commits?: readonly CommitView[];
  readonly commitsProblem?: ViewProblem;
  readonly problem?: ViewProblem;
};

export type ControllerView = {
  readonly brokerId?: number;
  /** Brokers that did not answer who it is, while another did: they may be cut off from it. */
  readonly unansweredByIds?: readonly number[];
  /** `quorum` is DescribeQuorum's leader; `metadata` proves nothing on KRaft, where it is a random live broker. */
  readonly toldBy: 'quorum' | 'metadata';
  readonly problem?: ViewProblem;
};

/**
 * What one broker said of the whole cluster. Two are asked in full and the others for their list of brokers; where they
 * differ, the newest leader epoch speaks for a partition, and the list of brokers is that of most witnesses, or of the one
 * with the newest epochs where as many say one thing as another.
 */
export type WitnessView = {
  /** Absent where the address is no listed broker's own, such as a bootstrap name for all of them. */
  readonly brokerId?: number;
  /** `host:port` */
  readonly address: string;
  readonly depth: 'full' | 'brokers';
  /** The brokers that it lists; none where it has not learnt yet who is there, which is no word about the cluster. */
  readonly brokerIds: readonly number[];
  /** The id of the cluster that it describes, where that is not ours: nothing that it said is in the view. */
  readonly otherClusterId?: string;
  /**
   * Present on the odd one: it lists others than the view does, or the same elsewhere, or spoke of so many partitions with
   * an older epoch, or alone against two.
   */
  readonly overruled?: {
    /** In the view, and not in its list. */
    readonly missingBrokerIds: readonly number[];
    /** In its list, and not in the view. */
    readonly extraBrokerIds: readonly number[];
    readonly partitionCount: number;
  };
};

/** A topic that was asked for by name since no list had it, and what brokers said then: denied, or not there (code 3). */
export type UnlistedTopicView = { readonly name: string; readonly problem: ViewProblem };

/**
 * What a listing failure takes from the view. `metadata`: no broker described the cluster, so `brokers` and `topics` are
 * empty without meaning it. `bootstrap`: one address was tried in vain while another served. `groups`: a broker's groups
 * are not listed (also where a partition of `__consumer_offsets` is offline). The others: what was left out of the whole
 * view since it did not fit into the answer (`too-large`).
 */
type ViewSubject = 'bootstrap' | 'metadata' | 'groups' | 'members' | 'commits' | 'ends' | 'topic-bytes' | 'settings';

export type ClusterView = {
  readonly version: 1;
  readonly takenAtMs: number;
  readonly durationMs: number;
  readonly clusterId?: string;
  readonly controller: ControllerView;
  readonly brokers: readonly BrokerView[];
  readonly topics: readonly TopicView[];
  /** Of `topicNames` asked for, those that no list had. */
  readonly unlistedTopics?: readonly UnlistedTopicView[];
  /** Why it is not known which replicas are being added: absent where it is known, or nothing hung on it. */
  readonly reassignmentsProblem?: ViewProblem;
  /** Who described the cluster; empty where nobody did. */
  readonly witnesses: readonly WitnessView[];
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
  /** `none`: groups are listed with their states, and not described. Absent: `all`. */
  readonly members?: 'none' | 'all';
  readonly ends: 'none' | 'latest' | 'both';
  readonly logDirectories: boolean;
  /** Also the bytes of each topic in each log directory: long for thousands of topics, so only on request. */
  readonly topicBytes?: boolean;
  /** Names of topic settings to read; empty for none. */
  readonly topicSettings: readonly string[];
  /** Topics that are asked for by name where no list has them: what may not be seen is missing without a word. */
  readonly topicNames?: readonly string[];
  /** Ids that the MSK API's node list promises, to tell an absent broker from one that never was. */
  readonly expectedBrokerIds: readonly number[];
  /** How long a broker may take until it has let us in (H1); absent: what is usual for a look. */
  readonly answerTimeoutMs?: number;
};

/** The least that a look asks: who the brokers, the topics and the controller are. */
export const bareLook: LookRequest = {
  groups: false,
  commits: false,
  ends: 'none',
  logDirectories: false,
  topicSettings: [],
  expectedBrokerIds: [],
};
