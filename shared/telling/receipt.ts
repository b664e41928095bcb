import * as z from 'zod';
import { readJson, type Store, writeOnce } from '../aws/store.ts';
import type { Receipt } from '../core/receipt.ts';
import { receiptKey } from '../core/store-keys.ts';
import { digestOf } from '../text/digest.ts';
import { atMs } from '../text/plain-schemas.ts';
import { verbatim } from '../text/redaction.ts';

/** `receipts/<cluster>/<digest of the key>.json`. */
export const receiptDocument = z.strictObject({
  version: z.literal(1),
  cluster: z.string().min(1),
  key: z.string().min(1),
  atMs,
}) satisfies z.ZodType<Receipt>;

const keyOf = (cluster: string, key: string): string => receiptKey(cluster, digestOf(key));

/**
 * Keeps that people were told of what somebody is about to do. Once: the first receipt of a key stays.
 *
 * @param key of the notice that was told
 * @throws DependencyError naming `s3:PutObject`
 */
export const keepReceipt = (store: Store, cluster: string, key: string, toldAtMs: number): Promise<void> => {
  const receipt: Receipt = { version: 1, cluster, key, atMs: toldAtMs };
  // Identifiers alone: one that looks like a secret must be found again by the letter.
  return writeOnce(store, keyOf(cluster, key), verbatim(receipt), receiptDocument);
};

/** The receipt of a key; undefined where there is none (yet). @throws DependencyError naming `s3:GetObject` */
export const fetchReceipt = async (store: Store, cluster: string, key: string): Promise<Receipt | undefined> =>
  (await readJson(store, keyOf(cluster, key), receiptDocument))?.value;
