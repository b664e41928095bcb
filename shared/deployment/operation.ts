import type { StackContext } from './names.ts';
import type { Json, JsonObject } from './template.ts';

/** The function that calls, in its stack. */
export type Where = {
  readonly context: StackContext;
  readonly slug: string;
  readonly procedure: string;
  readonly starts?: string;
};

/** Part of a role: what one call needs. Grants of one `sid` make one statement. */
export type Grant = {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly Json[];
  readonly condition?: JsonObject;
};

/** What a call is billed by: a price of infra/bill/price-list.ts for each call, or what else it makes. */
export type CallPrice =
  | 's3Put'
  | 's3Get'
  | 'notification'
  | 'by-event'
  | 'by-metric'
  | 'by-invoked-run'
  | 'by-durable-operation'
  | 'nothing';

/**
 * One call that a procedure may declare.
 *
 * @property signedAs service and operation as the SDK signs them, which is what counting sees: `monitoring` is CloudWatch.
 *   Absent for what goes to brokers
 * @property grants what the caller's role gets for it; nothing where this cluster needs none
 * @property packages what of AWS clients, kafkajs and signers a caller's bundle holds for it
 * @property variables what the caller's environment gets for it
 * @property invokes the function that it wakes
 * @property changes what of the cluster it may change: who declares it has a mode, and goes through the door of acts
 * @property writesUnder the folder of the bucket that it writes into, ending in `/`: closed to everybody who declares nothing
 *   that writes there (infra/stack/bucket-policy.ts)
 */
export type Operation = {
  readonly signedAs?: string;
  readonly grants: (where: Where) => readonly Grant[];
  readonly packages: readonly string[];
  readonly variables?: (where: Where) => JsonObject;
  readonly price: CallPrice;
  readonly invokes?: (where: Pick<Where, 'slug' | 'starts'>) => string;
  readonly changes?: string;
  readonly writesUnder?: (where: Where) => string;
};
