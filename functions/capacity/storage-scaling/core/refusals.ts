import type { RefusePlan } from '../../../../shared/core/plan.ts';
import type { StorageAutoScaling } from './observation.ts';

/** Storage that has no volumes to enlarge. */
export const refuseKind = (kind: 'express' | 'serverless'): RefusePlan => ({
  action: 'refuse',
  reason: `is-${kind}`,
  message:
    kind === 'express'
      ? 'Express brokers have no volumes: MSK grows their storage by itself; watch StorageUsed for its cost.'
      : 'Serverless has no volumes: MSK grows its storage by itself, within its quota.',
  evidence: { kind },
});

/** Two hands on one volume would each lock the other out for hours. */
export const isScaledBy = ({ targetCount, policyNames }: StorageAutoScaling): boolean =>
  targetCount > 0 || policyNames.length > 0;

export const refuseAutoScaled = ({ targetCount, policyNames }: StorageAutoScaling): RefusePlan => {
  const names = policyNames.length === 0 ? 'a scalable target' : `policy ${policyNames.join(', ')}`;
  return {
    action: 'refuse',
    reason: 'auto-scaled',
    message: `Application Auto Scaling already scales these volumes (${names}): mskeeper stands back. Remove one of the two: mode off in mskeeper.yml, or the policy and its target; then wake storage-scaling by hand.`,
    evidence: { targetCount, policies: policyNames.join(', ') },
  };
};

export const refuseWithoutThreshold = (): RefusePlan => ({
  action: 'refuse',
  reason: 'no-threshold',
  message:
    'The policy names no disk share at which storage grows: set policy.scaling.diskUsedPercent in mskeeper.yml, or choose a preset that has one.',
  evidence: {},
});
