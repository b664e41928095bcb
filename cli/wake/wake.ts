import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { UsageError } from '../../infra/command-line.ts';
import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { functionNameOf } from '../../shared/deployment/names.ts';
import { digestOfWake } from '../../shared/durable/wake-digest.ts';
import { jsonIn } from '../../shared/text/json.ts';
import { fetchIdentity } from '../account/identity.ts';
import { signProof } from '../account/proof.ts';
import { adviseSessionName } from '../account/session-name.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';

const help = shown`Wakes a procedure that acts, under your own name. It needs lambda:InvokeFunction on the procedure's function.

  npm run mskeeper -- wake <cluster> <procedure>     storage-scaling looks now, or joins the run under way

  --file <path>     another mskeeper.yml
  --json            {"cluster", "procedure", "by", "outcome", "executionName"}
  --help

Who wakes it is what STS says of the signature: the session's name must be a person's, none of a tool's (the profile's
role_session_name). Where it starts a run, that stands in its episode, and where the policy says so, he may not approve what
comes of it. Where it joins one, that run's own initiator stays.
Exit status: 0 woken, 2 it could not be done.
`;

const told = z.object({ outcome: z.enum(['started', 'joined']), executionName: z.string().min(1).max(200) });

/** `wake`: what the function answers. */
export const wake: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, {}, 2);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const [clusterKey, procedure] = positionals;
  const { context, calls, clientOf } = openTarget(values.file, clusterKey);
  const wakeable = context.functions.filter(({ starts }) => starts !== undefined).map(({ slug }) => slug);
  if (procedure === undefined || !wakeable.includes(procedure)) {
    throw new UsageError(`name what to wake: wake <cluster> <procedure>; procedures are ${wakeable.join(', ')}`);
  }
  const cluster = context.clusterKey;
  const wakeId = randomUUID();
  const sts = clientOf(STSClient);
  const { arn } = await fetchIdentity(sts, calls);
  const nameless = adviseSessionName(arn);
  if (nameless !== undefined) throw new UsageError(nameless);
  const proof = await signProof(
    sts,
    context.cluster.region,
    digestOfWake({ clusterArn: context.cluster.arn, procedure, wakeId }),
  );
  const event = { source: 'mskeeper.manual', procedure, scope: 'light', signed: { wakeId, proof } };
  const call = `lambda:Invoke ${functionNameOf(context, procedure)}`;
  const command = new InvokeCommand({
    FunctionName: functionNameOf(context, procedure),
    Payload: Buffer.from(JSON.stringify(event)),
  });
  // A wake counts once: a retry of one whose answer was lost would be refused.
  const client = clientOf(LambdaClient, { maxAttempts: 1, requestMs: 60_000 });
  const { FunctionError: failed, Payload } = await callAws(calls, call, (options) => client.send(command, options));
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (failed !== undefined) throw new DependencyError(call, 'failed', `failed: ${errorOf(text)}`);
  const parsed = told.safeParse(jsonIn(text));
  if (!parsed.success) throw new DependencyError(call, 'bad-answer', 'bad answer: expected what became of the wake');
  const { outcome, executionName } = parsed.data;
  out.write(
    values.json
      ? joined([shownJson({ cluster, procedure, by: arn, outcome, executionName }, 2), shown`\n`])
      : shown`${outcome} ${executionName}, woken by ${arn}\n`,
  );
  return 0;
};

/** The function's own words for what was wrong. */
const errorOf = (text: string): string => {
  const parsed = z.object({ errorMessage: z.string() }).safeParse(jsonIn(text));
  return parsed.success ? parsed.data.errorMessage : 'the function gave no reason';
};
