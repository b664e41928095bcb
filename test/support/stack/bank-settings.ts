import type { StackSettings } from '../../../shared/core/stack-settings.ts';

const keyOf = (digit: number): string =>
  `arn:aws:kms:eu-west-1:111122223333:key/${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

/** Every setting of a stack that there is, as the rules of a bank may ask for it. */
export const bankSettings = {
  permissionsBoundary: 'arn:aws:iam::111122223333:policy/platform/boundary',
  logRetentionDays: 400,
  tags: { CostCenter: '4711', 'data class': 'interne Daten: c2 @ Zürich' },
  keys: {
    logs: keyOf(1),
    queues: keyOf(2),
    bucket: keyOf(3),
    topics: keyOf(5),
    environment: keyOf(4),
    deployment: keyOf(6),
  },
  reservedConcurrency: { 'storage-scaling': 1, 'storage-scaling-run': 2 },
  accessLog: 'own',
  terminationProtection: true,
  auditRetention: { mode: 'governance', days: 2557 },
  breakGlassRole: 'arn:aws:iam::111122223333:role/break-glass',
  deploymentRole: 'arn:aws:iam::111122223333:role/deployments/cloudformation',
} as const satisfies StackSettings;
