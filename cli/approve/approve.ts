import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../../infra/command-line.ts';
import { joined, type Shown, shown, shownJson } from '../../infra/terminal/shown.ts';
import { foldSpace, indented } from '../../infra/terminal/table.ts';
import { isRefusal } from '../../shared/acting/failure.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { type ApprovalAnswer, type ApprovalDocument, longestComment } from '../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../shared/durable/approval-digest.ts';
import { findYesProblem } from '../../shared/durable/approval-judgement.ts';
import { redactText } from '../../shared/text/redaction.ts';
import { type Approver, takeApproverRole } from '../account/approver-role.ts';
import { nowMsOf, signProof } from '../account/proof.ts';
import { adviseSessionName } from '../account/session-name.ts';
import { fetchBucketName } from '../bucket.ts';
import { type Command, type Output, parseCommandArgs } from '../command.ts';
import { renderDamaged } from '../damaged.ts';
import { openTarget } from '../target.ts';
import { renderRequest, shownRequest, shownStanding } from './render.ts';
import { fetchRequest, fetchRequests, type Where } from './requests.ts';
import { fetchIsWaiting } from './standing.ts';
import { type Verdict, waitForVerdict } from './verdict.ts';

const help = shown`Answers what mskeeper asks a person before it acts. Run it with your own credentials, those of a user or role in
approverPrincipals: it takes the role mskeeper-<cluster>-approver-<region> by itself, and signs the answer with yours.

  npm run mskeeper -- approve [<cluster>]        lists what waits, each with its plan
  npm run mskeeper -- approve <cluster> <id>     shows it and approves

  --refuse          refuses instead
  --comment <text>  why; kept with the decision
  --bucket <name>   instead of the bucket that the deployed functions write to
  --file <path>     another mskeeper.yml
  --json            {"cluster", "requests": [{…, "state": waiting or unknown, "why"?}], "damaged"}, or
                    {"cluster", "request", "answer", "isAccepted", "verdict": counts, void or unseen, "why"?}
  --help

Who answers is what STS says, and is kept in the audit with the comment. An answer holds for what is shown here and for
nothing else. A yes needs a session that has a person's name, none of a tool's (aws-sdk-js-…, botocore-session-…): the profile's
role_session_name. Where the policy says so, whoever set the run going may not approve it.
The run judges an answer that was sent, and the command waits half a minute for its word: an answer to a request that somebody
rewrote in the bucket counts for nothing, and people are asked anew.
What was answered is not listed. Where Lambda does not say whether it was, the request is listed with the question.
Exit status: 0 listed, or answered and the answer counts; 1 the answer was not taken or counts for nothing, or a request is
damaged; 2 it could not be done; 3 sent, and what the run makes of it was not seen.
`;

const options = {
  refuse: { type: 'boolean', default: false },
  comment: { type: 'string' },
  bucket: { type: 'string' },
} as const;

/** `isAccepted`: Lambda took it, and the run judges it. */
type Answered = ({ readonly isAccepted: true } & Verdict) | { readonly isAccepted: false; readonly why: string };

/** `approve`: exit status 1 where an answer was not taken or counts for nothing, 3 where nobody could see whether it counts. */
export const approve: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, options, 2);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const [clusterKey, id] = positionals;
  if (id === undefined && (values.refuse || values.comment !== undefined)) {
    throw new UsageError('name what to answer: approve <cluster> <id>; without an id it lists what waits');
  }
  if (id !== undefined && !/^[a-z0-9-]+$/.test(id)) throw new UsageError(`${JSON.stringify(id)} is no request's id`);
  const approver = await takeApproverRole(openTarget(values.file, clusterKey));
  const { target } = approver;
  const cluster = target.context.clusterKey;
  const bucket = await fetchBucketName(target, values.bucket);
  const where: Where = { client: target.clientOf(S3Client), calls: target.calls, bucket, cluster };
  if (id === undefined) return list(approver, where, values.json, out);
  const request = await fetchRequest(where, id);
  if (request === undefined) throw new UsageError(`nothing of ${cluster} waits under the id ${id}`);
  const words = planWords(values.refuse ? 'refused' : 'approved', values.comment);
  const answered = await answer(approver, request, words);
  const { decision } = words;
  if (values.json) {
    const said = { by: approver.arn, ...words, digest: digestOfAnswer(request, words) };
    const told = { cluster, request: shownRequest(request), answer: said, ...answered };
    out.write(joined([shownJson(told, 2), shown`\n`]));
  } else {
    const end = renderEnd(decision, approver.arn, answered, out);
    const asked = renderRequest(request, nowMsOf(approver.sts), out.hasColors, undefined, out.columns);
    out.write(joined([joined([asked, end], '\n\n'), shown`\n`]));
  }
  return statusOf(answered);
};

const statusOf = (answered: Answered): number => {
  if (!answered.isAccepted) return 1;
  return { counts: 0, void: 1, unseen: 3 }[answered.verdict];
};

