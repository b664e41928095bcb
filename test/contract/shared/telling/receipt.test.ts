import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreClient, type Store } from '../../../../shared/aws/store.ts';
import { receiptPrefix } from '../../../../shared/core/store-keys.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { fetchReceipt, keepReceipt } from '../../../../shared/telling/receipt.ts';
import { digestOf } from '../../../../shared/text/digest.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const cluster = 'orders';
const openStore = (): Store => ({
  client: createStoreClient(),
  calls: openCallScope(new AbortController().signal),
  bucket: 'mskeeper-orders-111122223333',
  prefixes: [receiptPrefix(cluster)],
});
const keys = [
  'orders-storage-scaling-7-2026-01-14t1200-1/about-to-act',
  // What a redaction could take for a secret is an act's key all the same.
  'AKIAIOSFODNN7EXAMPLE-storage-scaling-7-2026-01-14t1200-1/about-to-act',
  'password-storage-scaling-442071838750-1/about-to-act',
];
const s3Error = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

test.each(keys)('a receipt for %s is written once, under the digest of its key, and read as it was', async (key) => {
  server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body: '' }));
  await keepReceipt(openStore(), cluster, key, 5);
  const [put] = server.requests;
  expect(put?.path).toContain(`/receipts/orders/${digestOf(key)}.json`);
  expect(put?.headers['if-none-match']).toBe('*');
  const body = /\{.*\}/s.exec(put?.body ?? '')?.[0] ?? '';
  server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body }));
  expect(await fetchReceipt(openStore(), cluster, key)).toEqual({ version: 1, cluster, key, atMs: 5 });
});

test('a second receipt of one key leaves the first, and is no error', async () => {
  server.answerWith(() => s3Error(412, 'PreconditionFailed'));
  await keepReceipt(openStore(), cluster, keys[0] ?? '', 9);
  expect(server.requests).toHaveLength(1);
});

test('where there is no receipt none is made of it, and what is damaged is none', async () => {
  server.answerWith(() => s3Error(404, 'NoSuchKey'));
  expect(await fetchReceipt(openStore(), cluster, 'a/about-to-act')).toBeUndefined();
  server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body: '{"version":1,"cluster":"orders"}' }));
  await expect(fetchReceipt(openStore(), cluster, 'a/about-to-act')).rejects.toThrow(/s3:GetObject.*bad answer/);
});
