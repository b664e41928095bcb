import * as z from 'zod';
import type { Evidence } from '../core/plan.ts';
import { atMs, namedFacts } from '../text/plain-schemas.ts';

/** What a person is asked: the plan as it stands, who set it going, and until when an answer counts. */
export type ApprovalRequest = {
  readonly plan: {
    readonly action: string;
    readonly reason: string;
    readonly message: string;
    readonly evidence: Evidence;
  };
  /** Who or what opened the run, as its episode says: a person's name, an alarm's, a forecast's. */
  readonly initiator: string;
  /** False where the policy wants a second pair of eyes: an answer by the initiator is a refusal. */
  readonly mayInitiatorApprove: boolean;
  /** Counted from the moment the request is made; no answer by then is `timed-out`. */
  readonly timeoutMs: number;
};

/** The initiator where a person set the run going and did not say who he is. */
export const unnamedPerson = 'a person who gave no name';

/** What came of it. Only `approved` lets anything happen. */
export type ApprovalOutcome =
  | { readonly outcome: 'approved'; readonly by: string; readonly atMs: number; readonly comment?: string }
  | {
      readonly outcome: 'refused';
      /** `person` said no, `initiator` may not say yes, and what is `unreadable` is no yes either. */
      readonly because: 'person' | 'initiator' | 'unreadable';
      readonly by?: string;
      readonly atMs?: number;
      readonly comment?: string;
    }
  | { readonly outcome: 'timed-out' };

/** What the approver's command sends back through the callback, as JSON. */
export const approvalAnswer = z.strictObject({
  decision: z.enum(['approved', 'refused']),
  /** The approver's ARN, as STS names it. */
  by: z.string().min(1).max(2048),
  atMs,
  comment: z.string().max(1000).optional(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;

/** `approvals/<cluster>/<id>.json` as it lies in the bucket, read; `callbackId` is the power to answer. */
export const approvalDocument = z
  .strictObject({
    version: z.literal(1),
    id: z.string().regex(/^[a-z0-9-]+$/),
    cluster: z.string().min(1),
    procedure: z.string().min(1),
    executionName: z.string().min(1),
    initiator: z.string().min(1),
    mayInitiatorApprove: z.boolean(),
    requestedAtMs: atMs,
    expiresAtMs: atMs,
    plan: z.strictObject({
      action: z.string(),
      reason: z.string(),
      message: z.string(),
      evidence: namedFacts,
    }),
    callbackIdParts: z.array(z.string().min(1)).min(1),
  })
  .transform(({ callbackIdParts, ...document }) => ({ ...document, callbackId: callbackIdParts.join('') }));
export type ApprovalDocument = z.output<typeof approvalDocument>;

/**
 * The document as it is written. The callback id lies in parts of eight characters: whole, the store's redaction could
 * take it for a key and destroy it. Only the approver's role reads this prefix.
 */
export const encodeApproval = ({ callbackId, ...document }: ApprovalDocument): z.input<typeof approvalDocument> => ({
  ...document,
  callbackIdParts: callbackId.match(/.{1,8}/gsu) ?? [],
});

/** Where a cluster's requests lie: `approvals/<cluster>/`, a prefix for `requireKey`. */
export const approvalPrefix = (cluster: string): string => `approvals/${cluster}/`;
export const approvalKey = (cluster: string, id: string): string => `${approvalPrefix(cluster)}${id}.json`;