const renderEnd = (decision: Words['decision'], by: string, answered: Answered, out: Output): Shown => {
  if (!answered.isAccepted) return indented(shown`not answered: `, foldSpace(answered.why), out);
  switch (answered.verdict) {
    case 'counts':
      return indented(shown`${decision} by `, by, out);
    case 'void':
      return indented(shown`counts for nothing: `, foldSpace(`since ${answered.why}. People are asked anew.`), out);
    case 'unseen': {
      const words = `${decision} by ${by}; whether it counts was not seen: ${answered.why}. List what waits.`;
      return indented(shown`sent: `, foldSpace(words), out);
    }
    default:
      return answered satisfies never;
  }
};

const list = async ({ sts, target }: Approver, where: Where, isJson: boolean, out: Output): Promise<number> => {
  const nowMs = nowMsOf(sts);
  const { clientOf, calls, context } = target;
  const { requests, damaged } = await fetchRequests(where, nowMs);
  const status = damaged.length === 0 ? 0 : 1;
  const runs = { client: clientOf(LambdaClient), calls, context };
  const asked = await Promise.all(
    requests.map(async (request) => ({ request, isWaiting: await fetchIsWaiting(runs, request) })),
  );
  const open = asked.filter(({ isWaiting }) => !isWaiting.isKnown || isWaiting.value);
  if (isJson) {
    const told = {
      cluster: where.cluster,
      requests: open.map(({ request, isWaiting }) => shownStanding(request, isWaiting)),
      damaged,
    };
    out.write(joined([shownJson(told, 2), shown`\n`]));
    return status;
  }
  const waiting = open.map(({ request, isWaiting }) =>
    renderRequest(request, nowMs, out.hasColors, !isWaiting.isKnown ? isWaiting.why : undefined, out.columns),
  );
  const lost = damaged.map(({ key, message }) => renderDamaged(key, message, out));
  const nothing = shown`nothing of ${where.cluster} waits for a person`;
  const parts = [...(waiting.length === 0 ? [nothing] : waiting), ...lost];
  out.write(joined([joined(parts, '\n\n'), shown`\n`]));
  return status;
};

/** What a person says, without its secrets: it is signed as it is kept. */
type Words = Pick<ApprovalAnswer, 'decision' | 'comment'>;

const planWords = (decision: Words['decision'], comment: string | undefined): Words => {
  if (comment === undefined || comment === '') return { decision };
  const kept = redactText(comment);
  if (kept.length > longestComment) throw new UsageError(`--comment is too long: ${longestComment} characters at most`);
  return { decision, comment: kept };
};

/** Why an answer would be worth nothing, before it is spent: a callback takes one answer only. */
const findProblem = (request: ApprovalDocument, { decision }: Words, by: string, atMs: number): string | undefined => {
  const { expiresAtMs, initiator } = request;
  if (expiresAtMs <= atMs) return `its time was over at ${new Date(expiresAtMs).toISOString()}`;
  if (decision === 'refused') return undefined;
  switch (findYesProblem(request, by)) {
    case 'unnamed':
      return adviseSessionName(by);
    case 'initiator':
      return `${initiator} set it going and may not approve it: somebody else has to`;
    case 'approved-before':
      return `${by} approved it before: another person has to`;
    default:
      return undefined;
  }
};

const answer = async (approver: Approver, request: ApprovalDocument, words: Words): Promise<Answered> => {
  const problem = findProblem(request, words, approver.arn, nowMsOf(approver.sts));
  if (problem !== undefined) return { isAccepted: false, why: problem };
  const { target, sts } = approver;
  const digest = digestOfAnswer(request, words);
  const proof = await signProof(sts, target.context.cluster.region, digest);
  const sent = await send(approver, request.callbackId, { version: 2, ...words, digest, proof });
  if (!sent.isAccepted) return sent;
  const runs = { client: target.clientOf(LambdaClient), calls: target.calls, context: target.context };
  return { ...sent, ...(await waitForVerdict(runs, request)) };
};

type Sent = { readonly isAccepted: true } | { readonly isAccepted: false; readonly why: string };

const send = async ({ target }: Approver, callbackId: string, said: ApprovalAnswer): Promise<Sent> => {
  // A retry would be refused because of the first request, and look as if nothing had been answered.
  const client = target.clientOf(LambdaClient, { maxAttempts: 1 });
  const command = new SendDurableExecutionCallbackSuccessCommand({
    CallbackId: callbackId,
    Result: Buffer.from(JSON.stringify(said)),
  });
  try {
    await callAws(target.calls, 'lambda:SendDurableExecutionCallbackSuccess', (given) => client.send(command, given));
    return { isAccepted: true };
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    // What AWS says may quote the id, which nobody else may read.
    const quoted = error.message.replaceAll(callbackId, '…').replaceAll(encodeURIComponent(callbackId), '…');
    return {
      isAccepted: false,
      why: isRefusal(error) ? quoted : `it may have arrived all the same (${quoted}): ask again`,
    };
  }
};
