import type { ProvenCaller } from '../../../shared/aws/caller-proof.ts';
import type { CommandWords } from '../../../shared/core/incident-command.ts';
import { ask } from '../../../shared/core/known.ts';
import { isAdmitted, isNamedByTool, nameOfCaller } from '../../../shared/core/principal.ts';
import type { CallerProof } from '../../../shared/events/caller-proof.ts';
import { digestOfCommand, type IncidentRequest, type SignedCommand } from '../../../shared/events/incident-command.ts';
import type { CommandAudit, CommandRecord } from './command-audit.ts';
import type { Refused } from './core/command-answer.ts';
import type { Ports } from './ports.ts';

/** What it takes to judge a command. */
export type JudgePorts = Pick<Ports, 'run' | 'nowMs' | 'reportProblem'> & {
  readonly cluster: string;
  readonly clusterArn: string;
  /** ARNs of the users and roles whose commands count. */
  readonly approverPrincipals: readonly string[];
  /** Asks STS who signed over a digest. @throws DependencyError where STS said nothing */
  readonly proveCaller: (proof: CallerProof, digest: string) => Promise<ProvenCaller>;
  readonly audit: CommandAudit;
};

export type SignedRequest = Extract<IncidentRequest, { readonly signed: SignedCommand }>;

export type Begun = { readonly record: CommandRecord; readonly etag: string };

/**
 * Who commands, and whether that counts: he whom STS names and mskeeper.yml lets, under a name of his own, once. It is in the
 * audit by then; what a stranger asks for is, too, with its refusal. What nobody signed is in nobody's name, and is not.
 *
 * @returns how he is called in messages, and what was kept
 */
export async function judgeCommand(
  request: SignedRequest,
  ports: JudgePorts,
): Promise<{ readonly begun: Begun; readonly by: string } | Refused> {
  const { approverPrincipals, clusterArn } = ports;
  if (approverPrincipals.length === 0) return noApprovers;
  const { commandId, proof } = request.signed;
  const asked = await ask(() => ports.proveCaller(proof, digestOfCommand(wordsOf(request), { clusterArn, commandId })));
  if (!asked.isKnown) return { because: 'sts-away', why: `nobody knows who commands (${asked.why}): ask again` };
  const caller = asked.value;
  if (!caller.isProven) return { because: 'unproven', why: `nobody knows who commands: ${caller.why}` };
  const kept = await ask(() => keepBegin(request, caller.arn, ports));
  if (!kept.isKnown) return { because: 'not-kept', why: `the audit cannot be written (${kept.why}): ask again` };
  if (kept.value === undefined)
    return { because: 'replayed', why: `this command of ${caller.arn} counted before, and counts once` };
  const refused = findRefusal(caller.arn, approverPrincipals);
  if (refused === undefined) return { begun: kept.value, by: nameOfCaller(caller.arn) ?? caller.arn };
  await keepEnd(kept.value, 'refused', refused.why, ports);
  return refused;
}

const noApprovers: Refused = {
  because: 'no-approvers',
  why: 'nobody may command: write into approverPrincipals of mskeeper.yml the ARNs of the users and roles who may, package and deploy',
};

function findRefusal(arn: string, approverPrincipals: readonly string[]): Refused | undefined {
  if (!isAdmitted(arn, approverPrincipals)) {
    return { because: 'stranger', why: `${arn} is none of approverPrincipals in mskeeper.yml` };
  }
  if (!isNamedByTool(arn)) return undefined;
  const advice = 'ask again as one that has your name (role_session_name)';
  return {
    because: 'unnamed',
    why: `a tool named the session ${arn}, so nobody knows who commands: ${advice}`,
  };
}

/** What was asked for. */
export const wordsOf = ({ kind: _kind, signed: _signed, ...words }: SignedRequest): CommandWords => words;

async function keepBegin(request: SignedRequest, by: string, ports: JudgePorts): Promise<Begun | undefined> {
  const record: CommandRecord = {
    version: 1,
    cluster: ports.cluster,
    procedure: 'incident',
    commandId: request.signed.commandId,
    ...wordsOf(request),
    by,
    askedAtMs: ports.nowMs(),
    execution: ports.run.runId,
  };
  const begun = await ports.audit.begin(record);
  return begun && { record, etag: begun.etag };
}

/** What was done is done, whether or not its end could be kept: that it was asked for is. */
export async function keepEnd(
  { record, etag }: Begun,
  outcome: NonNullable<CommandRecord['end']>['outcome'],
  message: string,
  ports: JudgePorts,
): Promise<void> {
  const end = { atMs: ports.nowMs(), outcome, message };
  const kept = await ask(() => ports.audit.end({ ...record, end }, etag));
  if (!kept.isKnown) ports.reportProblem(`how a command ended could not be kept: ${kept.why}`);
}
