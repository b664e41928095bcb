import { expect, test } from 'vitest';
import type { ActRecord, End } from '../../../../shared/acting/core/record.ts';
import { planActEvent } from '../../../../shared/acting/event.ts';
import { plannedAtMs } from '../../../support/acting/door.ts';

const frame = { id: 'try-2', atMs: plannedAtMs + 2, execution: 'execution-1' };
const record: ActRecord = {
  version: 1,
  cluster: 'orders',
  procedure: 'storage-scaling',
  cause: 'orders-storage-scaling-3',
  mode: 'act',
  plan: { action: 'expand', reason: 'above-threshold', message: 'Volumes grow.', evidence: { toGiB: 600 } },
  target: { toGiB: 600 },
  plannedAtMs,
  plannedState: { currentVersion: 'K1' },
  isDisruptive: false,
  isLocked: true,
  tries: [{ id: 'try-1', atMs: plannedAtMs, execution: 'execution-1', seenState: null }],
};
const claim = { procedure: record.procedure, cause: record.cause, plannedAtMs: plannedAtMs - 86_400_000 } as const;

test.each<[End, string]>([
  [{ ...frame, decision: 'would-act' }, 'mskeeper plan'],
  [{ ...frame, decision: 'acted', outcome: null }, 'mskeeper act'],
  [{ ...frame, decision: 'adopted', outcome: null }, 'mskeeper act'],
  [{ ...frame, decision: 'stopped', reason: 'api-refused', message: 'no' }, 'mskeeper act'],
])('the bus hears of a record that ended so: $decision', (end, detailType) => {
  expect(planActEvent(claim, { ...record, end })).toEqual({
    detailType,
    detail: {
      version: 1,
      cluster: 'orders',
      procedure: 'storage-scaling',
      cause: 'orders-storage-scaling-3',
      plan: record.plan,
      target: record.target,
      plannedAtMs,
      tryCount: 1,
      end,
      // Of the day on which the cause was claimed: there its record lies.
      auditKey: 'audit/orders/storage-scaling/2026/11/20/orders-storage-scaling-3.json',
    },
  });
});

test('the bus hears who approved it', () => {
  const approval = { by: 'alice', atMs: plannedAtMs };
  expect(planActEvent(claim, { ...record, approval }).detail).toMatchObject({ approval });
});
