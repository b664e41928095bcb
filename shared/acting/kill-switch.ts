import { GetParameterCommand, GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { fetchAllPages, ifReadable, parseAnswer, present, timeMs } from '../aws/answer.ts';
import { callAws } from '../aws/call.ts';
import { createClient } from '../aws/client.ts';
import { ask, ifThere, type Unanswered } from '../core/known.ts';
import type { CallScope } from '../run/call-scope.ts';
import type { KillSwitch } from './core/questions.ts';
import type { SwitchVersion } from './core/switch-change.ts';

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

const historyCall = 'ssm:GetParameterHistory';
/** An entry without its version is none that can be put in an order. */
const historyPage = z.object({
  Parameters: z
    .array(
      z.object({
        Version: z.number(),
        Value: ifReadable(z.string()),
        LastModifiedDate: ifReadable(timeMs),
        LastModifiedUser: ifReadable(z.string()),
      }),
    )
    .default([]),
});

/**
 * Every version of the parameter that is kept, newest first, with who wrote it (Systems Manager API Reference,
 * GetParameterHistory); none where it does not exist.
 *
 * @throws DependencyError naming `ssm:GetParameterHistory`
 */
export async function fetchSwitchVersions(
  client: SSMClient,
  calls: CallScope,
  parameter: string,
): Promise<readonly SwitchVersion[]> {
  const versions = await ifThere(() =>
    fetchAllPages(historyCall, async (NextToken) => {
      const command = new GetParameterHistoryCommand({ Name: parameter, MaxResults: 50, NextToken });
      const page = await callAws(calls, historyCall, (options) => client.send(command, options));
      return { items: parseAnswer(historyCall, historyPage, page).Parameters, nextToken: page.NextToken };
    }),
  );
  return (versions ?? [])
    .map(
      ({ Version, Value, LastModifiedDate, LastModifiedUser }): SwitchVersion => ({
        version: Version,
        says: Value === 'on' || Value === 'off' ? Value : 'neither on nor off',
        ...present({ changedAtMs: LastModifiedDate, changedBy: LastModifiedUser }),
      }),
    )
    .toSorted((left, right) => right.version - left.version);
}
