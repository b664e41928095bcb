import { expect, test } from 'vitest';
import { approvalIdOf } from '../../../../shared/durable/approval-id.ts';
import { digestOf } from '../../../../shared/text/digest.ts';

const asking = { cluster: 'orders', procedure: 'storage-scaling', episode: 7 };

test('the run of an episode asks by episode and look', () => {
  expect(approvalIdOf({ ...asking, executionName: 'orders-storage-scaling-7' }, 4)).toBe('orders-storage-scaling-7-4');
});

test('a run of another name asks by twelve letters of that name’s digest, too', () => {
  const executionName = 'by-hand-1';
  const letters = digestOf(executionName).slice(0, 12);
  expect(approvalIdOf({ ...asking, executionName }, 4)).toBe(`orders-storage-scaling-7-${letters}-4`);
  expect(letters).toMatch(/^[0-9a-f]{12}$/);
});
