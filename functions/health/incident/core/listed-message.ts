import type { Message } from './outbox.ts';
import type { Reach } from './reach.ts';

/**
 * One message as people see it afterwards.
 *
 * @property outcome `delivered`: the endpoint, or SNS, took it. `unknown`: it was sent, and nobody knows. `failed`: it did not
 *   arrive and is tried again. `waiting`: not tried yet. `dropped`: there was nothing left to say
 * @property provesArrival false where SNS hands it on, which tells nobody whether it arrived
 * @property atMs when that became so
 */
export type ListedMessage = {
  readonly kind: Message['kind'];
  readonly says: string;
  readonly endpoints: readonly string[];
  readonly provesArrival: boolean;
  readonly outcome: 'delivered' | 'refused' | 'dropped' | 'unknown' | 'failed' | 'waiting';
  readonly atMs: number;
  readonly tries: number;
  readonly why?: string;
};

/** What became of a message. */
export function listMessage(message: Message, { kindOf }: Reach): ListedMessage {
  const { kind, says, destination, tries, why, madeAtMs, outcomeAtMs } = message;
  return {
    kind,
    says,
    endpoints: destination.endpoints,
    provesArrival: destination.by === 'endpoint' && kindOf(destination.endpoints[0]) !== 'amazon-q',
    outcome: outcomeOf(message),
    atMs: outcomeAtMs ?? madeAtMs,
    tries,
    ...(why !== undefined && { why }),
  };
}

function outcomeOf(message: Message): ListedMessage['outcome'] {
  if (message.outcome !== undefined) return message.outcome;
  if (message.mayHaveArrived === true) return 'unknown';
  return message.why === undefined ? 'waiting' : 'failed';
}
