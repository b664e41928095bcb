import type { ApprovalDocument } from '../../../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../../../shared/durable/approval-digest.ts';
import { storedDocuments } from '../../stored-documents.ts';
import { scalingRuns, wordsSince } from '../disk-fill/world.ts';
import { sendAnswer, yesTo } from './answers.ts';
import { acceptedIn, type Cast, firstVolumeGiB, tell } from './cast.ts';
import { keptDecisionOf, sizeAskedFor } from './judgement.ts';
import { proofsIn } from './requests.ts';

const operationSeconds = 60;
const endSeconds = 60;
const comment = 'as agreed in the morning';

/** What Lambda says of a callback that has its answer. */
const isClosed = ({ name }: Error): boolean => name === 'CallbackTimeoutException';

/** The one answer that counts: it acts, once, and with what was approved. */
export async function expectApproved(cast: Cast, request: ApprovalDocument): Promise<void> {
  const { stage, account, people, command } = cast;
  const { expectations } = stage;
  const { standIn, cluster, clusterKey } = account;
  const sinceMs = stage.world.clock.nowMs();
  const toGiB = sizeAskedFor(request);
  tell(cast, 'bob says yes', 'good');
  const said = await expectations.expect(
    'a yes of an approver who is somebody else is taken',
    0,
    async () => {
      const ended = await command(people.approver, 'approve', clusterKey, request.id, '--comment', comment);
      return ended.status === 0 && ended.said.includes(`approved by ${people.approver.arn}`) ? toGiB : undefined;
    },
    (size) => `${people.approver.arn}: ${size} GiB`,
  );
  if (said === undefined) return;
  await expectations.expect(
    'MSK enlarges the volumes to exactly the size that was approved',
    operationSeconds,
    () => {
      const { volumeGiB, state } = standIn.msk.cluster(cluster.arn);
      return volumeGiB === toGiB && state === 'ACTIVE' ? volumeGiB : undefined;
    },
    (volumeGiB) => `from ${firstVolumeGiB} to ${volumeGiB} GiB a broker`,
  );
  await expectations.expect(
    'people hear that MSK accepted it',
    operationSeconds,
    () => wordsSince(account, sinceMs).find((words) => /MSK (?:had )?accepted/.test(words)),
    (words) => words.split('\n')[0] ?? '',
  );
  await expectations.expect(
    'the run ends well',
    endSeconds,
    () => scalingRuns(account).find(({ name, status }) => name === request.executionName && status === 'SUCCEEDED'),
    ({ name, usage }) => `${name}, ${usage.operationCount} operations`,
  );
  await expectations.expect(
    'another answer to the same request is taken by nobody',
    0,
    async () => {
      const proof = proofsIn(account).at(-1);
      if (proof === undefined) return undefined;
      return sendAnswer(standIn, people.stranger, request, yesTo(request, proof)).then(
        () => undefined,
        (error: unknown) => (error instanceof Error && isClosed(error) ? error.name : undefined),
      );
    },
    (name) => name,
  );
  await expectations.expect(
    'in all, MSK took one call, and ran one operation',
    0,
    () => {
      const [only, ...others] = acceptedIn(account);
      const isOne = others.length === 0 && standIn.msk.operations(cluster.arn).length === 1;
      return isOne ? only : undefined;
    },
    ({ operation, roleName, requestId }) => `${operation} by ${roleName}, request ${requestId}`,
  );
}

/** The audit says who said no and who said yes, proven, over which words, and with which comment. */
export async function expectAudited({ stage, account, people }: Cast, request: ApprovalDocument): Promise<void> {
  const kept = [...storedDocuments(account, `audit/${account.clusterKey}/storage-scaling/`).values()].flatMap(
    (document) => keptDecisionOf(document) ?? [],
  );
  const by = people.approver.arn;
  const refusal = kept.find(({ isRefused }) => isRefused);
  const approval = kept.find(({ isRefused }) => !isRefused);
  await stage.expectations.expect(
    'the audit keeps the no: who, proven, why, and that nothing was done',
    0,
    () => {
      const isWhole = refusal?.by === by && refusal.isProven && refusal.comment === 'not before the release';
      return isWhole && refusal.end === 'stopped' ? refusal : undefined;
    },
    (each) => `${each.end}: ${each.by}, "${each.comment}"`,
  );
  await stage.expectations.expect(
    'the audit keeps the yes: who, proven, over which digest, with which comment and size',
    0,
    () => {
      const digest = digestOfAnswer(request, { decision: 'approved', comment });
      const isWhole = approval?.by === by && approval.isProven && approval.comment === comment;
      const isOurs = approval?.digest === digest && approval.toGiB === sizeAskedFor(request);
      return isWhole && isOurs && approval.end === 'acted' ? approval : undefined;
    },
    (each) => `${each.end} to ${each.toGiB} GiB: ${each.by}, "${each.comment}", ${each.digest}`,
  );
  stage.expectations.expectNothing('and no other decision of anybody', () =>
    kept.filter((each) => each !== refusal && each !== approval).map((each) => `${each.by}: ${each.end}`),
  );
}
