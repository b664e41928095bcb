import type { Stop } from './questions.ts';
import type { ActRecord, Described, Try } from './record.ts';

/** The record with one more try; the plan of the last one is the plan of the record. */
export const planIntent = (
  record: ActRecord | undefined,
  cluster: string,
  described: Described,
  next: Try,
): ActRecord => ({
  version: 1,
  cluster,
  mode: 'act',
  ...described,
  tries: [...(record?.tries ?? []), next],
});

/** The record of mode `plan`: what would have been done, kept the same way. */
export const planWouldAct = (
  record: ActRecord | undefined,
  cluster: string,
  described: Described,
  end: { readonly id: string; readonly atMs: number; readonly execution: string },
): ActRecord => ({
  version: 1,
  cluster,
  mode: 'plan',
  ...described,
  tries: record?.tries ?? [],
  end: { ...end, decision: 'would-act' },
});

/** The record with one try marked as one that never called. */
export const planWithdrawal = (
  record: ActRecord,
  tryId: string,
  { reason, message }: Stop,
  atMs: number,
): ActRecord => ({
  ...record,
  tries: record.tries.map((one) => (one.id === tryId ? { ...one, withdrawn: { atMs, reason, message } } : one)),
});
