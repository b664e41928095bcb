import { randomUUID } from 'node:crypto';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { UsageError } from '../../infra/command-line.ts';
import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { digestOfWake } from '../../shared/durable/wake-digest.ts';
import { fetchIdentity } from '../account/identity.ts';
import { signProof } from '../account/proof.ts';
import { adviseSessionName } from '../account/session-name.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { invokeOnce } from '../invoke.ts';
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
  const target = openTarget(values.file, clusterKey);
  const { context, calls, clientOf } = target;
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
  const answer = { schema: told, what: 'what became of the wake' };
  const { outcome, executionName } = await invokeOnce(target, procedure, event, answer);
  out.write(
    values.json
      ? joined([shownJson({ cluster, procedure, by: arn, outcome, executionName }, 2), shown`\n`])
      : shown`${outcome} ${executionName}, woken by ${arn}\n`,
  );
  return 0;
};
