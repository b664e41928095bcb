import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { UsageError } from '../../infra/command-line.ts';
import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { foldSpace, indented } from '../../infra/terminal/table.ts';
import { isRefusal } from '../../shared/acting/failure.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { type ApprovalAnswer, type ApprovalDocument, approvalAnswer } from '../../shared/durable/approval.ts';
import { evaluateApproval } from '../../shared/durable/approval-judgement.ts';
import { fetchIdentity } from '../account/identity.ts';
import { fetchBucketName } from '../bucket.ts';
import { type Command, type Output, parseCommandArgs } from '../command.ts';
import { renderDamaged } from '../damaged.ts';
import { openTarget, type Target } from '../target.ts';
import { renderRequest, shownRequest, shownStanding } from './render.ts';
import { fetchRequest, fetchRequests, type Where } from './requests.ts';
import { fetchIsWaiting } from './standing.ts';

const help = shown`Answers what mskeeper asks a person before it acts. Take the role mskeeper-<cluster>-approver-<region> first.

  npm run mskeeper -- approve [<cluster>]        lists what waits, each with its plan
  npm run mskeeper -- approve <cluster> <id>     shows it and approves

  --refuse          refuses instead
  --comment <text>  why; kept with the decision
  --bucket <name>   instead of the bucket that the deployed functions write to
  --file <path>     another mskeeper.yml
  --json            {"cluster", "requests": [{…, "state": waiting or unknown, "why"?}], "damaged"}, or
                    {"cluster", "request", "answer", "isAccepted", "why"?}
  --help

Who answers and when is kept in the audit. Where the policy says so, whoever set the run going may not approve it.
What was answered is not listed. Where Lambda does not say whether it was, the request is listed with the question.
Exit status: 0 listed or answered, 1 the answer was not taken or a request is damaged, 2 it could not be done.
`;

const options = {
  refuse: { type: 'boolean', default: false },
  comment: { type: 'string' },
  bucket: { type: 'string' },
} as const;

type Answered = { readonly isAccepted: true } | { readonly isAccepted: false; readonly why: string };

/** `approve`: exit status 1 where an answer was not taken. */
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
  const target = openTarget(values.file, clusterKey);
  const cluster = target.context.clusterKey;
  const bucket = await fetchBucketName(target, values.bucket);
  const where: Where = { client: target.clientOf(S3Client), calls: target.calls, bucket, cluster };
  if (id === undefined) return list(target, where, values.json, out);
  const request = await fetchRequest(where, id);
  if (request === undefined) throw new UsageError(`nothing of ${cluster} waits under the id ${id}`);
  const answer = await planAnswer(target, values.refuse ? 'refused' : 'approved', values.comment);
  const answered = await send(target, request, answer);
  if (values.json) {
    const told = { cluster, request: shownRequest(request), answer, ...answered };
    out.write(joined([shownJson(told, 2), shown`\n`]));
  } else {
    const end = answered.isAccepted
      ? indented(shown`${answer.decision} by `, answer.by, out)
      : indented(shown`not answered: `, foldSpace(answered.why), out);
    const asked = renderRequest(request, answer.atMs, out.hasColors, undefined, out.columns);
    out.write(joined([joined([asked, end], '\n\n'), shown`\n`]));
  }
  return answered.isAccepted ? 0 : 1;
};

const list = async (
  { clientOf, calls, context }: Target,
  where: Where,
  isJson: boolean,
  out: Output,
): Promise<number> => {
  const nowMs = Date.now();
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

const planAnswer = async (
  { clientOf, calls }: Target,
  decision: ApprovalAnswer['decision'],
  comment: string | undefined,
): Promise<ApprovalAnswer> => {
  const { arn } = await fetchIdentity(clientOf(STSClient), calls);
  const parsed = approvalAnswer.safeParse({ decision, by: arn, atMs: Date.now(), ...(comment && { comment }) });
  if (parsed.success) return parsed.data;
  throw new UsageError('--comment is too long: 1000 characters at most');
};

/** Why an answer would be worth nothing, before it is spent: a callback takes one answer only. */
const findProblem = (request: ApprovalDocument, answer: ApprovalAnswer): string | undefined => {
  if (request.expiresAtMs <= answer.atMs) return `its time was over at ${new Date(request.expiresAtMs).toISOString()}`;
  const outcome = evaluateApproval(JSON.stringify(answer), { ...request, timeoutMs: 0 });
  const isInitiators = outcome.outcome === 'refused' && outcome.because === 'initiator';
  return isInitiators ? `${request.initiator} set it going and may not approve it: somebody else has to` : undefined;
};

const send = async (
  { clientOf, calls }: Target,
  request: ApprovalDocument,
  answer: ApprovalAnswer,
): Promise<Answered> => {
  const problem = findProblem(request, answer);
  if (problem !== undefined) return { isAccepted: false, why: problem };
  const { callbackId } = request;
  // A retry would be refused because of the first request, and look as if nothing had been answered.
  const client = clientOf(LambdaClient, { maxAttempts: 1 });
  const command = new SendDurableExecutionCallbackSuccessCommand({
    CallbackId: callbackId,
    Result: Buffer.from(JSON.stringify(answer)),
  });
  try {
    await callAws(calls, 'lambda:SendDurableExecutionCallbackSuccess', (given) => client.send(command, given));
    return { isAccepted: true };
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    // What AWS says may quote the id, which nobody else may read.
    const said = error.message.replaceAll(callbackId, '…').replaceAll(encodeURIComponent(callbackId), '…');
    return {
      isAccepted: false,
      why: isRefusal(error) ? said : `it may have arrived all the same (${said}): ask again`,
    };
  }
};
