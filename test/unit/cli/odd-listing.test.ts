import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { fetchRequests } from '../../../cli/approve/requests.ts';
import { fetchIsWaiting } from '../../../cli/approve/standing.ts';
import { fetchHistory } from '../../../cli/history/records.ts';
import { auditDayPrefix } from '../../../shared/acting/core/keys.ts';
import { approvalKey } from '../../../shared/durable/approval.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { answering, tryOddItems } from '../../support/aws/odd-items.ts';

const calls = openCallScope(new AbortController().signal);
const atMs = Date.UTC(2026, 0, 14);
const where = (client: S3Client) => ({ client, calls, bucket: 'b', cluster: 'orders' });
/** S3 as the SDK gives it: a list, and for every key bytes that are no document. */
const bucketOf = (Contents: readonly unknown[]) => {
  const bytes = { Body: { transformToByteArray: async () => Buffer.from('{}') }, ETag: '"1"' };
  return answering<S3Client>({ Contents, ...bytes });
};

test('an odd entry of a listing is told as damaged, and hides no other, whatever is odd', () => {
  const key = `${auditDayPrefix('orders', 'storage-scaling', atMs)}orders-storage-scaling-1.json`;
  const entry = { Key: key.replace('-1.json', '-2.json'), Size: 2 };
  const request = approvalKey('orders', 'orders-storage-scaling-1');
  return tryOddItems(entry, async ({ item, path }) => {
    const client = bucketOf([{ Key: key }, item, { Key: key }]);
    const asked = { procedures: ['storage-scaling'], sinceMs: 0, mostRecords: 10 };
    // A key of another kind is no text at all: the SDK reads texts out of XML.
    if (typeof item === 'object' && item !== null && 'Key' in item && typeof item.Key !== 'string') return;
    const history = await fetchHistory(where(client), asked);
    expect(history.damaged.filter((one) => one.key === key)).toHaveLength(2);
    const asking = bucketOf([{ Key: request }, item, { Key: request }]);
    const requests = await fetchRequests(where(asking), atMs);
    expect(requests.damaged.length).toBeGreaterThanOrEqual(3);
    if (path === '') expect(requests.damaged.map(({ message }) => message)).toContain('S3 lists it without its key');
  });
});

test('an odd event of a run’s history never makes an answered request look open, whatever is odd', () => {
  const started = { Id: '1', EventType: 'CallbackStarted', CallbackStartedDetails: { CallbackId: 'callback-1' } };
  const settled = { Id: '1', EventType: 'CallbackSucceeded' };
  const run = { DurableExecutionArn: 'arn:run', DurableExecutionName: 'run-1', Status: 'RUNNING' };
  const request = { procedure: 'storage-scaling', executionName: 'run-1', callbackId: 'callback-1' } as Parameters<
    typeof fetchIsWaiting
  >[1];
  const context = { functions: [], clusterKey: 'orders' } as unknown as Parameters<typeof fetchIsWaiting>[0]['context'];
  return tryOddItems(settled, async ({ item }) => {
    const client = answering<LambdaClient>({ DurableExecutions: [run], Events: [item, started] });
    const waiting = await fetchIsWaiting({ client, calls, context }, request);
    const isOther = typeof item === 'object' && item !== null && 'Id' in item && 'EventType' in item;
    // Of another callback, or another event: then this one is open indeed.
    if (
      isOther &&
      typeof item.Id === 'string' &&
      item.Id !== '' &&
      typeof item.EventType === 'string' &&
      item.EventType !== ''
    )
      return;
    if (waiting.isKnown) expect(waiting.value).toBe(false);
    else expect(waiting.failure).toBe('bad-answer');
  });
});
