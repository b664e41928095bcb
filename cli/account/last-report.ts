import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { reportDocument } from '../../shared/aws/report-document.ts';
import { readJson } from '../../shared/aws/store.ts';
import { reportPrefix } from '../../shared/core/store-keys.ts';
import { dayMs } from '../../shared/core/units.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026/03/01`, as reports' keys have it, in UTC. */
const dayAt = (atMs: number): string => {
  const at = new Date(atMs);
  return [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())].join('/');
};

/**
 * The newest report of a procedure, of today or yesterday; undefined where there is none.
 *
 * @throws DependencyError naming `s3:ListObjectsV2` or `s3:GetObject`
 */
export const fetchLastReport = async (
  client: S3Client,
  calls: CallScope,
  bucket: string,
  where: { readonly procedure: string; readonly clusterKey: string; readonly nowMs: number },
): Promise<{ readonly key: string; readonly sources: Readonly<Record<string, string>> } | undefined> => {
  const call = 's3:ListObjectsV2';
  const prefix = `${reportPrefix(where.procedure)}${where.clusterKey}/`;
  for (const atMs of [where.nowMs, where.nowMs - dayMs]) {
    const keys = await fetchAllPages(call, async (token) => {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: `${prefix}${dayAt(atMs)}/`,
        ContinuationToken: token,
      });
      const answer = await callAws(calls, call, (options) => client.send(command, options));
      return {
        items: entriesOf(answer.Contents).flatMap(({ Key }) => Key || []),
        nextToken: answer.NextContinuationToken,
      };
    });
    // The time is in the name, so the last in order is the newest.
    const key = keys.toSorted().at(-1);
    if (key === undefined) continue;
    const stored = await readJson({ client, calls, bucket, prefixes: [prefix] }, key, reportDocument);
    if (stored !== undefined) return { key, sources: stored.value.sources };
  }
  return undefined;
};
