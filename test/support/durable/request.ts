import type { ApprovalRequest } from '../../../shared/durable/approval.ts';

export const digest = 'c0ffee'.padEnd(64, '0');

/** Half an hour for a person to let the volumes grow; a person set it going, and STS said who. */
export const approvalRequest = (more: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  id: 'orders-storage-scaling-4-1',
  cluster: 'orders',
  procedure: 'storage-scaling',
  executionName: 'orders-storage-scaling-4',
  plan: { action: 'expand', reason: 'above-critical', message: 'Add 100 GiB.', evidence: { usedPercent: 90 } },
  initiator: 'arn:aws:iam::111122223333:user/alice',
  isInitiatorProven: true,
  mayInitiatorApprove: false,
  approvers: [],
  yesesNeeded: 1,
  configuration: digest,
  requestedAtMs: Date.UTC(2026, 0, 14, 12),
  timeoutMs: 1_800_000,
  ...more,
});
