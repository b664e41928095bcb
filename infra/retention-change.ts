import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { parseAuditRetention } from '../shared/acting/core/audit-retention.ts';
import { callAws } from '../shared/aws/call.ts';
import { ConfigError, DependencyError } from '../shared/core/errors.ts';
import { type Answered, ask, ifThere } from '../shared/core/known.ts';
import { fetchRunningRuns } from '../shared/durable/start.ts';
import type { CallScope } from '../shared/run/call-scope.ts';
import type { RunningRun } from './running-runs.ts';

/** A durable function of the package, and the lock that its runs will put on each version of a record (`GOVERNANCE 365`). */
export type PackagedRuns = { readonly functionName: string; readonly retention: string | undefined };

/** A run under way, and the lock that the version it began on puts; undefined where that puts none. */
type RunWithLock = RunningRun & { readonly retention: Answered<string | undefined> };

/**
 * Whether what a run locks by `before` is let through by the bucket's policy that is made for `after`: the same mode, no
 * longer, and a lock at all where the policy wants one and none where it does not (infra/stack/bucket-policy.ts). Both as a
 * function's environment holds them; what says neither is no lock that anybody knows.
 */
export const outlivesChange = (before: string | undefined, after: string | undefined): boolean => {
  if (before === after) return true;
  const [own, allowed] = [before, after].map((text) => (text === undefined ? undefined : parseAuditRetention(text)));
  return own !== undefined && allowed !== undefined && own.mode === allowed.mode && own.days <= allowed.days;
};

const variable = 'MSKEEPER_AUDIT_RETENTION';

/** @throws DependencyError where Lambda cannot say it: it answers with an error in the environment's place where a key is denied */
const fetchRetention = async (
  client: LambdaClient,
  calls: CallScope,
  functionName: string,
  version?: string,
): Promise<string | undefined> => {
  const call = 'lambda:GetFunctionConfiguration';
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version });
  const { Environment: environment } = await callAws(calls, call, (options) => client.send(command, options));
  if (environment?.Variables === undefined)
    throw new DependencyError(call, 'bad-answer', `bad answer: no environment of ${functionName} can be read`);
  return environment.Variables[variable];
};

/** `arn:…:function:<name>:<version>/durable-execution/<execution>/<id>` (Lambda API Reference, GetDurableExecution). */
const versionOf = (executionArn: string): string | undefined =>
  /:function:[^:/]+:([^:/]+)\/durable-execution\//.exec(executionArn)?.[1];

const describeLock = (retention: string | undefined): string =>
  retention === undefined ? 'no lock' : `${retention} days`;

const describeStopped = ({ executionName, executionArn, retention }: RunWithLock): string =>
  [
    `  ${executionName}, which writes with ${retention.isKnown ? describeLock(retention.value) : `nobody knows what lock (${retention.why})`}:`,
    `    aws lambda stop-durable-execution --durable-execution-arn '${executionArn}'`,
  ].join('\n');

/**
 * Runs that could write no record any more when this package is deployed, or of which nobody knows: a run keeps the lock of
 * the version that it began on, for days.
 */
const fetchStopped = async (
  client: LambdaClient,
  calls: CallScope,
  { functionName, retention: after }: PackagedRuns,
): Promise<readonly RunWithLock[] | string> => {
  const running = await ask(() => fetchRunningRuns(client, calls, functionName));
  if (running.isKnown) {
    const runs: RunWithLock[] = [];
    for (const run of running.value) {
      const version = versionOf(run.executionArn);
      const retention = await ask(async () => {
        if (version !== undefined) return await fetchRetention(client, calls, functionName, version);
        throw new DependencyError('lambda:ListDurableExecutionsByFunction', 'bad-answer', 'no version in its ARN');
      });
      if (!retention.isKnown || !outlivesChange(retention.value, after)) runs.push({ ...run, retention });
    }
    return runs;
  }
  // Nobody may say what runs: where the lock does not change nothing is at stake.
  const deployed = await ask(() => ifThere(async () => [await fetchRetention(client, calls, functionName)] as const));
  if (deployed.isKnown && (deployed.value === undefined || outlivesChange(deployed.value[0], after))) return [];
  return `  ${functionName}: ${running.why}${deployed.isKnown ? '' : `; ${deployed.why}`}`;
};

/**
 * A record's lock is judged by the policy of the newest deploy, and given by the version that a run began on: a run that is
 * under way when the lock becomes shorter, of another mode, or is put on or taken away could write no record any more, also
 * not the end of a change that MSK has accepted. So such a deploy waits until the run is over, or is ended by a person.
 *
 * @throws ConfigError naming each such run, and the command that ends it; or that nobody can tell whether there is one
 */
export const refuseLockedOut = async (
  client: LambdaClient,
  openCalls: () => CallScope,
  packaged: readonly PackagedRuns[],
): Promise<void> => {
  for (const one of packaged) {
    const stopped = await fetchStopped(client, openCalls(), one);
    if (stopped.length === 0) continue;
    const wanted = `this package locks records of the audit with ${describeLock(one.retention)} (stack.auditRetention)`;
    throw new ConfigError(
      typeof stopped === 'string'
        ? `${wanted}, and whether a run of another lock is under way is unknown, so nothing was deployed:\n${stopped}`
        : `${wanted}, and these runs could write none any more, so nothing was deployed. Wait until they are over, or end each:\n` +
            stopped.map(describeStopped).join('\n'),
    );
  }
};
