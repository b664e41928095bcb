import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { asAdmin } from '../world/cloud.ts';
import type { SecondAccount } from '../world/second-account.ts';

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
  const answer = await new LambdaClient(asAdmin(standIn)).send(
    new InvokeCommand({ FunctionName: `mskeeper-${clusterKey}-cluster-health`, Payload: JSON.stringify(event) }),
  );
  const text = new TextDecoder().decode(answer.Payload);
  if (answer.FunctionError !== undefined) throw new Error(`the full check failed: ${text}`);
  // The packaged function's own report, read as it came.
  return JSON.parse(text) as ToldReport;
}

/** `check subject: severity reason`, for what a sentence shows. */
export const inWords = ({ check, subject, severity, reason }: ToldFinding): string =>
  `${check} ${subject}: ${severity} ${reason}`;
