import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../aws/call.ts';
import { createClient } from '../aws/client.ts';
import { ask, type Unanswered } from '../core/known.ts';
import type { CallScope } from '../run/call-scope.ts';
import type { KillSwitch } from './core/questions.ts';

/** A client for the parameters of the function's own Region, with our time limits (shared/aws/client.ts). */
export const createParameterClient = (): SSMClient => createClient(SSMClient);

/**
 * What the parameter says now (I11). It is read each time: a remembered `off` is no `off`.
 *
 * @returns `unknown`, with a sentence on what to do, for a parameter that is missing, denied, unreachable or says anything
 *   but `on` or `off`
 */
export async function fetchKillSwitch(client: SSMClient, calls: CallScope, parameter: string): Promise<KillSwitch> {
  const answer = await ask(() =>
    callAws(calls, 'ssm:GetParameter', (options) => client.send(new GetParameterCommand({ Name: parameter }), options)),
  );
  if (answer.isKnown) return readKillSwitch(parameter, answer.value.Parameter?.Value);
  return { value: 'unknown', message: unreadable(parameter, answer) };
}

// The value is not quoted: somebody may have put a secret there.
const readKillSwitch = (parameter: string, value: string | undefined): KillSwitch =>
  value === 'on' || value === 'off'
    ? { value }
    : {
        value: 'unknown',
        message: `The kill switch ${parameter} says neither on nor off, so nothing acts: set it to one of them.`,
      };

const unreadable = (parameter: string, { failure, why }: Unanswered): string =>
  failure === 'not-found'
    ? `The kill switch ${parameter} does not exist, so nothing acts: make the parameter, with the value off or on.`
    : `The kill switch ${parameter} cannot be read (${why}), so nothing acts: mend that, or act by hand.`;
