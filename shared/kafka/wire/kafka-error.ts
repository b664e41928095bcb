import type { ViewProblem } from '../../core/cluster-view.ts';
import type { DependencyError } from '../../core/errors.ts';

/** Codes that our rules look at. Source: `Errors.java` of Apache Kafka. */
export const kafkaErrorCode = {
  none: 0,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  notCoordinator: 16,
  topicAuthorizationFailed: 29,
  fencedLeaderEpoch: 74,
  groupIdNotFound: 69,
} as const;

const nameByCode: ReadonlyMap<number, string> = new Map([
  [-1, 'UNKNOWN_SERVER_ERROR'],
  [1, 'OFFSET_OUT_OF_RANGE'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  [5, 'LEADER_NOT_AVAILABLE'],
  [6, 'NOT_LEADER_OR_FOLLOWER'],
  [7, 'REQUEST_TIMED_OUT'],
  [8, 'BROKER_NOT_AVAILABLE'],
  [9, 'REPLICA_NOT_AVAILABLE'],
  [13, 'NETWORK_EXCEPTION'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS'],
  [15, 'COORDINATOR_NOT_AVAILABLE'],
  [16, 'NOT_COORDINATOR'],
  [17, 'INVALID_TOPIC_EXCEPTION'],
  [24, 'INVALID_GROUP_ID'],
  [29, 'TOPIC_AUTHORIZATION_FAILED'],
  [30, 'GROUP_AUTHORIZATION_FAILED'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED'],
  [35, 'UNSUPPORTED_VERSION'],
  [40, 'INVALID_CONFIG'],
  [41, 'NOT_CONTROLLER'],
  [42, 'INVALID_REQUEST'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
  [56, 'KAFKA_STORAGE_ERROR'],
  [57, 'LOG_DIR_NOT_FOUND'],
  [69, 'GROUP_ID_NOT_FOUND'],
  [72, 'LISTENER_NOT_FOUND'],
  [74, 'FENCED_LEADER_EPOCH'],
  [75, 'UNKNOWN_LEADER_EPOCH'],
  [78, 'OFFSET_NOT_AVAILABLE'],
  [88, 'UNSTABLE_OFFSET_COMMIT'],
  [89, 'THROTTLING_QUOTA_EXCEEDED'],
  [100, 'UNKNOWN_TOPIC_ID'],
]);

/** TOPIC, GROUP and CLUSTER_AUTHORIZATION_FAILED. */
const authorizationCodes: ReadonlySet<number> = new Set([29, 30, 31]);

/** What a broker's error code means for a view's item. @param detail the broker's own words, where it sent some */
export const problemOfCode = (code: number, detail?: string): ViewProblem => {
  const name = `${nameByCode.get(code) ?? 'error'} (${code})`;
  return {
    kind: authorizationCodes.has(code) ? 'denied' : 'kafka-error',
    code,
    message: detail === undefined ? name : `${name}: ${detail}`,
  };
};

/** Undefined for code 0. */
export const problemUnlessNone = (code: number, detail?: string): ViewProblem | undefined =>
  code === kafkaErrorCode.none ? undefined : problemOfCode(code, detail);

/** What a failure's `refusal` says where an answer was too large to be taken in. */
export const tooLargeRefusal = 'too-large';

/** A connection's or request's failure as a view tells it. Failures that only AWS calls have become `bad-answer`. */
export const problemOfFailure = (error: DependencyError): ViewProblem => {
  if (error.facts.refusal === tooLargeRefusal) return { kind: 'too-large', message: error.message };
  switch (error.failure) {
    case 'unreachable':
    case 'timed-out':
    case 'tls-failed':
    case 'authentication-failed':
    case 'denied':
      return { kind: error.failure, message: error.message };
    case 'failed':
      return { kind: 'unsupported', message: error.message };
    case 'bad-answer':
    case 'throttled':
    case 'not-found':
    case 'conflict':
      return { kind: 'bad-answer', message: error.message };
    default:
      return error.failure satisfies never;
  }
};
