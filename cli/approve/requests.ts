import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { readJson, type Store } from '../../shared/aws/store.ts';
import { ConfigError, DependencyError } from '../../shared/core/errors.ts';
import { dayMs } from '../../shared/core/units.ts';
import { type ApprovalDocument, approvalDocument, approvalKey, approvalPrefix } from '../../shared/durable/approval.ts';
import { digestOfRequest } from '../../shared/durable/approval-digest.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';
import { isKeyless, keylessEntry, keysOf } from '../listed-keys.ts';

export type Where = {
  readonly client: S3Client;
  readonly calls: CallScope;
  readonly bucket: string;
  readonly cluster: string;
};

/** What waits for a person, and keys under which no request can be read. */
type Waiting = {
  readonly requests: readonly ApprovalDocument[];
  readonly damaged: readonly { readonly key: string; readonly message: string }[];
};

const storeOf = ({ client, calls, bucket, cluster }: Where): Store => ({
  client,
  calls,
  bucket,
  prefixes: [approvalPrefix(cluster)],
});

const listKeys = ({ client, calls, bucket }: Where, Prefix: string): Promise<readonly string[]> => {
  const call = 's3:ListObjectsV2';
  return fetchAllPages(call, async (ContinuationToken) => {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken });
    const { Contents, NextContinuationToken } = await callAws(calls, call, (options) => client.send(command, options));
    return { items: keysOf(Contents), nextToken: NextContinuationToken };
  });
};

/** A run asks for no longer than it lasts itself. */
const longestAskMs = 7 * dayMs;

/** @throws DependencyError `bad-answer` for one that is not what its run asked, or not what its key says */
const fetchDocument = async (where: Where, key: string): Promise<ApprovalDocument | undefined> => {
  const request = (await readJson(storeOf(where), key, approvalDocument))?.value;
  if (request === undefined) return undefined;
  const refuse = (why: string) => new DependencyError('s3:GetObject', 'bad-answer', `bad answer: ${key} ${why}`);
  if (request.cluster !== where.cluster || key !== approvalKey(where.cluster, request.id)) {
    throw refuse('is a request of another name: nobody of mskeeper put it there');
  }
  if (request.digest !== digestOfRequest(request)) throw refuse('was changed after it was asked: look who did');
  const askedMs = request.expiresAtMs - request.requestedAtMs;
  // Else it would be over before anybody saw it, or stand there for ever.
  if (askedMs <= 0 || askedMs > longestAskMs) throw refuse('ends at a time for which no run asks: look who wrote it');
  return request;
};

/**
 * One request by its id; undefined where there is none. It is looked for in the list, since S3 answers 403 for an absent
 * object to a role that may list a prefix alone.
 *
 * @throws DependencyError `bad-answer` for a damaged one
 */
export const fetchRequest = async (where: Where, id: string): Promise<ApprovalDocument | undefined> => {
  const key = approvalKey(where.cluster, id);
  return (await listKeys(where, key)).includes(key) ? fetchDocument(where, key) : undefined;
};

/**
 * The requests whose time is not over, the one that ends first first. An answered one is among them: who answers may read
 * requests and not change them.
 *
 * @throws DependencyError naming `s3:ListObjectsV2` or `s3:GetObject`
 */
export const fetchRequests = async (where: Where, nowMs: number): Promise<Waiting> => {
  const requests: ApprovalDocument[] = [];
  const damaged: { key: string; message: string }[] = [];
  for (const key of await listKeys(where, approvalPrefix(where.cluster))) {
    if (isKeyless(key)) {
      damaged.push(keylessEntry);
      continue;
    }
    try {
      const request = await fetchDocument(where, key);
      if (request !== undefined && request.expiresAtMs > nowMs) requests.push(request);
    } catch (error) {
      // A key that no request of ours can have is nobody's request; one that may not be read hides no other.
      const isDamaged =
        error instanceof ConfigError ||
        (error instanceof DependencyError && (error.failure === 'bad-answer' || error.failure === 'denied'));
      if (!isDamaged) throw error;
      damaged.push({ key, message: error.message });
    }
  }
  return { requests: requests.toSorted((left, right) => left.expiresAtMs - right.expiresAtMs), damaged };
};
