/** One run that a deploy leaves as it is. */
export type RunningRun = { readonly executionName: string; readonly executionArn: string };

/**
 * What a person has to know after a deploy: runs under way keep mode, maximum, approvals and kill switch parameter that they
 * began with, for days.
 *
 * @param runs or why nobody can tell whether there are any
 */
export const describeRunning = (functionName: string, runs: readonly RunningRun[] | string): readonly string[] => {
  if (typeof runs === 'string')
    return [
      `Whether runs of ${functionName} are under way with the configuration of before is unknown: ${runs}`,
      `  aws lambda list-durable-executions-by-function --function-name ${functionName} --statuses RUNNING`,
    ];
  if (runs.length === 0) return [];
  return [
    `Under way, with the configuration that they began with (a wake-up by hand puts a run with the new one in their place):`,
    ...runs.flatMap(({ executionName, executionArn }) => [
      `  ${executionName}, to end it at once:`,
      `    aws lambda stop-durable-execution --durable-execution-arn '${executionArn}'`,
    ]),
  ];
};
