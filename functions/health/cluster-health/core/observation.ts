import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import type { Known, NotKnown } from '../../../../shared/core/known.ts';
import type { ClusterTraits } from '../../../../shared/core/metric-catalogue.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { MskCluster } from '../../../../shared/core/msk-model.ts';
import type { Sample } from '../../../../shared/core/policy.ts';
import type { HealthState } from './memory.ts';
import type { Scope } from './scopes.ts';

/** `light` runs every few minutes (RUNBOOK H2), `full` once a day with everything (H1). */
export type Depth = Scope;

/** What DescribeClusterV2 says, as far as it is judged. */
export type MskObservation = Pick<
  MskCluster,
  'state' | 'kind' | 'brokerCount' | 'activeOperationArn' | 'customerActionStatus'
>;

/**
 * One series as CloudWatch answered it, oldest point first. No points and nothing unread means that the metric was not
 * emitted.
 *
 * @property unread what CloudWatch has and did not give, and why in its own words: the series is judged by what is there, and
 *   its half hour again by the next run
 */
export type MetricSeries = {
  readonly metric: MetricName;
  readonly brokerId?: number;
  readonly points: readonly Sample[];
  readonly unread?: { readonly part: 'all' | 'some'; readonly why: string };
};

/** An alarm of this stack as CloudWatch has it: the brokers that its metrics name, how it stands, and whether it may act. */
export type PresentAlarm = {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly brokerIds: readonly number[];
  readonly isMuted: boolean;
};

/** An alarm that packaging made for this stack; `missing` where CloudWatch answered and did not name it. */
export type AlarmObservation = PresentAlarm | { readonly name: string; readonly state: 'missing' };

export type EndpointObservation = {
  readonly name: string;
  readonly kind: 'application' | 'schema-registry';
  readonly answer: Known<{ readonly status: number; readonly answerMs: number; readonly redirectHost?: string }>;
};

/** An alarm that woke mskeeper. It proves nothing: it says when to look, and for what. */
export type Wake = {
  readonly alarmName: string;
  /** The slug of what the alarm watches, `cpu-used`; absent where the stack does not know the alarm. */
  readonly rule?: string;
  readonly changedAtMs: number;
};

/**
 * The time whose datapoints a run judges that judges what has no alarm.
 *
 * @property unjudgedFromMs present where so much time went by without a run that the part from here to `fromMs` is judged by
 *   nobody
 */
export type HalfHour = { readonly fromMs: number; readonly unjudgedFromMs?: number };

/**
 * What a run asks CloudWatch for.
 *
 * @property rules of alarms that woke a look and are not proven over: their metrics are asked beside those of the depth
 * @property halfHour present where this run judges what has no alarm
 * @property isThroughputAsked this run adds up what the brokers take, since no alarm can
 */
export type MetricQuestions = {
  readonly depth: Depth;
  readonly rules: readonly string[];
  readonly halfHour?: HalfHour;
  readonly isThroughputAsked?: boolean;
};

/** Everything that one run gathered before it judged. */
export type HealthObservation = MetricQuestions & {
  /** A run may look more than once. */
  readonly runId: string;
  /** When the look began. */
  readonly nowMs: number;
  /** The alarms that this look serves; none where a schedule or a person asked for it. */
  readonly wakes: readonly Wake[];
  /** What the next run is told: whether it must ask the claim for wakes that wait. */
  readonly mayWakesWait: boolean;
  /** Why it is not known who looks just now, where the claim could not be read or written: then this run looks all the same. */
  readonly unclaimed?: NotKnown;
  readonly msk: Known<MskObservation>;
  /** Broker ids that ListNodes promises. */
  readonly nodes: Known<readonly number[]>;
  readonly view: Known<ClusterView>;
  /** A second look, only where the first found a broker silent: one lost packet is no dead broker. */
  readonly secondView: Known<ClusterView>;
  /** A third, some seconds later, where the second did not find all of them and time is left. */
  readonly thirdView?: Known<ClusterView>;
  readonly metrics: Known<readonly MetricSeries[]>;
  readonly alarms: Known<readonly AlarmObservation[]>;
  readonly endpoints: readonly EndpointObservation[];
  /** What the run before left behind; `undefined` inside an answer is a first run. */
  readonly previous: Known<HealthState | undefined>;
};

/** What mskeeper.yml promises about the cluster. */
export type HealthExpectation = ClusterTraits & {
  readonly brokerCount: number;
  readonly brokerIds: readonly number[];
  readonly brokerAnswerTimeoutMs: number;
  readonly criticalTopics: readonly { readonly name: string; readonly replicationFactor: number }[];
  readonly flowingTopics: readonly { readonly name: string; readonly minMessagesPerMinute: number }[];
  readonly isDeadLetterTopic: (topic: string) => boolean;
  readonly hasDeadLetterPatterns: boolean;
  /** Topics that mskeeper.yml names without a pattern, whatever for: they are asked for by name. */
  readonly plainTopics: readonly string[];
  readonly isWatchedGroup: (groupId: string) => boolean;
};
