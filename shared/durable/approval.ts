import * as z from 'zod';
import type { Evidence } from '../core/plan.ts';
import { callerProof } from '../events/caller-proof.ts';
import { digestPattern } from '../text/digest.ts';
import { atMs, namedFacts } from '../text/plain-schemas.ts';

/** What a person is asked: the plan as it stands, who set it going, under which configuration, and until when. */
export type ApprovalRequest = {
  /** `orders-storage-scaling-7-4`: episode and look. */
  readonly id: string;
  readonly cluster: string;
  readonly procedure: string;
  readonly executionName: string;
  readonly plan: {
    readonly action: string;
    readonly reason: string;
    readonly message: string;
    readonly evidence: Evidence;
  };
  /** Who or what opened the run, as its episode says: a person's ARN or name, an alarm's, a forecast's. */
  readonly initiator: string;
  /** AWS said so: STS of a person, CloudWatch of an alarm. Else it is what somebody wrote. */
  readonly isInitiatorProven: boolean;
  /** False where the policy wants a second pair of eyes: a yes of the initiator is none. */
  readonly mayInitiatorApprove: boolean;
  /** ARNs of those whose yes to this change of size still holds: nobody's counts twice. */
  readonly approvers: readonly string[];
  /** How many different people must say yes, those of `approvers` among them. */
  readonly yesesNeeded: number;
  /** Digest of the configuration that the run acts under. */
  readonly configuration: string;
  /** The run's own clock, of a step: the same at every replay. */
  readonly requestedAtMs: number;
  /** Counted from the moment the request is made; no answer by then is `timed-out`. */
  readonly timeoutMs: number;
};

/** The initiator where a person set the run going and did not say who he is. */
export const unnamedPerson = 'a person who gave no name';

/**
 * Why an answer counts for nothing, neither as a yes nor as a no: `unreadable` is no answer of the approver's command,
 * `other-request` was given to something else than what was asked, `unproven` where STS does not say who gave it,
 * `unreachable` where it could not be asked; or whoever gave it may not answer at all (`stranger`), may not say yes
 * (`initiator`), said it before, and another person's is needed (`approved-before`), or said it in a session that has a tool's
 * name and no person's (`unnamed`).
 */
export const voidReasons = [
  'unreadable',
  'other-request',
  'unproven',
  'unreachable',
  'stranger',
  'initiator',
  'approved-before',
  'unnamed',
] as const;
type VoidReason = (typeof voidReasons)[number];

/** A person's decision as it is kept: by the ARN that STS gave, at the time of the run that got it. */
export type Decided = {
  readonly by: string;
  readonly atMs: number;
  /** Of request, decision and comment. */
  readonly digest: string;
  readonly comment?: string;
};

/** What came of it. Only `approved` lets anything happen. */
export type ApprovalOutcome =
  | ({ readonly outcome: 'approved' } & Decided)
  | ({ readonly outcome: 'refused' } & Decided)
  | {
      readonly outcome: 'void';
      readonly because: VoidReason;
      readonly by?: string;
      /** What STS, or the way to it, said. */
      readonly detail?: string;
    }
  | { readonly outcome: 'timed-out' }
  /** The request could not be kept, so nobody was asked. */
  | { readonly outcome: 'unasked'; readonly why: string }
  /** It was not waited for to the end, since the run has nothing to ask any more. */
  | { readonly outcome: 'lapsed' };

export const longestComment = 1_000;

/** What the approver's command sends back through the callback, as JSON. When it was given nobody asks the giver. */
export const approvalAnswer = z.strictObject({
  version: z.literal(2),
  decision: z.enum(['approved', 'refused']),
  comment: z.string().min(1).max(longestComment).exactOptional(),
  /** Of the request as it was shown, the decision and the comment. */
  digest: z.string().regex(digestPattern),
  proof: callerProof,
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;

/** `approvals/<cluster>/<id>.json` as it lies in the bucket, read; `callbackId` is the power to answer. */
export const approvalDocument = z
  .strictObject({
    version: z.literal(2),
    id: z.string().regex(/^[a-z0-9-]+$/),
    cluster: z.string().min(1),
    procedure: z.string().min(1),
    executionName: z.string().min(1),
    initiator: z.string().min(1),
    isInitiatorProven: z.boolean(),
    mayInitiatorApprove: z.boolean(),
    approvers: z.array(z.string().min(1)),
    yesesNeeded: z.int().min(1).max(2),
    configuration: z.string().regex(digestPattern),
    requestedAtMs: atMs,
    expiresAtMs: atMs,
    plan: z.strictObject({
      action: z.string(),
      reason: z.string(),
      message: z.string(),
      evidence: namedFacts,
    }),
    callbackIdParts: z.array(z.string().min(1)).min(1),
    /** Of all the rest; whoever reads it works it out again. */
    digest: z.string().regex(digestPattern),
  })
  .transform(({ callbackIdParts, ...document }) => ({ ...document, callbackId: callbackIdParts.join('') }));
export type ApprovalDocument = z.output<typeof approvalDocument>;

/**
 * The document as it is written. The callback id lies in parts of eight characters: whole, the store's redaction could
 * take it for a key and destroy it. Only the approver's role reads this prefix.
 */
export const encodeApproval = ({ callbackId, ...document }: ApprovalDocument): z.input<typeof approvalDocument> => ({
  ...document,
  approvers: [...document.approvers],
  callbackIdParts: callbackId.match(/.{1,8}/gsu) ?? [],
});

/** Where a cluster's requests lie: `approvals/<cluster>/`, a prefix for `requireKey`. */
export const approvalPrefix = (cluster: string): string => `approvals/${cluster}/`;
export const approvalKey = (cluster: string, id: string): string => `${approvalPrefix(cluster)}${id}.json`;
