import { LambdaClient } from '@aws-sdk/client-lambda';
import { asAdmin } from '../world/cloud.ts';
import type { SecondAccount } from '../world/second-account.ts';
import { invoke } from './invoke.ts';

/** One finding of a full check, also where it is `ok`. */
export type ToldFinding = {
  readonly check: string;
  readonly subject: string;
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
};

export type ToldReport = { readonly worst: string; readonly findings: readonly ToldFinding[] };

type Account = Pick<SecondAccount, 'standIn' | 'clusterKey'>;

/** @throws Error with the function's own words where the check failed */
export async function checkByHand({ standIn, clusterKey }: Account): Promise<ToldReport> {
  const event = { source: 'mskeeper.manual', procedure: 'cluster-health', scope: 'full', requestedBy: 'drill' };
  const functionName = `mskeeper-${clusterKey}-cluster-health`;
  const { answer, failure } = await invoke(new LambdaClient(asAdmin(standIn)), functionName, JSON.stringify(event));
  if (failure !== undefined) throw new Error(`the full check failed: ${answer}`);
  // The packaged function's own report, read as it came.
  return JSON.parse(answer) as ToldReport;
}

/** `check subject: severity reason`, for what a sentence shows. */
export const inWords = ({ check, subject, severity, reason }: ToldFinding): string =>
  `${check} ${subject}: ${severity} ${reason}`;
