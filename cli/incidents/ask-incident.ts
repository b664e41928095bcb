import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { UsageError } from '../../infra/command-line.ts';
import { isRefusal } from '../../shared/acting/failure.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { type CommandWords, commandsAlias } from '../../shared/core/incident-command.ts';
import { digestOfCommand } from '../../shared/events/incident-command.ts';
import { takeApproverRole } from '../account/approver-role.ts';
import { signProof } from '../account/proof.ts';
import { adviseSessionName } from '../account/session-name.ts';
import { invokeOnce } from '../invoke.ts';
import type { Target } from '../target.ts';
import { commandAnswer } from './answer.ts';

/** `unseen`: it was sent, and whether it was done nobody saw. */
export type Answered = z.infer<typeof commandAnswer> | { readonly outcome: 'unseen'; readonly why: string };

const slug = 'incident';
const from = { source: 'mskeeper.manual', procedure: slug } as const;
const answer = { schema: commandAnswer, what: 'what became of the command' };

/**
 * What is open. Whoever may invoke the function may ask; who may not, and may approve, asks as approver.
 *
 * @throws DependencyError naming the call
 */
export const listIncidents = async (target: Target): Promise<z.infer<typeof commandAnswer>> => {
  const event = { ...from, command: 'list' };
  try {
    return await invokeOnce(target, slug, event, answer, commandsAlias);
  } catch (error) {
    const mayHelp = target.context.configuration.approverPrincipals.length > 0;
    if (!(error instanceof DependencyError) || error.failure !== 'denied' || !mayHelp) throw error;
    const approver = await takeApproverRole(target);
    return invokeOnce(approver.target, slug, event, answer, commandsAlias);
  }
};

/**
 * Gives a command under one's own name: the approvers' role carries it, and the signature is by one's own credentials.
 *
 * @throws UsageError where nobody may give one, or a tool named the session; DependencyError where it certainly was not taken
 */
export const commandIncident = async (target: Target, words: CommandWords): Promise<Answered> => {
  const { configuration, cluster } = target.context;
  if (configuration.approverPrincipals.length === 0) {
    const advice = 'write there the ARNs of the users and roles who may, package and deploy';
    throw new UsageError(`nobody may command incident, since mskeeper.yml names no approverPrincipals: ${advice}`);
  }
  const approver = await takeApproverRole(target);
  const nameless = adviseSessionName(approver.arn);
  if (nameless !== undefined) throw new UsageError(nameless);
  const commandId = randomUUID();
  const digest = digestOfCommand(words, { clusterArn: cluster.arn, commandId });
  const proof = await signProof(approver.sts, cluster.region, digest);
  try {
    const event = { ...from, ...words, signed: { commandId, proof } };
    return await invokeOnce(approver.target, slug, event, answer, commandsAlias);
  } catch (error) {
    if (!(error instanceof DependencyError) || isRefusal(error)) throw error;
    return { outcome: 'unseen', why: error.message };
  }
};
