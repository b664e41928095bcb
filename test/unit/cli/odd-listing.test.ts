import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { fetchRequests } from '../../../cli/approve/requests.ts';
import { fetchIsWaiting } from '../../../cli/approve/standing.ts';
import { fetchHistory } from '../../../cli/history/records.ts';
import { auditDayPrefix } from '../../../shared/acting/core/keys.ts';
import { approvalKey } from '../../../shared/durable/approval.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { openTry } from '../../support/acting/door.ts';
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
    const asked = { procedures: ['storage-scaling'], sinceMs: 0, nowMs: atMs, mostRecords: 10 };
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

describe('a record whose times cannot be', () => {
  const cause = 'orders-storage-scaling-1';
  const plannedAtMs = atMs + 9 * 3_600_000;
  const key = auditDayPrefix('orders', 'storage-scaling', plannedAtMs).concat(`${cause}.json`);
  const { cluster, ...rest } = openTry(plannedAtMs, true);
  const record = { cluster, ...rest, cause, plannedAtMs };
  /** What `history` says of it nine hours and a minute into that day. */
  const read = async (stored: object) => {
    const bytes = Buffer.from(JSON.stringify(stored));
    const body = { Body: { transformToByteArray: async () => bytes }, ETag: '"1"' };
    const client = answering<S3Client>({ Contents: [{ Key: key }], ...body });
    const nowMs = plannedAtMs + 60_000;
    return fetchHistory(where(client), { procedures: ['storage-scaling'], sinceMs: atMs, nowMs, mostRecords: 10 });
  };

  test('is told as damaged, and neither stands before all others nor is left out', async () => {
    for (const far of [plannedAtMs + 3 * 86_400_000, Date.UTC(9999, 0)]) {
      const times = [{ plannedAtMs: far }, { tries: [{ ...record.tries[0], atMs: far }] }];
      for (const odd of times) {
        const { records, damaged } = await read({ ...record, ...odd });
        expect(records).toEqual([]);
        expect(damaged).toMatchObject([{ key, message: expect.stringContaining('still to come: look who wrote it') }]);
      }
    }
    for (const past of [plannedAtMs - 365 * 86_400_000, 0]) {
      const { records, damaged } = await read({ ...record, plannedAtMs: past });
      expect(records).toEqual([]);
      expect(damaged).toMatchObject([{ key, message: expect.stringContaining('before the day that it lies under') }]);
    }
  });

  test('is not one whose reader’s clock is wrong by hours', async () => {
    const tries = [{ ...record.tries[0], atMs: plannedAtMs + 20 * 3_600_000 }];
    expect((await read({ ...record, tries })).records).toHaveLength(1);
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
