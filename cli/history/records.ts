import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { fetchActRecord } from '../../shared/acting/audit.ts';
import { auditDayPrefix, auditPrefix, isAuditKey, procedureAuditPrefix } from '../../shared/acting/core/keys.ts';
import { describeOddTime } from '../../shared/acting/core/odd-times.ts';
import type { ActRecord } from '../../shared/acting/core/record.ts';
import { fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import type { Store } from '../../shared/aws/store.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { dayMs } from '../../shared/core/units.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';
import { isKeyless, keylessEntry, keysOf } from '../listed-keys.ts';

/** What the audit holds of a time: records newest first, and keys under which none can be read, or believed. */
export type History = {
  readonly records: readonly ActRecord[];
  readonly damaged: readonly Damaged[];
  /** Whether older ones of the time were left out. */
  readonly hasMore: boolean;
};
type Damaged = { readonly key: string; readonly message: string };

type Where = {
  readonly client: S3Client;
  readonly calls: CallScope;
  readonly bucket: string;
  readonly cluster: string;
};

const readAtOnce = 8;

/**
 * Reads the newest records of a cluster: whole days, newest first, until there are enough. One whose times cannot be is damaged:
 * it would stand before all others, or be left out.
 *
 * @param options.nowMs by the clock of whoever asks
 * @throws DependencyError naming `s3:ListObjectsV2`, or `s3:GetObject` for anything but a damaged record
 */
export const fetchHistory = async (
  where: Where,
  options: {
    readonly procedures: readonly string[];
    readonly sinceMs: number;
    readonly nowMs: number;
    readonly mostRecords: number;
  },
): Promise<History> => {
  const { procedures, sinceMs, nowMs, mostRecords } = options;
  const keys = (await Promise.all(procedures.map((procedure) => listKeys(where, procedure, sinceMs)))).flat();
  const days = [...Map.groupBy(keys, dayOf)].toSorted(([left], [right]) => (left < right ? 1 : -1));
  const records: ActRecord[] = [];
  const damaged: Damaged[] = [];
  let daysRead = 0;
  for (const [, dayKeys] of days) {
    if (records.length >= mostRecords) break;
    daysRead += 1;
    for (let first = 0; first < dayKeys.length; first += readAtOnce) {
      const read = await Promise.all(
        dayKeys.slice(first, first + readAtOnce).map((key) => fetchOne(where, key, nowMs)),
      );
      for (const one of read) {
        if ('key' in one) damaged.push(one);
        else if (one.plannedAtMs >= sinceMs) records.push(one);
      }
    }
  }
  const newestFirst = records.toSorted((left, right) => right.plannedAtMs - left.plannedAtMs);
  const hasMore = daysRead < days.length || records.length > mostRecords;
  return { records: newestFirst.slice(0, mostRecords), damaged, hasMore };
};

const dayOf = (key: string): string => /\d{4}\/\d\d\/\d\d/.exec(key)?.[0] ?? '';

/** Keys sort by day, so a listing can begin at one; the claims come behind the days. */
const listKeys = async ({ client, calls, bucket, cluster }: Where, procedure: string, sinceMs: number) => {
  const call = 's3:ListObjectsV2';
  const Prefix = procedureAuditPrefix(cluster, procedure);
  const StartAfter = auditDayPrefix(cluster, procedure, sinceMs);
  const keys = await fetchAllPages(call, async (ContinuationToken) => {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix, StartAfter, ContinuationToken });
    const { Contents, NextContinuationToken } = await callAws(calls, call, (options) => client.send(command, options));
    const items = keysOf(Contents);
    const isWithinDays = items.every(isOfAudit);
    return { items, nextToken: isWithinDays ? NextContinuationToken : undefined };
  });
  return keys.filter(isOfAudit);
};

const isOfAudit = (key: string): boolean => isKeyless(key) || isAuditKey(key);

/** A person's clock may be wrong by hours: less than a day ahead is no oddity of the record's. */
const findOddity = (key: string, record: ActRecord, nowMs: number): string | undefined => {
  const dayAtMs = Date.parse(dayOf(key).replaceAll('/', '-'));
  const odd = describeOddTime(dayAtMs, record, nowMs + dayMs);
  if (odd !== undefined) return `it says that ${odd}: look who wrote it`;
  if (record.plannedAtMs >= dayAtMs) return undefined;
  return `it says that it was planned at ${new Date(record.plannedAtMs).toISOString()}, before the day that it lies under: look who wrote it`;
};

const fetchOne = async (
  { client, calls, bucket, cluster }: Where,
  key: string,
  nowMs: number,
): Promise<ActRecord | Damaged> => {
  if (isKeyless(key)) return keylessEntry;
  const store: Store = { client, calls, bucket, prefixes: [auditPrefix(cluster)] };
  try {
    const stored = await fetchActRecord(store, key);
    if (stored === undefined) return { key, message: 'it was listed, and is not there any more' };
    const message = findOddity(key, stored.value, nowMs);
    return message === undefined ? stored.value : { key, message };
  } catch (error) {
    if (error instanceof DependencyError && error.failure === 'bad-answer') return { key, message: error.message };
    throw error;
  }
};
