import { expect, test } from 'vitest';
import { type Intent, isReceiptOf, type Receipt } from '../../../../shared/core/receipt.ts';
import { minuteMs } from '../../../../shared/core/units.ts';

const sinceMs = Date.parse('2026-11-21T10:00:00Z');
const nowMs = sinceMs + minuteMs;
const intent: Intent = { cluster: 'orders', key: 'orders-storage-scaling-3/about-to-act', sinceMs };
const receipt: Receipt = { version: 1, cluster: 'orders', key: intent.key, atMs: sinceMs + 5_000 };

test.each<[string, Receipt | undefined, boolean]>([
  ['of this very intent', receipt, true],
  ['of a moment by a clock that is behind', { ...receipt, atMs: sinceMs - minuteMs }, true],
  ['that there is not', undefined, false],
  ['of another key', { ...receipt, key: 'orders-storage-scaling-2/about-to-act' }, false],
  ['of another cluster', { ...receipt, cluster: 'payments' }, false],
  ['from before it was planned', { ...receipt, atMs: sinceMs - 3 * minuteMs }, false],
  ['of a time that is still to come', { ...receipt, atMs: nowMs + 3 * minuteMs }, false],
])('a receipt %s', (_what, one, expected) => {
  expect(isReceiptOf(one, intent, nowMs)).toBe(expected);
});
