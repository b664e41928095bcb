import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type ApprovalDocument,
  approvalAnswer,
  approvalDocument,
  approvalKey,
  approvalPrefix,
  encodeApproval,
} from '../../../../shared/durable/approval.ts';
import type { CallerProof } from '../../../../shared/events/caller-proof.ts';
import type { SecondAccount } from '../../../world/second-account.ts';
import { storedDocuments } from '../../stored-documents.ts';
import { scalingRuns } from '../disk-fill/world.ts';
import type { Person } from './people.ts';

type Account = Pick<SecondAccount, 'standIn' | 'clusterKey'>;

/** What people were asked so far, as it lies in the bucket now, oldest first. */
export const requestsIn = (account: Account): readonly ApprovalDocument[] =>
  [...storedDocuments(account, approvalPrefix(account.clusterKey)).values()]
    .map((document) => approvalDocument.parse(document))
    .toSorted((left, right) => left.requestedAtMs - right.requestedAtMs);

/** Proofs that runs got with their answers so far: they stand in the runs' histories, and nowhere else. */
export const proofsIn = ({ standIn }: Account): readonly CallerProof[] =>
  scalingRuns({ standIn }).flatMap(({ operations }) =>
    operations.all().flatMap(({ CallbackDetails: details }) => {
      const answer = approvalAnswer.safeParse(details?.Result === undefined ? undefined : JSON.parse(details.Result));
      return answer.success ? [answer.data.proof] : [];
    }),
  );

/** The stack's bucket, as its functions know it. */
export function bucketOf({ standIn }: Account): string {
  const [name] = [...standIn.lambda.functions.values()].flatMap(({ latest }) => latest.variables.MSKEEPER_BUCKET ?? []);
  if (name === undefined) throw new Error('no function of the stack names its bucket');
  return name;
}

/**
 * Writes a request anew with somebody's credentials, under the condition that the bucket asks for.
 *
 * @throws what S3 answers, `AccessDenied` for whom the bucket's policy keeps out
 */
export async function rewriteRequest(
  account: Account,
  { credentials }: Person,
  changed: ApprovalDocument,
): Promise<void> {
  const { url: endpoint, world } = account.standIn;
  const s3 = new S3Client({ endpoint, region: world.region, credentials, forcePathStyle: true });
  const where = { Bucket: bucketOf(account), Key: approvalKey(account.clusterKey, changed.id) };
  const { ETag: IfMatch } = await s3.send(new GetObjectCommand(where));
  await s3.send(new PutObjectCommand({ ...where, IfMatch, Body: JSON.stringify(encodeApproval(changed)) }));
}
